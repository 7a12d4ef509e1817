import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shopDomainOf, webhookHeaders } from '../../../app/intake/inbox/webhook-headers.ts';

test.each([
  ['a.myshopify.com', 'a.myshopify.com'],
  ['My-Shop-1.MyShopify.com', 'my-shop-1.myshopify.com'],
  ['evil.com', undefined],
  ['a.myshopify.com.evil.com', undefined],
  ['evil.com/a.myshopify.com', undefined],
  ['a.myshopify.com/', undefined],
  ['a.myshopify.com\n', undefined],
  ['-a.myshopify.com', undefined],
  ['.myshopify.com', undefined],
  ['a.b.myshopify.com', undefined],
  ['ａ.myshopify.com', undefined],
  ['а.myshopify.com', undefined],
  ["a'; DROP TABLE shop;--.myshopify.com", undefined],
  [`${'a'.repeat(200)}.myshopify.com`, undefined],
  ['', undefined],
])('shop %j is %j', (domain, expected) => {
  expect(shopDomainOf({ 'x-shopify-shop-domain': domain })).toBe(expected);
});

test('headers are read, bounded, and never more than they say', () => {
  const headers = {
    'x-shopify-topic': 'orders/updated',
    'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    'x-shopify-api-version': '2026-10',
    'x-shopify-event-id': 'e1',
    'x-shopify-triggered-at': '2026-11-22T10:00:00.123456789Z',
  };
  expect(webhookHeaders(headers)).toEqual({
    topic: 'orders/updated',
    webhookId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    apiVersion: '2026-10',
    eventId: 'e1',
    triggeredAt: '2026-11-22T10:00:00.123456Z',
  });
  expect(webhookHeaders({ ...headers, 'x-shopify-triggered-at': 'now' })?.triggeredAt).toBeNull();
  expect(webhookHeaders({ ...headers, 'x-shopify-event-id': 'x'.repeat(1000) })?.eventId).toBeNull();
  for (const missing of ['x-shopify-topic', 'x-shopify-webhook-id']) {
    expect(webhookHeaders({ ...headers, [missing]: undefined })).toBeUndefined();
    expect(webhookHeaders({ ...headers, [missing]: 'x'.repeat(1000) })).toBeUndefined();
    expect(webhookHeaders({ ...headers, [missing]: 'a b' })).toBeUndefined();
  }
});

test('any header text is read or refused', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constant(undefined),
    fc.array(fc.string()),
  );
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      const read = webhookHeaders({
        'x-shopify-topic': a,
        'x-shopify-webhook-id': b,
        'x-shopify-triggered-at': c,
        'x-shopify-event-id': a,
      });
      expect(read === undefined || (read.webhookId.length <= 200 && read.topic.length <= 100)).toBe(true);
      shopDomainOf({ 'x-shopify-shop-domain': c });
    }),
  );
});
