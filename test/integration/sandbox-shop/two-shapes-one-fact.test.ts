/**
 * A webhook and a read of the same state give the app the same fact: what the sandbox sends by the one way
 * and answers by the other agrees, for every record of a generated store and after every act.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  CollectionFact,
  CustomerFact,
  Fact,
  OrderFact,
  ProductFact,
} from '../../../app/intake/facts.ts';
import { collectionFromNode } from '../../../app/intake/normalise/collection-node.ts';
import { customerFromNode } from '../../../app/intake/normalise/customer-node.ts';
import { normaliseWebhook } from '../../../app/intake/normalise/normalise-webhook.ts';
import { orderFromNode, orderLineFromNode } from '../../../app/intake/normalise/order-node.ts';
import type { NodeOutcome } from '../../../app/intake/normalise/outcome.ts';
import { productFromNode } from '../../../app/intake/normalise/product-node.ts';
import {
  READ_AGAIN_LIMIT,
  READ_COLLECTIONS,
  READ_CUSTOMERS,
  READ_ORDERS,
  READ_PRODUCTS,
} from '../../../app/shopify/documents/read-again.ts';
import { cancelOrder } from '../../../sandbox/acts/cancel-order.ts';
import { editOrder } from '../../../sandbox/acts/edit-order.ts';
import { editOrderLine } from '../../../sandbox/acts/edit-order-line.ts';
import { payOrder } from '../../../sandbox/acts/pay-order.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { refundOrder } from '../../../sandbox/acts/refund-order.ts';
import { BulkRunner } from '../../../sandbox/bulk/bulk-runner.ts';
import { StagedUploads } from '../../../sandbox/bulk/staged-uploads.ts';
import { CostBucket } from '../../../sandbox/graphql/cost-bucket.ts';
import { executeAdmin } from '../../../sandbox/graphql/execute-admin.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import type { Change } from '../../../sandbox/store/model.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import { messageOf } from '../../../sandbox/webhooks/message-of-change.ts';
import { prunePayload } from '../../../sandbox/webhooks/prune-payload.ts';
import { readSubscriptions } from '../../../sandbox/webhooks/read-subscriptions.ts';

const SHOP = 'shapes.myshopify.com';
const AT = '2026-11-22T11:00:00.000Z';
const TIMES = { readAt: AT, startedAt: AT };
const { subscriptions } = readSubscriptions(
  readFileSync(new URL('../../../shopify.app.toml', import.meta.url), 'utf8'),
);
let sandbox: Sandbox;
let store: Store;
let bulk: BulkRunner;
let uploads: StagedUploads;

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'the-secret-of-this-test',
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      { domain: SHOP, currency: 'EUR', timeZone: 'America/New_York', seed: { customers: 250, seed: 11 } },
    ],
  });
  store = sandbox.stores.get(SHOP) as Store;
  uploads = new StagedUploads(() => sandbox.url);
  bulk = new BulkRunner(sandbox, uploads);
});

afterAll(() => sandbox.close());

function sent(change: Change): Fact {
  const message = messageOf(change, store, AT);
  if (!message) throw new Error(`nothing is said of ${change.kind}`);
  const subscription = subscriptions.find(({ topic }) => topic === message.topic);
  const text = JSON.stringify(prunePayload(message.payload, subscription?.includeFields ?? []));
  const normalised = normaliseWebhook({
    topic: message.topic,
    shopDomain: SHOP,
    text,
    triggeredAt: AT,
    receivedAt: AT,
  });
  if (normalised.outcome !== 'facts') throw new Error(`${message.topic}: ${JSON.stringify(normalised)}`);
  return normalised.facts[0] as Fact;
}

async function read(document: string, kind: string, ids: readonly string[], at: number): Promise<unknown[]> {
  const nodes: unknown[] = [];
  for (let from = 0; from < ids.length; from += at) {
    // As where read_locations is granted.
    const variables = {
      ...(kind === 'Order' && { withLocations: true }),
      ids: ids.slice(from, from + at).map((id) => `gid://shopify/${kind}/${id}`),
    };
    // A bucket of its own, full each time: pace is another test's matter.
    const { payload } = await executeAdmin(
      { query: document, variables, operationName: undefined },
      { sandbox, store, bulk, uploads },
      new CostBucket('plus'),
    );
    if (!payload.data || payload.errors) throw new Error(JSON.stringify(payload.errors));
    nodes.push(...(payload.data as { nodes: unknown[] }).nodes);
  }
  return nodes;
}

function factOf<Made>(outcome: NodeOutcome<Made>): Made {
  if (outcome.outcome === 'fact') return outcome.fact;
  throw new Error(outcome.reason);
}

async function readOrders(ids: readonly string[]): Promise<OrderFact[]> {
  const nodes = await read(READ_ORDERS, 'Order', ids, READ_AGAIN_LIMIT.order);
  return nodes.map((node) => {
    const { lineItems } = node as { lineItems: { nodes: unknown[] } };
    const lines = lineItems.nodes.map((line) => factOf(orderLineFromNode(line, 'EUR')));
    return factOf(orderFromNode(node, lines, TIMES));
  });
}

async function ordersAgree(ids: readonly string[]) {
  for (const fact of await readOrders(ids)) {
    const { core, location } = sent({ kind: 'order_updated', orderId: fact.id }) as OrderFact;
    if (core && fact.core && core.presentmentCurrency !== core.currency && core.refunds.length > 0) {
      // The message has the refund rounded to the other currency; the order is read again for every refund.
      const [told, read] = [core.refundedMinor, fact.core.refundedMinor];
      expect(told - read >= -1n && told - read <= 1n).toBe(true);
      const rest = { refundedMinor: read, refunds: fact.core.refunds, stamp: fact.core.stamp };
      expect({ ...core, ...rest }).toEqual(fact.core);
    } else expect(core).toEqual(fact.core);
    const { name: _name, ...known } = fact.location ?? {};
    expect(location).toEqual(known);
  }
}

it('agrees on every order of a generated store', async () => {
  const orders = [...store.orders()];
  expect(
    orders.some((order) => order.presentmentCurrency !== order.currency && order.refunds.length > 0),
  ).toBe(true);
  expect(orders.some((order) => order.company)).toBe(true);
  expect(orders.some((order) => order.location)).toBe(true);
  expect(orders.some((order) => order.customerId === null)).toBe(true);
  await ordersAgree(orders.map((order) => order.id));
});

it('agrees on orders after every act', async () => {
  const customer = [...store.customers()][0]?.id;
  const place = (input: object) => placeOrder(store, { customer, amount: '80.00', ...input }).id;
  const lines = [
    { title: 'Cup', price: '10.00', quantity: 3 },
    { title: 'Voucher', price: '25.00', giftCard: true },
  ];
  const ids = [
    place({}),
    place({ status: 'authorised', shipping: '4.90', tax: '2.10' }),
    place({ status: 'pending' }),
    place({ amount: undefined, lines, discountCode: 'TEN', discountAmount: '7.01', tags: ['b', 'A'] }),
    place({ amount: undefined, lines }),
    place({ test: true, company: true, sourceName: 'pos' }),
    place({ customer: undefined }),
  ] as const;
  await ordersAgree(ids);
  payOrder(store, { order: ids[1], amount: '30' });
  payOrder(store, { order: ids[2] });
  refundOrder(store, { order: ids[0], amount: '12.34' });
  refundOrder(store, { order: ids[3], lines: [{ line: store.order(ids[3])?.lines[0]?.id, quantity: 2 }] });
  editOrderLine(store, { order: ids[4], quantity: 1 });
  editOrder(store, { order: ids[6], customer, tags: ['given'] });
  await ordersAgree(ids);
  payOrder(store, { order: ids[1] });
  refundOrder(store, { order: ids[3] });
  cancelOrder(store, { order: ids[2] });
  cancelOrder(store, { order: ids[0], refund: false });
  await ordersAgree(ids);
});

it('agrees on every customer’s core and address', async () => {
  const ids = [...store.customers()].map((customer) => customer.id);
  expect(ids.length).toBeGreaterThan(5);
  const nodes = await read(READ_CUSTOMERS, 'Customer', ids, READ_AGAIN_LIMIT.customer);
  expect(nodes).toHaveLength(ids.length);
  for (const node of nodes) {
    const fact = factOf(customerFromNode(node, TIMES));
    const { core, address } = sent({ kind: 'customer_updated', customerId: fact.id }) as CustomerFact;
    expect(core).toEqual(fact.core);
    expect({ ...address, stamp: '' }).toEqual({ ...fact.address, stamp: '' });
    const { shopifyTotals } = sent({
      kind: 'customer_purchasing_summary',
      customerId: fact.id,
    }) as CustomerFact;
    expect(shopifyTotals).toMatchObject({
      orders: fact.shopifyTotals?.orders,
      spentMinor: fact.shopifyTotals?.spentMinor,
    });
  }
});

it('agrees on every product', async () => {
  const ids = [...store.products()].map((product) => product.id);
  expect(ids.length).toBeGreaterThan(5);
  for (const node of await read(READ_PRODUCTS, 'Product', ids, READ_AGAIN_LIMIT.product)) {
    const fact = factOf(productFromNode(node, TIMES));
    expect((sent({ kind: 'product_updated', productId: fact.id }) as ProductFact).core).toEqual(fact.core);
  }
});

it('agrees on every collection', async () => {
  const ids = [...store.collections.all()].map((collection) => collection.id);
  expect(ids.length).toBeGreaterThan(5);
  for (const node of await read(READ_COLLECTIONS, 'Collection', ids, READ_AGAIN_LIMIT.collection)) {
    const fact = factOf(collectionFromNode(node, TIMES));
    const told = sent({ kind: 'collection_updated', collectionId: fact.id }) as CollectionFact;
    expect(told.core).toEqual(fact.core);
  }
});
