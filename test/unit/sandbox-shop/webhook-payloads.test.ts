/**
 * Every payload against the schema that was inferred from Shopify's documentation (2026-07 is the newest; the
 * platform notes know of no change to these topics since). What differs is listed, with the reason.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { schemaForWebhook } from 'shopify-webhook-schemas';
import { describe, expect, it } from 'vitest';
import { cancelOrder } from '../../../sandbox/acts/cancel-order.ts';
import {
  createCollection,
  deleteCollection,
  updateCollection,
} from '../../../sandbox/acts/change-collection.ts';
import { createDiscount, endDiscount, removeDiscount } from '../../../sandbox/acts/change-discount.ts';
import { editSegment, makeSegment, removeSegment } from '../../../sandbox/acts/change-segment.ts';
import { deleteProduct, updateProduct } from '../../../sandbox/acts/change-product.ts';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { deleteCustomer } from '../../../sandbox/acts/delete-customer.ts';
import { deleteOrder } from '../../../sandbox/acts/delete-order.ts';
import { editOrderLine } from '../../../sandbox/acts/edit-order-line.ts';
import { fulfilOrder } from '../../../sandbox/acts/fulfil-order.ts';
import { mergeCustomers } from '../../../sandbox/acts/merge-customers.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { refundOrder } from '../../../sandbox/acts/refund-order.ts';
import { redactShop, requestData, requestRedaction } from '../../../sandbox/acts/request-privacy.ts';
import { setConsent } from '../../../sandbox/acts/set-consent.ts';
import { updateCustomer } from '../../../sandbox/acts/update-customer.ts';
import { updateShop } from '../../../sandbox/acts/update-shop.ts';
import { adminSchema } from '../../../sandbox/graphql/schema.ts';
import { messageOf } from '../../../sandbox/webhooks/message-of-change.ts';
import type { Message } from '../../../sandbox/webhooks/message-of-change.ts';
import { COMPLIANCE_TOPICS, isShopifyTopic, SENT_TOPICS } from '../../../sandbox/webhooks/topics.ts';
import { smallStore } from './small-store.ts';

const VERSION = '2026-07';
const AT = '2026-11-22T11:00:00.123Z';
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats(ajv);

/** Paths (digits for list items as *) where we differ from the schema on purpose. */
const KNOWN: readonly { topic: RegExp; path: RegExp; why: string }[] = [
  {
    topic: /^(customers|orders)\//,
    path: /default_address$|\/(billing|shipping)_address$/,
    why: 'a customer without an address has none; the example always has one',
  },
  {
    topic: /^customers\//,
    path: /\/(email|first_name|last_name|note)$/,
    why: 'nullable: the example is of a complete customer',
  },
  { topic: /^orders\//, path: /\/customer(\/(email|first_name|last_name|note))?$/, why: 'guests have none' },
  { topic: /^orders\//, path: /\/refunds\/\*$/, why: 'the example has no refund, so the schema allows none' },
  { topic: /^orders\//, path: /\/email$|\/contact_email$/, why: 'a guest may leave no e-mail address' },
  { topic: /^customers\//, path: /addresses\/\*\/(address2|company)$/, why: 'nullable: see default_address' },
  { topic: /^(orders|refunds)\//, path: /\/sku$/, why: 'a custom line has none' },
  { topic: /^refunds\//, path: /^\/(note|user_id)$/, why: 'nullable: the example is of a refund with both' },
  { topic: /^products\//, path: /^\/image$/, why: 'null without images, as in the documented example' },
  {
    topic: /purchasing_summary$/,
    path: /\/lastOrderId$/,
    why: 'a customer whose orders are gone has no last one',
  },
  { topic: /^(customers\/(redact|data_request))$/, path: /\/customer\/(email|phone)$/, why: 'nullable' },
];

/** Everything that can be emitted, on complete and on bare records. */
function allMessages(): Message[] {
  const { store, anna, ben, nobody, tea, changes } = smallStore('EUR', 'America/New_York');
  const messages: Message[] = [];
  store.subscribe((change) => {
    const message = messageOf(change, store, AT);
    if (message) messages.push(message);
  });
  changes.splice(0);
  createCustomer(store, { email: 'new@example.com', tags: ['one', 'two'] });
  updateCustomer(store, { customer: anna.id, note: null });
  setConsent(store, { customer: anna.id, channel: 'email', state: 'subscribed' });
  setConsent(store, { customer: anna.id, channel: 'sms', state: 'pending' });
  store.emit({ kind: 'customer_sms_consent', customerId: ben.id });
  const first = placeOrder(store, {
    customer: anna.id,
    lines: [{ product: tea.id, quantity: 2 }],
    discountCode: 'TEA',
    discountAmount: '2.50',
    shipping: '3',
    company: true,
    tags: ['b2b', 'x'],
  });
  editOrderLine(store, { order: first.id, quantity: 1 });
  refundOrder(store, { order: first.id, lines: [{ line: first.lines[0]?.id, quantity: 1 }] });
  refundOrder(store, { order: first.id, amount: '1.00', note: 'late' });
  const second = placeOrder(store, { customer: nobody.id, amount: '10', status: 'authorised' });
  cancelOrder(store, { order: second.id });
  deleteOrder(store, { order: second.id });
  placeOrder(store, { amount: '10', status: 'pending' });
  mergeCustomers(store, { keep: anna.id, remove: ben.id });
  store.emit({ kind: 'customer_tags_removed', customerId: anna.id, tags: ['Tea'] });
  requestData(store, { customer: anna.id });
  requestRedaction(store, { customer: nobody.id });
  deleteCustomer(store, { customer: nobody.id });
  const teas = createCollection(store, { title: 'All teas', products: [tea.id] });
  updateCollection(store, { collection: teas.id, title: 'Teas' });
  deleteCollection(store, { collection: teas.id });
  updateCustomer(store, { customer: anna.id, state: 'ENABLED' });
  updateCustomer(store, { customer: anna.id, state: 'DISABLED' });
  fulfilOrder(store, { order: placeOrder(store, { customer: anna.id, amount: '7' }).id });
  updateProduct(store, { product: tea.id, status: 'DRAFT' });
  store.emit({ kind: 'product_created', productId: tea.id });
  deleteProduct(store, { product: tea.id });
  makeSegment(store, { name: 'Tea', query: "customer_tags CONTAINS 'tea'" });
  editSegment(store, { segment: 'Tea', name: 'Teas' });
  removeSegment(store, { segment: 'Teas' });
  createDiscount(store, { title: 'Tea week', percent: 10 });
  endDiscount(store, { discount: 'Tea week' });
  removeDiscount(store, { discount: 'Tea week' });
  updateShop(store, { timeZone: 'Asia/Tokyo' });
  store.emit({ kind: 'app_uninstalled' });
  redactShop(store);
  store.emit({
    kind: 'scopes_updated',
    previous: ['read_orders'],
    current: ['read_orders', 'read_products'],
  });
  store.putBulkOperation({
    id: '7',
    type: 'QUERY',
    status: 'COMPLETED',
    errorCode: null,
    query: '{ shop { id } }',
    createdAt: AT,
    completedAt: AT,
    objectCount: 0,
    rootObjectCount: 0,
    fileSize: null,
    url: null,
    partialDataUrl: null,
    failure: null,
  });
  store.emit({ kind: 'bulk_finished', bulkOperationId: '7' });
  return messages;
}

function differences({ topic, payload }: Message): string[] {
  const validate = ajv.compile(schemaForWebhook(VERSION, topic as never));
  if (validate(JSON.parse(JSON.stringify(payload)))) return [];
  return (validate.errors ?? []).map((error) => {
    const missing = error.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
    return `${error.instancePath}${missing}`.replace(/\/\d+(?=\/|$)/g, '/*');
  });
}

describe('payloads', () => {
  const messages = allMessages();
  const topics = [...new Set(messages.map((message) => message.topic))].sort();

  it('are of every topic that subscriptions may name', () => {
    expect(topics).toEqual([...SENT_TOPICS, ...COMPLIANCE_TOPICS].sort());
  });

  it('are of topics that Shopify still has in 2026-10', () => {
    expect(topics.filter((topic) => !isShopifyTopic(topic, adminSchema()))).toEqual([]);
  });

  it.each(topics)('%s fits its schema, but for what is listed', (topic) => {
    const unexpected = messages
      .filter((message) => message.topic === topic)
      .flatMap(differences)
      .filter((path) => !KNOWN.some((known) => known.topic.test(topic) && known.path.test(path)));
    expect([...new Set(unexpected)]).toEqual([]);
  });

  it('lists no difference that is not there', () => {
    const seen = messages.flatMap((message) =>
      differences(message).map((path) => ({ topic: message.topic, path })),
    );
    const idle = KNOWN.filter(
      (known) => !seen.some(({ topic, path }) => known.topic.test(topic) && known.path.test(path)),
    );
    expect(idle.map((known) => known.why)).toEqual([]);
  });

  it('carry no tags, totals or consent in customers/*', () => {
    const update = messages.find((message) => message.topic === 'customers/update');
    for (const gone of [
      'tags', 'orders_count', 'total_spent', 'last_order_id', 'last_order_name',
      'email_marketing_consent', 'sms_marketing_consent',
    ]) expect(update?.payload).not.toHaveProperty(gone); // prettier-ignore
  });

  it('write times in the shop’s zone, ids as numbers, money as text', () => {
    const order = messages.find((message) => message.topic === 'orders/create')?.payload;
    expect(order).toMatchObject({
      created_at: '2026-11-22T06:00:00-05:00',
      id: expect.any(Number),
      total_price: '25.50',
      current_total_price_set: { shop_money: { amount: '25.50', currency_code: 'EUR' } },
      total_outstanding: '0.00',
      tags: 'b2b, x',
      discount_codes: [{ code: 'TEA', amount: '2.50', type: 'fixed_amount' }],
      line_items: [{ price: '12.50', quantity: 2, discount_allocations: [{ amount: '2.50' }] }],
    });
  });

  it('say net payment the same way: current total - outstanding = paid - refunded', () => {
    const updates = messages.filter((message) => message.topic === 'orders/updated');
    const last = updates.filter((message) => message.payload['company'] !== null).at(-1)?.payload;
    expect(last).toMatchObject({
      financial_status: 'partially_refunded',
      refunds: [
        { transactions: [{ amount: '11.25', kind: 'refund' }] },
        { transactions: [{ amount: '1.00' }] },
      ],
    });
    const value = (name: string) => Math.round(Number(last?.[name]) * 100);
    expect(value('current_total_price') - value('total_outstanding')).toBe(2550 - 1125 - 100);
  });

  it('have no consent message for a customer without a phone number', () => {
    expect(messages.filter((message) => message.topic === 'customers_marketing_consent/update')).toHaveLength(
      1,
    );
  });
});

it('writes presentment money by the order’s rate and the currency’s exponent', () => {
  const { store } = smallStore('EUR');
  const order = placeOrder(store, { amount: '10.00' });
  Object.assign(order, { presentmentCurrency: 'JPY', presentmentRate: 160 });
  const message = messageOf({ kind: 'order_updated', orderId: order.id }, store, AT);
  expect(message?.payload['total_price_set']).toEqual({
    shop_money: { amount: '10.00', currency_code: 'EUR' },
    presentment_money: { amount: '1600', currency_code: 'JPY' },
  });
});
