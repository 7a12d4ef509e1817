/** Result addresses are a stranger's: where they may lead, and what the request carries. */
import { describe, expect, it } from 'vitest';
import { createFetchResult } from '../../../app/shopify/fetch-bulk-result.server.ts';
import type { Fetch } from '../../../app/shopify/sandbox-hook.server.ts';

async function text(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

function world(config: { sandboxUrl: string | undefined; production: boolean }, answer = new Response('ok')) {
  const sent: { url: string; init: RequestInit | undefined }[] = [];
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, init });
    return answer;
  };
  return { sent, fetchResult: createFetchResult(config, { fetch }) };
}
const real = { sandboxUrl: undefined, production: true };
const local = { sandboxUrl: 'http://localhost:4600', production: false };

describe('addresses of result files', () => {
  it.each([
    'https://storage.googleapis.com/shopify-tiers-assets-prod/bulk/x.jsonl?signature=1',
    'https://bulk.shopifycloud.com/x.jsonl',
    'https://files.shopify.com/x.jsonl',
  ])('%s is Shopify’s', async (url) => {
    const { sent, fetchResult } = world(real);
    expect(await text(await fetchResult(url, { from: 0n }))).toBe('ok');
    expect(sent[0]?.url).toBe(url);
    expect(sent[0]?.init).toMatchObject({ redirect: 'manual', credentials: 'omit' });
    expect(new Headers(sent[0]?.init?.headers).has('x-shopify-access-token')).toBe(false);
  });

  it.each([
    'http://storage.googleapis.com/x',
    'https://storage.googleapis.com:8443/x',
    'https://user:pass@storage.googleapis.com/x',
    'https://storage.googleapis.com.evil.com/x',
    'https://evilshopify.com/x',
    'https://shopify.com.evil.com/x',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/x',
    'file:///etc/passwd',
    'storage.googleapis.com/x',
    '',
  ])('%s is not, and is not asked', async (url) => {
    const { sent, fetchResult } = world(real);
    await expect(fetchResult(url, { from: 0n })).rejects.toMatchObject({ code: 'shopify_rejected' });
    expect(sent).toEqual([]);
  });

  it('is the sandbox’s own and nothing else in the sandbox, and never in production', async () => {
    const url = 'http://localhost:4600/bulk/1.jsonl';
    expect(await text(await world(local).fetchResult(url, { from: 0n }))).toBe('ok');
    for (const other of ['http://localhost:4601/x', 'https://storage.googleapis.com/x']) {
      await expect(world(local).fetchResult(other, { from: 0n })).rejects.toMatchObject({
        code: 'shopify_rejected',
      });
    }
    const mixed = { sandboxUrl: 'http://localhost:4600', production: true };
    await expect(world(mixed).fetchResult(url, { from: 0n })).rejects.toMatchObject({
      code: 'shopify_rejected',
    });
  });

  it('follows no redirect', async () => {
    const answer = new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } });
    const { sent, fetchResult } = world(real, answer);
    await expect(fetchResult('https://storage.googleapis.com/x', { from: 0n })).rejects.toMatchObject({
      code: 'shopify_rejected',
    });
    expect(sent).toHaveLength(1);
  });

  it.each([
    [404, 'not_found', false],
    [403, 'not_found', false],
    [503, 'shopify_unavailable', true],
    [400, 'not_found', false],
    [405, 'shopify_rejected', false],
  ])('status %i is %s', async (status, code, retryable) => {
    const { fetchResult } = world(real, new Response('x', { status }));
    await expect(fetchResult('https://storage.googleapis.com/x', { from: 0n })).rejects.toMatchObject({
      code,
      retryable,
    });
  });
});
