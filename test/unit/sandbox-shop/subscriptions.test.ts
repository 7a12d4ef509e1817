/** Subscriptions from the toml, pruning, filters, and the generated part of the file. */
import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_FIELDS } from '../../../app/intake/normalise/webhook-fields.ts';
import { FilterError, passesFilter } from '../../../sandbox/webhooks/filter-payload.ts';
import { prunePayload } from '../../../sandbox/webhooks/prune-payload.ts';
import { readSubscriptions } from '../../../sandbox/webhooks/read-subscriptions.ts';
import { renderSubscriptions, rewriteSubscriptions } from '../../../scripts/subscription-blocks.ts';

const APP_FILE = readFileSync(new URL('../../../shopify.app.toml', import.meta.url), 'utf8');

describe('shopify.app.toml', () => {
  const config = readSubscriptions(APP_FILE);

  it('asks for the topics, the version and the scopes that the app needs, and for nothing else', () => {
    expect(config.apiVersion).toBe('2026-10');
    expect(config.scopes).toEqual([
      'read_customers',
      'write_customers',
      'read_orders',
      'read_all_orders',
      'read_products',
      'read_customer_merge',
      'write_discounts',
    ]);
    expect(config.subscriptions.map((subscription) => subscription.topic).sort()).toEqual([
      'app/scopes_update',
      'app/uninstalled',
      'bulk_operations/finish',
      'collections/create',
      'collections/delete',
      'collections/update',
      'customer.tags_added',
      'customer.tags_removed',
      'customers/create',
      'customers/data_request',
      'customers/delete',
      'customers/merge',
      'customers/purchasing_summary',
      'customers/redact',
      'customers/update',
      'customers_email_marketing_consent/update',
      'customers_marketing_consent/update',
      'discounts/delete',
      'discounts/update',
      'orders/cancelled',
      'orders/create',
      'orders/delete',
      'orders/edited',
      'orders/updated',
      'products/create',
      'products/delete',
      'products/update',
      'refunds/create',
      'segments/delete',
      'segments/update',
      'shop/redact',
      'shop/update',
    ]);
  });

  it('asks for exactly the fields that the normalisers read', () => {
    expect(rewriteSubscriptions(APP_FILE, WEBHOOK_FIELDS)).toBe(APP_FILE);
  });

  it('asks for no name, address, e-mail address or phone number', () => {
    const personal =
      /(^|\.)(email|email_address|phone|first_name|last_name|name|address1|address2|zip|note)$/;
    const fields = config.subscriptions.flatMap(({ topic, includeFields }) =>
      includeFields.filter((field) => personal.test(field)).map((field) => `${topic} ${field}`),
    );
    // An order's own name is its number.
    expect(fields.filter((field) => !/^orders\/\w+ name$/.test(field))).toEqual([]);
    const everything = config.subscriptions.filter(
      ({ includeFields, compliance }) => includeFields.length === 0 && !compliance,
    );
    expect(everything.map(({ topic }) => topic)).toEqual([]);
  });
});

it('refuses a file that Shopify would not deploy, with all its faults', () => {
  const toml = `
    [access_scopes]
    scopes = "read_orders"
    [webhooks]
    api_version = "2026-10"
      [[webhooks.subscriptions]]
      topics = ["Orders Updated"]
      uri = "http://example.com"
      name = "no spaces, please"
      [[webhooks.subscriptions]]
      compliance_topics = ["shop/burn"]
      uri = "/webhooks"
  `;
  expect(() => readSubscriptions(toml)).toThrow(
    /is not a topic[^]*https address[^]*name must be[^]*compliance_topics/,
  );
});

describe('include_fields', () => {
  const payload = {
    id: 1,
    customer: { id: 2, email: 'x@example.com', default_address: { city: 'Bonn', zip: '5' } },
    line_items: [
      { id: 3, name: 'a', taxes: [{ rate: 1, title: 'VAT' }] },
      { id: 4, name: 'b', taxes: [] },
    ],
    company: null,
    updated_at: 'now',
  };

  it('keeps the named paths, through objects and lists, and null where there is nothing below', () => {
    expect(
      prunePayload(payload, [
        'id',
        'customer.default_address.city',
        'line_items.id',
        'line_items.taxes.rate',
        'company.id',
        'no.such',
      ]),
    ).toEqual({
      id: 1,
      customer: { default_address: { city: 'Bonn' } },
      line_items: [
        { id: 3, taxes: [{ rate: 1 }] },
        { id: 4, taxes: [] },
      ],
      company: null,
    });
  });

  it('keeps a whole object that is named, in whatever order', () => {
    const whole = { customer: payload.customer };
    expect(prunePayload(payload, ['customer', 'customer.id'])).toEqual(whole);
    expect(prunePayload(payload, ['customer.id', 'customer'])).toEqual(whole);
    expect(prunePayload(payload, [])).toBe(payload);
    expect(prunePayload(payload, ['constructor', '__proto__.x'])).toEqual({});
  });
});

