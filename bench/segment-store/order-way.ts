/**
 * One order's way from the inbox to the outbox, as the worker goes it: a delivery of orders/updated with the fields that
 * the app subscribes to, encrypted in the inbox, is taken, parsed, stored, and everything that follows from it is
 * committed with it. The stores are measured in turns, so that whatever else the machine does falls on all alike, and
 * with warm caches: the customers of the measured orders were worked on before.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createCipher } from '../../app/cipher.server.ts';
import type { Clock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import type { Db, ShopId } from '../../app/db/tenancy.server.ts';
import { createInboxAppender } from '../../app/intake/inbox/append.server.ts';
import { drainInbox, type DrainContext } from '../../app/jobs/drain-inbox.server.ts';
import type { Log } from '../../app/log.server.ts';
import { createProduct } from '../../sandbox/acts/change-product.ts';
import { createCustomer } from '../../sandbox/acts/create-customer.ts';
import { placeOrder } from '../../sandbox/acts/place-order.ts';
import { Store } from '../../sandbox/store/store.ts';
import { messageOf } from '../../sandbox/webhooks/message-of-change.ts';
import { prunePayload } from '../../sandbox/webhooks/prune-payload.ts';
import { readSubscriptions } from '../../sandbox/webhooks/read-subscriptions.ts';
import { median } from './median.ts';
import { STORE } from './simulate.ts';

export interface MeasuredShop {
  customers: number;
  shopId: ShopId;
}

interface Template {
  [key: string]: unknown;
  line_items: Record<string, unknown>[];
}

interface KnownOrder {
  id: string;
  customerId: string;
  processedAt: Date;
  productId: string;
  totalMinor: string;
}

const ORDERS = 60;
const WARM_UP = 10;
const TOPIC = 'orders/updated';

/** Medians, in the order of the shops: milliseconds of one order. */
export async function measureOrders(
  ctx: { db: Db; clock: Clock; log: Log },
  shops: readonly MeasuredShop[],
): Promise<number[]> {
  const cipher = createCipher([Buffer.alloc(32, 7)]);
  const drain: DrainContext = {
    ...ctx,
    cipher,
    redactionKey: Buffer.alloc(32, 9),
    jobs: {
      send: () => Promise.reject(new Error('one order asks for no job')),
      close: () => Promise.resolve(),
    },
  };
  const appender = createInboxAppender({
    ...ctx,
    cipher,
    notifier: { notify: () => undefined, close: () => undefined },
  });
  const template = orderPayload(ctx.clock);
  const chosen = await Promise.all(shops.map((shop) => readOrders(ctx.db, shop)));
  const times: number[][] = shops.map(() => []);
  // Twice the same customers: the first time warms the caches.
  for (const round of [1, 2]) {
    for (let i = 0; i < ORDERS; i++) {
      for (const [n, { shopId }] of shops.entries()) {
        const order = chosen[n]?.[i];
        if (!order) throw new Error('the simulated shop has too few orders');
        const receivedAt = new Date(ctx.clock.machineNow().getTime() + 1_000 * (round * ORDERS + i));
        const outcome = await appender.append(shopId, {
          webhookId: `bench-${round}-${i}`,
          topic: TOPIC,
          apiVersion: '2026-10',
          triggeredAt: receivedAt.toISOString(),
          eventId: `bench-${round}-${i}`,
          rawBody: Buffer.from(JSON.stringify(payloadOf(template, order, { round, at: receivedAt }))),
          receivedAt,
        } as Parameters<typeof appender.append>[1]);
        if (outcome !== 'accepted') throw new Error(`the inbox said ${outcome}`);
        const from = performance.now();
        const drained = await drainInbox(drain, shopId);
        if (round === 2 && i >= WARM_UP) times[n]?.push(performance.now() - from);
        if (drained.outcome !== 'drained' || drained.rows !== 1 || drained.dead > 0)
          throw new Error(`the drain said ${JSON.stringify(drained)}`);
      }
    }
  }
  return times.map(median);
}

/** What the sandbox sends of an order that was placed, cut to the fields of our subscription. */
function orderPayload(clock: Clock): Template {
  const store = new Store(
    {
      domain: 'order-way.myshopify.com',
      id: '70000000001',
      name: 'Order way',
      email: 'owner@example.com',
      currency: STORE.currency,
      ianaTimezone: STORE.timeZone,
      countryCode: 'DE',
      plan: 'standard',
    },
    clock,
  );
  const customer = createCustomer(store, { firstName: 'Anna', email: 'anna@example.com' });
  const product = createProduct(store, { title: 'Green Tea', price: '12.50', vendor: 'Leaf' });
  const order = placeOrder(store, {
    customer: customer.id,
    lines: [{ product: product.id, quantity: 1 }],
  });
  const message = messageOf(
    { kind: 'order_updated', orderId: order.id } as Parameters<typeof messageOf>[0],
    store,
    clock.now().toISOString() as Parameters<typeof messageOf>[2],
  );
  const toml = readFileSync(path.join(import.meta.dirname, '../../shopify.app.toml'), 'utf8');
  const subscription = readSubscriptions(toml).subscriptions.find(({ topic }) => topic === TOPIC);
  if (!message || !subscription) throw new Error('the app subscribes to orders/updated');
  return prunePayload(message.payload, subscription.includeFields) as Template;
}

function payloadOf(template: Template, order: KnownOrder, { round, at }: { round: number; at: Date }) {
  const amount = (Number(order.totalMinor) / 100 + round * 500).toFixed(2);
  const [line] = template.line_items;
  return {
    ...template,
    id: Number(order.id),
    updated_at: at.toISOString(),
    created_at: order.processedAt.toISOString(),
    processed_at: order.processedAt.toISOString(),
    customer: { id: Number(order.customerId) },
    financial_status: 'paid',
    total_price: amount,
    current_total_price: amount,
    current_subtotal_price: amount,
    total_outstanding: '0.00',
    line_items: [
      { ...line, id: Number(order.id), product_id: Number(order.productId), quantity: 1, price: amount },
    ],
  };
}

/** Orders of customers who lie scattered over the store. */
async function readOrders(db: Db, { shopId, customers }: MeasuredShop): Promise<KnownOrder[]> {
  const ids = Array.from({ length: ORDERS }, (_, i) => String(1 + ((i * 7919) % customers)));
  return db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<KnownOrder & Record<string, unknown>>(sql`
      SELECT o.id, o.customer_id AS "customerId", o.processed_at AS "processedAt", l.product_id AS "productId",
             o.total_minor AS "totalMinor"
        FROM orders o JOIN order_line l ON l.shop_id = ${shopId} AND l.order_id = o.id
       WHERE o.shop_id = ${shopId} AND o.id = ANY(${ids}::bigint[]) ORDER BY o.id`);
    return rows;
  });
}
