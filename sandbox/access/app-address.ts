/** The address that Shopify's admin frames for an embedded app: shop, host, a fresh session token, signed. */
import { createHmac } from 'node:crypto';
import type { Sandbox } from '../sandbox.ts';

/**
 * @param path within the app, with its own query if it has one
 * @throws when the sandbox does not know where the app is
 */
export function appAddress(sandbox: Sandbox, domain: string, path = '/'): string {
  if (!sandbox.appUrl) throw new Error('The sandbox does not know the address of the app.');
  const url = new URL(path.startsWith('/') ? path : `/${path}`, sandbox.appUrl);
  const name = domain.replace(/\.myshopify\.com$/, '');
  const parameters = {
    embedded: '1',
    host: Buffer.from(`admin.shopify.com/store/${name}`).toString('base64'),
    id_token: sandbox.sessionTokenFor(domain),
    locale: 'en',
    shop: domain,
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value);
  const signed = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : 1));
  const message = signed.map(([key, value]) => `${key}=${value}`).join('&');
  url.searchParams.set('hmac', createHmac('sha256', sandbox.apiSecret).update(message).digest('hex'));
  return url.toString();
}