describe('filter', () => {
  const product = {
    id: 9554194432293,
    status: 'active',
    product_type: 'Music',
    vendor: 'Kind of Blue',
    tags: '',
    updated_at: '2026-11-22T12:00:00+01:00',
    customer: { id: 7, email: null },
    test: false,
    variants: [
      { price: '9.50', taxable: true },
      { price: '29.99', taxable: false },
    ],
  };
  const passes = (filter: string) => passesFilter(product, filter);

  it.each([
    ['id:* AND status:active AND (product_type:Music OR product_type:Movies)', true],
    ['status:ACTIVE', true],
    ['product_type:Movies OR product_type:Books', false],
    ['status:active product_type:Books', false],
    ['NOT product_type:Books', true],
    ['-product_type:Music', false],
    ['NOT (status:draft OR product_type:Music)', false],
    ['variants.price:>=29.99', true],
    ['variants.price:>29.99', false],
    ['variants.price:<10', true],
    ['variants.price:9.5', true],
    ['variants.taxable:false', true],
    ['test:false', true],
    ['test:true', false],
    ['vendor:"kind of blue"', true],
    ["vendor:'Kind of'", false],
    ['id:>=9554194432293', true],
    ['customer.id:70', false],
    ['customer.email:*', false],
    ['NOT customer.email:*', true],
    ['tags:*', true],
    ['no.such.path:*', false],
    ['customer:*', true],
    ['updated_at:<2026-11-22T11:00:01Z', true],
    ['updated_at:>2026-11-22T11:00:00Z', false],
    ['constructor:*', false],
  ])('%s: %s', (filter, expected) => expect(passes(filter)).toBe(expected));

  it('lets everything through when there is none, and refuses what cannot be read', () => {
    expect(passesFilter({}, null)).toBe(true);
    for (const bad of ['music', '(status:active', 'status:active OR', '"a b"', 'a..b:1']) {
      expect(() => passes(bad), bad).toThrow(FilterError);
    }
  });

  it('in a toml is refused before anything is sent', () => {
    const toml = `[access_scopes]
      scopes = ""
      [webhooks]
      api_version = "2026-10"
        [[webhooks.subscriptions]]
        topics = ["orders/create"]
        uri = "/webhooks"
        filter = "music"`;
    expect(() => readSubscriptions(toml)).toThrow(
      /filter cannot be read: .music. in the filter names no field/,
    );
  });
});

describe('the generated part', () => {
  const fields = {
    'orders/create': ['id', 'updated_at'],
    'orders/updated': ['updated_at', 'id'],
    'orders/delete': ['id'],
    'bulk_operations/finish': [],
  };

  it('puts topics with the same fields into one subscription', () => {
    expect(parse(`[webhooks]\n${renderSubscriptions(fields)}`)).toEqual({
      webhooks: {
        subscriptions: [
          {
            topics: ['orders/create', 'orders/updated'],
            uri: '/webhooks',
            include_fields: ['id', 'updated_at'],
          },
          { topics: ['orders/delete'], uri: '/webhooks', include_fields: ['id'] },
          { topics: ['bulk_operations/finish'], uri: '/webhooks' },
        ],
      },
    });
  });

  it('is rewritten between its markers and nowhere else, and stays the same the second time', () => {
    const once = rewriteSubscriptions(APP_FILE, fields);
    expect(readSubscriptions(once).subscriptions).toHaveLength(3 + 4);
    expect(once.startsWith(APP_FILE.slice(0, 500))).toBe(true);
    expect(rewriteSubscriptions(once, fields)).toBe(once);
    expect(() => rewriteSubscriptions('name = "x"', fields)).toThrow('lost its markers');
  });

  it('refuses a dated topic without updated_at', () => {
    expect(() => renderSubscriptions({ 'orders/updated': ['id'] })).toThrow('must contain updated_at');
  });
});
