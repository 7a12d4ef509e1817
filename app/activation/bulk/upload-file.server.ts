/** Puts a file where Shopify said: a multipart form with Shopify's parameters first and the file last. */
import { AppError } from '../../app-error.ts';
import type { StagedTarget } from './bulk-api.server.ts';

const UPLOAD_MS = 60_000;

/**
 * @returns the path by which bulkOperationRunMutation knows the file (the parameter `key`)
 * @throws AppError 'shopify_unavailable' when the upload is not taken
 */
export async function uploadFile(
  target: StagedTarget,
  file: { name: string; text: string },
  signal: AbortSignal,
): Promise<string> {
  const path = target.parameters.find((parameter) => parameter.name === 'key')?.value;
  if (!path) throw new AppError('shopify_rejected', 'Shopify prepared an upload without a key.');
  const form = new FormData();
  for (const { name, value } of target.parameters) form.append(name, value);
  form.append('file', new Blob([file.text], { type: 'text/jsonl' }), file.name);
  // Sent as bytes: a form that is still being encoded when the request is aborted throws where nobody catches.
  const encoded = new Response(form);
  const body = await encoded.arrayBuffer();
  let status: number;
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      body,
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_MS)]),
    });
    await response.arrayBuffer();
    status = response.status;
  } catch (cause) {
    throw new AppError('shopify_unavailable', 'A file could not be uploaded to Shopify.', {
      retryable: true,
      cause,
    });
  }
  if (status < 200 || status >= 300) {
    throw new AppError('shopify_unavailable', 'Shopify did not take a file.', {
      retryable: true,
      context: { status },
    });
  }
  return path;
}
