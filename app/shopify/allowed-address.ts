/**
 * Addresses of files come in answers of Shopify's, but are treated as a stranger's: only Shopify's storage hosts,
 * or the sandbox itself.
 */
import { AppError } from '../app-error.ts';

/** Shopify keeps files in Google Cloud Storage (a bucket is a path or a host); the others are for names of its own. */
const HOSTS = [
  /^([a-z0-9-]+\.)?storage\.googleapis\.com$/,
  /(^|\.)shopifycloud\.com$/,
  /(^|\.)shopify\.com$/,
];

export interface AddressConfig {
  sandboxUrl?: string | undefined;
  production: boolean;
}

/** @throws AppError 'shopify_rejected' for an address that is not Shopify's */
export function allowedUrl(address: string, config: AddressConfig): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const sandbox = config.production || !config.sandboxUrl ? undefined : new URL(config.sandboxUrl);
  const allowed =
    url !== undefined &&
    url.username === '' &&
    url.password === '' &&
    (sandbox
      ? url.origin === sandbox.origin
      : url.protocol === 'https:' && url.port === '' && HOSTS.some((host) => host.test(url.hostname)));
  if (!allowed) {
    throw new AppError('shopify_rejected', 'A file of Shopify lies at an address that is not Shopify’s.', {
      context: { host: url?.host ?? 'unreadable' },
    });
  }
  return url.toString();
}
