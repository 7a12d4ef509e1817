/** ACCESS_DENIED in an answer that was otherwise good: a field, an object or an act is kept from this app. */
import { AppError } from '../app-error.ts';

/** @returns what Shopify said of it; undefined when the error is another one */
export function deniedText(error: unknown): string | undefined {
  if (!(error instanceof AppError) || error.code !== 'shopify_access') return undefined;
  const codes = error.context['codes'];
  if (!Array.isArray(codes) || !codes.includes('ACCESS_DENIED')) return undefined;
  return String(error.context['said'] ?? '');
}
