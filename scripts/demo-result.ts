/** The one JSON object of a headless run: `store` and `shopify` as the sandbox says, the rest by SQL from the app's database. */
import { z } from 'zod';
import { sql } from '../app/db/sql.ts';
import { judgeOrder } from '../app/history/order-policy-sql.ts';
import { readShopDay } from '../app/history/read-shop-day.server.ts';
import type { ShopTx } from '../app/db/tenancy.server.ts';
import { withDb } from './demo-acts.ts';
import type { Stack } from './stack.ts';

export interface DemoSeconds {
  setup: number;
  import: number;
  profile: number;
  segments: number;
  tags: number;
  /** Without `setup`. */
  total: number;
}

const stateSchema = z.object({
  store: z.object({
    customers: z.number(),
    orders: z.number(),
    products: z.number(),
    laterOrders: z.number(),
  }),
  customersByTag: z.record(z.string(), z.number()),
  api: z.object({ requests: z.number(), throttled: z.number(), bulkOperations: z.number() }),
});

export type DemoResult = Awaited<ReturnType<typeof readDemoResult>>;

export async function readDemoResult(stack: Stack, seconds: DemoSeconds) {
  const response = await fetch(`${stack.sandboxUrl}/control/state?shop=${stack.shop}`);
  const state = stateSchema.parse(await response.json());
  return withDb(stack, (db, shopId) =>
    db.inShop(shopId, async (tx) => {
      const prefix = await readPrefix(tx);
      return {
        store: state.store,
        facts: await readFacts(tx),
        cutPoints: await readCutPoints(tx),
        segments: await readSegments(tx),
        tags: await readTags(tx),
        shopify: {
          customersByTag: Object.fromEntries(
            Object.entries(state.customersByTag)
              .filter(([tag]) => tag.toLowerCase().startsWith(prefix.toLowerCase()))
              .sort(([a], [b]) => (a < b ? -1 : 1)),
          ),
        },
        seconds,
        api: state.api,
      };
    }),
  );
}

async function one<T>(tx: ShopTx, text: string): Promise<T> {
  const { rows } = await tx.query<Record<string, unknown>>({ text, values: [tx.shopId] });
  return rows[0] as T;
}

async function readPrefix(tx: ShopTx): Promise<string> {
  const row = await one<{ prefix: string }>(
    tx,
    'SELECT tag_prefix AS prefix FROM shop_settings WHERE shop_id = $1',
  );
  return row.prefix;
}

async function readFacts(tx: ShopTx) {
  const { policy, currency } = await readShopDay(tx, new Date());
  const { rows } = await tx.query<
    Record<'customers' | 'orders' | 'guestOrders' | 'leftOutOrders', number>
  >(sql`
    SELECT (SELECT count(*) FROM customer WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL)::int AS customers,
           count(*)::int AS orders,
           (count(*) FILTER (WHERE o.customer_id IS NULL))::int AS "guestOrders",
           (count(*) FILTER (WHERE ${judgeOrder(policy, currency).leftOut} OR p.left_out))::int AS "leftOutOrders"
      FROM orders o LEFT JOIN profile p ON p.shop_id = o.shop_id AND p.customer_id = o.customer_id
     WHERE o.shop_id = ${tx.shopId} AND o.deleted_at IS NULL`);
  const held = rows[0] ?? { customers: 0, orders: 0, guestOrders: 0, leftOutOrders: 0 };
  const counted = await one<
    Record<'countedOrders' | 'buyers' | 'oneTimeBuyers' | 'repeatBuyers', number> & { netMinor: string }
  >(
    tx,
    `SELECT coalesce(sum(orders), 0)::int AS "countedOrders",
            coalesce(sum(spent_minor), 0)::text AS "netMinor",
            (count(*) FILTER (WHERE orders > 0))::int AS buyers,
            (count(*) FILTER (WHERE orders = 1))::int AS "oneTimeBuyers",
            (count(*) FILTER (WHERE orders > 1))::int AS "repeatBuyers"
       FROM profile WHERE shop_id = $1 AND NOT left_out`,
  );
  return {
    customers: held.customers,
    orders: held.orders,
    guestOrders: held.guestOrders,
    countedOrders: counted.countedOrders,
    netMinor: Number(counted.netMinor),
    currency,
    buyers: counted.buyers,
    oneTimeBuyers: counted.oneTimeBuyers,
    repeatBuyers: counted.repeatBuyers,
    leftOutOrders: held.leftOutOrders,
  };
}

async function readCutPoints(tx: ShopTx) {
  const row = await one<
    Record<'frequency' | 'monetaryMinor' | 'recencyDays' | 'rhythmDays', number[]> | undefined
  >(
    tx,
    `SELECT frequency, monetary_minor AS "monetaryMinor", recency_days AS "recencyDays", rhythm_days AS "rhythmDays"
       FROM cut_points WHERE shop_id = $1 AND published_at IS NOT NULL ORDER BY version DESC LIMIT 1`,
  );
  return row ?? { frequency: [], monetaryMinor: [], recencyDays: [], rhythmDays: [] };
}

async function readSegments(tx: ShopTx) {
  const { rows } = await tx.query<{ key: string; name: string; tag: string; size: number }>({
    text: `SELECT s.key, s.name, t.tag_prefix || s.tag_name AS tag,
                  (SELECT count(*) FROM membership m WHERE m.shop_id = s.shop_id AND m.segment_id = s.id)::int AS size
             FROM segment s JOIN shop_settings t ON t.shop_id = s.shop_id
            WHERE s.shop_id = $1 AND s.status = 'live' ORDER BY s.position, s.id`,
    values: [tx.shopId],
  });
  return rows;
}

/** (customer, tag) pairs confirmed, and those that are given up for good: a later success takes a failure back. */
async function readTags(tx: ShopTx) {
  return one<{ customersTagged: number; added: number; removed: number; failed: number }>(
    tx,
    `SELECT (SELECT count(DISTINCT customer_id) FROM tag_owned WHERE shop_id = $1 AND suppressed_at IS NULL)::int AS "customersTagged",
            (count(*) FILTER (WHERE act = 'add' AND outcome = 'confirmed'))::int AS added,
            (count(*) FILTER (WHERE act = 'remove' AND outcome = 'confirmed'))::int AS removed,
            (SELECT count(*) FROM (
               SELECT DISTINCT ON (customer_id, lower(tag), act) outcome FROM tag_write WHERE shop_id = $1
                ORDER BY customer_id, lower(tag), act, id DESC) last WHERE outcome = 'failed')::int
            + (SELECT count(*) FROM tag_outbox WHERE shop_id = $1)::int AS failed
       FROM tag_write WHERE shop_id = $1`,
  );
}
