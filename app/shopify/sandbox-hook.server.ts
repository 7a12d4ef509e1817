/**
 * Where calls to Shopify go. Against the sandbox, every call to a shop's address is sent to the sandbox
 * instead, with the shop's name in a header; the library's calls and ours take the same way. A production
 * process never does that, whatever its environment says.
 */
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import { AppError } from '../app-error.ts';
import type { Config } from '../config.server.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;
type Where = Pick<Config, 'sandboxUrl' | 'production'>;

/** fetch for shops' addresses. @throws AppError 'config' for the sandbox in production */
export function createShopifyFetch(config: Where, send: Fetch = (url, init) => fetch(url, init)): Fetch {
  const { sandboxUrl } = config;
  if (sandboxUrl === undefined) return send;
  if (config.production) {
    throw new AppError('config', 'A production process never talks to the sandbox: unset SANDBOX_URL.');
  }
  return (address, init) => {
    const url = new URL(address);
    const headers = new Headers(init?.headers);
    headers.set('x-sandbox-shop', url.hostname);
    return send(new URL(url.pathname + url.search, sandboxUrl).toString(), { ...init, headers });
  };
}

/**
 * Sends the library's calls the same way. The library keeps its fetch for the whole process, and an import of
 * one of its adapters sets it back: call this after all imports.
 */
export function redirectLibrary(config: Where, send?: Fetch): void {
  if (config.sandboxUrl === undefined) return;
  const redirected = createShopifyFetch(config, send);
  setAbstractFetchFunc((input, init) => redirected(addressOf(input), init as RequestInit));
}

function addressOf(input: unknown): string {
  if (typeof input === 'string') return input;
  if (input instanceof URL) return input.toString();
  return (input as { url: string }).url;
}
