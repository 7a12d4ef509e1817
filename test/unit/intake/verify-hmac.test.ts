import '@shopify/shopify-api/adapters/web-api';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyHmac } from '../../../app/intake/inbox/verify-hmac.server.ts';

const SECRET = 'a secret of the app';
const OLD = 'the secret before it';
const sign = (body: string | Buffer, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('base64');

const library = shopifyApi({
  apiKey: 'key',
  apiSecretKey: SECRET,
  apiVersion: ApiVersion.October26,
  hostName: 'app.example.com',
  isEmbeddedApp: true,
  logger: { level: 0 },
});

async function libraryAccepts(rawBody: string, signature: string): Promise<boolean> {
  const rawRequest = new Request('http://app.example.com/webhooks', {
    method: 'POST',
    headers: {
      'x-shopify-topic': 'orders/updated',
      'x-shopify-shop-domain': 'a.myshopify.com',
      'x-shopify-api-version': '2026-10',
      'x-shopify-webhook-id': 'id',
      'x-shopify-hmac-sha256': signature,
    },
  });
  return (await library.webhooks.validate({ rawBody, rawRequest })).valid;
}

/** Printable and trimmed, as a header can be. */
const headerText = fc.stringMatching(/^[!-~]{1,60}$/);
const body = fc.oneof(fc.json(), fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 }));

test('agrees with the library on every body and signature', async () => {
  const signature = (text: string) =>
    fc.oneof(
      fc.constant(sign(text)),
      fc.constant(sign(text, OLD)),
      fc.constant(sign(`${text} `)),
      fc.nat(sign(text).length - 1).map((i) => flip(sign(text), i)),
      fc.nat(sign(text).length).map((i) => sign(text).slice(0, i) || 'x'),
      fc.constant(sign(text).replace('=', '')),
      fc.constant(`${sign(text)}=`),
      fc.constant(Buffer.from(sign(text), 'base64').toString('hex')),
      headerText,
    );
  await fc.assert(
    fc.asyncProperty(
      body.chain((text) => fc.tuple(fc.constant(text), signature(text))),
      async ([text, given]) => {
        const ours = verifyHmac(Buffer.from(text), given, [SECRET]);
        expect(ours).toBe(await libraryAccepts(text, given));
        expect(ours).toBe(given === sign(text));
      },
    ),
    { numRuns: 300 },
  );
});

const flip = (text: string, i: number) =>
  `${text.slice(0, i)}${String.fromCharCode(text.charCodeAt(i) ^ 1)}${text.slice(i + 1)}`;

test('missing and empty signatures are refused, also for an empty body', () => {
  for (const signature of [undefined, '', ' ']) {
    expect(verifyHmac(Buffer.alloc(0), signature, [SECRET])).toBe(false);
    expect(verifyHmac(Buffer.from('{}'), signature, [SECRET])).toBe(false);
  }
  expect(verifyHmac(Buffer.alloc(0), sign(''), [SECRET])).toBe(true);
});

test('while the secret is rotated, both are good, and no third', () => {
  const text = Buffer.from('{"id":1}');
  expect(verifyHmac(text, sign(text, OLD), [SECRET, OLD])).toBe(true);
  expect(verifyHmac(text, sign(text, SECRET), [SECRET, OLD])).toBe(true);
  expect(verifyHmac(text, sign(text, 'another'), [SECRET, OLD])).toBe(false);
  expect(verifyHmac(text, sign(text, OLD), [SECRET])).toBe(false);
});

test('the raw bytes are signed, not what they mean', () => {
  expect(verifyHmac(Buffer.from('{"id": 1}'), sign('{"id":1}'), [SECRET])).toBe(false);
  const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  expect(verifyHmac(bytes, sign(bytes), [SECRET])).toBe(true);
});
