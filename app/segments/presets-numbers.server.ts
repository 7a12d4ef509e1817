/**
 * What the ideas are made of: percentiles, gaps, products, collections and countries of this store. What needs orders
 * or lines is counted over a sample of at most 20,000 buyers, so that a store of a million answers like a small one.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { LocalDate } from '../local-date.ts';
import { inSample, stepFor, type SampleStep } from './analysis/sample.ts';
import type { PresetNumbers } from './presets-ideas.ts';
import type { RuleDay } from './read-rule-day.server.ts';

export const SAMPLED_BUYERS = 20_000;
/** Fewer repeat buyers than this say nothing about a habit of the store. */
const FEWEST_REPEATS = 10;
const SHOWN = { products: 2, collections: 1, countries: 3, tags: 20 } as const;

export async function readPresetNumbers(
  tx: ShopTx,
  { day, cutPoints, predictions }: RuleDay,
): Promise<PresetNumbers> {
  const buyers = await readBuyers(tx);
  const step = stepFor(buyers.buyers, SAMPLED_BUYERS);
  const rows = countedRows(tx.shopId, day, step);
  return {
    today: day.today,
    activeDays: cutPoints.rhythmDays[0],
    ...buyers,
    ...(await readHabits(tx, rows)),
    predictedMinor: predictions === null ? null : await readPredicted(tx),
    ...(await readProducts(tx, rows)),
    countries: await readCountries(tx),
    hasSubscriptions: await readSubscriptions(tx),
    loneTags: await readLoneTags(tx, day.tagPrefix),
  };
}

/** Counted orders of the buyers of the sample, with their local day and what the policy says they are worth. */
function countedRows(shopId: string, day: RuleDay['day'], step: SampleStep): Sql {
  const order = judgeOrder(day.policy, day.currency);
  return sql`
    SELECT o.customer_id, o.id, o.processed_at, (o.processed_at AT TIME ZONE ${day.timeZone})::date AS on_day,
           o.discount_minor > 0 AS discounted
      FROM profile p JOIN orders o ON o.shop_id = ${shopId} AND o.customer_id = p.customer_id
     WHERE p.shop_id = ${shopId} AND p.orders > 0 AND NOT p.left_out AND ${inSample('p.customer_id', step)}
       AND ${order.isCounted}`;
}

async function readBuyers(
  tx: ShopTx,
): Promise<Pick<PresetNumbers, 'buyers' | 'bigOrderMinor' | 'returnedShare'>> {
  const { rows } = await tx.query<{
    buyers: number;
    repeats: number;
    big: string | null;
    returned: number | null;
  }>(sql`
    SELECT count(*)::int AS buyers, count(*) FILTER (WHERE orders > 1)::int AS repeats,
           percentile_disc(0.95) WITHIN GROUP (ORDER BY biggest_order_minor)::text AS big,
           percentile_disc(0.9) WITHIN GROUP (ORDER BY 100 * refunded_minor / nullif(spent_minor + refunded_minor, 0))
             FILTER (WHERE orders > 1)::int AS returned
      FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out`);
  const row = rows[0];
  return {
    buyers: row?.buyers ?? 0,
    bigOrderMinor: row?.big ? Number(row.big) : null,
    returnedShare: row && row.repeats >= FEWEST_REPEATS ? row.returned : null,
  };
}

async function readHabits(
  tx: ShopTx,
  counted: Sql,
): Promise<Pick<PresetNumbers, 'discountShare' | 'secondOrderDays' | 'gapDays'>> {
  const { rows } = await tx.query<{
    repeats: number;
    share: number | null;
    second: number[] | null;
    gap: number[] | null;
  }>(sql`
    WITH counted AS (${counted}), placed AS (
      SELECT customer_id, discounted, on_day, row_number() OVER one AS nth, on_day - lag(on_day) OVER one AS gap
        FROM counted WINDOW one AS (PARTITION BY customer_id ORDER BY processed_at, id)
    ), share AS (
      SELECT 100 * count(*) FILTER (WHERE discounted) / count(*) AS off FROM placed
       GROUP BY customer_id HAVING count(*) > 1
    )
    SELECT (SELECT count(*)::int FROM share) AS repeats,
           (SELECT percentile_disc(0.8) WITHIN GROUP (ORDER BY off)::int FROM share) AS share,
           percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY gap) FILTER (WHERE nth = 2) AS second,
           percentile_disc(ARRAY[0.5, 0.75]) WITHIN GROUP (ORDER BY gap) FILTER (WHERE nth > 1) AS gap
      FROM placed`);
  const { repeats = 0, share = null, second = null, gap = null } = rows[0] ?? {};
  const enough = repeats >= FEWEST_REPEATS;
  const [from, to] = second ?? [];
  const [median, most] = gap ?? [];
  return {
    discountShare: enough ? share : null,
    secondOrderDays: enough && from !== undefined && to !== undefined ? { from, to } : null,
    gapDays: enough && median !== undefined && most !== undefined ? { median, most } : null,
  };
}

async function readPredicted(tx: ShopTx): Promise<number | null> {
  const { rows } = await tx.query<{ value: string | null }>(sql`
    SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY expected_value_minor)::text AS value
      FROM prediction WHERE shop_id = ${tx.shopId}`);
  return rows[0]?.value ? Number(rows[0].value) : null;
}

async function readProducts(
  tx: ShopTx,
  counted: Sql,
): Promise<Pick<PresetNumbers, 'products' | 'newest' | 'collections'>> {
  const { rows } = await tx.query<{
    kind: 'top' | 'newest' | 'collection';
    id: string;
    title: string;
    n: number;
    since: LocalDate | null;
  }>(sql`
    WITH counted AS (${counted}), kept AS MATERIALIZED (
      SELECT l.product_id, c.customer_id, sum(l.current_quantity) AS pieces, min(c.on_day) AS first_on
        FROM counted c JOIN order_line l ON l.shop_id = ${tx.shopId} AND l.order_id = c.id
       WHERE l.product_id IS NOT NULL AND l.current_quantity > 0 AND NOT l.gift_card
       GROUP BY l.product_id, c.customer_id
    ), sold AS (
      SELECT k.product_id AS id, p.title, count(*)::int AS n, min(k.first_on) AS since, p.created_at
        FROM kept k JOIN product p ON p.shop_id = ${tx.shopId} AND p.id = k.product_id
       WHERE p.deleted_at IS NULL AND p.title <> ''
       GROUP BY k.product_id, p.title, p.created_at
    ), of_collection AS (
      SELECT i.collection_id AS id, k.customer_id, sum(k.pieces) AS pieces
        FROM kept k JOIN product_collection i ON i.shop_id = ${tx.shopId} AND i.product_id = k.product_id
       GROUP BY 1, 2
    ), fans AS (
      SELECT f.id, g.title, count(*) AS n, percentile_disc(0.75) WITHIN GROUP (ORDER BY f.pieces)::int AS pieces
        FROM of_collection f JOIN collection g ON g.shop_id = ${tx.shopId} AND g.id = f.id
       WHERE g.deleted_at IS NULL AND g.title <> '' GROUP BY f.id, g.title
    )
    (SELECT 'top' AS kind, id, title, n, NULL::date AS since FROM sold ORDER BY n DESC, id LIMIT ${SHOWN.products})
     UNION ALL
    (SELECT 'newest', id, title, n, since FROM sold ORDER BY since DESC, created_at DESC NULLS LAST, id DESC LIMIT 1)
     UNION ALL
    (SELECT 'collection', id, title, pieces, NULL FROM fans ORDER BY fans.n DESC, id LIMIT ${SHOWN.collections})`);
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  const newest = of('newest')[0];
  return {
    products: of('top').map(({ id, title, n }) => ({ id, title, buyers: n })),
    newest: newest?.since ? { id: newest.id, title: newest.title, since: newest.since } : null,
    collections: of('collection').map(({ id, title, n }) => ({ id, title, pieces: n })),
  };
}

async function readCountries(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ code: string }>(sql`
    SELECT c.country_code AS code FROM profile p JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = p.customer_id
     WHERE p.shop_id = ${tx.shopId} AND NOT p.left_out AND c.country_code ~ '^[A-Z]{2}$'
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${SHOWN.countries}`);
  return rows.map(({ code }) => code);
}

async function readSubscriptions(tx: ShopTx): Promise<boolean> {
  const { rows } = await tx.query<{ has: boolean }>(sql`
    SELECT EXISTS (SELECT FROM customer WHERE shop_id = ${tx.shopId} AND subscriber_status <> 'NEVER_SUBSCRIBED') AS has`);
  return rows[0]?.has ?? false;
}

async function readLoneTags(tx: ShopTx, prefix: string): Promise<string[]> {
  const { rows } = await tx.query<{ tag: string }>(sql`
    SELECT min(tag) AS tag FROM customer c CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
     WHERE c.shop_id = ${tx.shopId} AND c.deleted_at IS NULL AND NOT starts_with(lower(tag), lower(${prefix}))
     GROUP BY lower(tag) HAVING count(*) = 1 ORDER BY 1 LIMIT ${SHOWN.tags}`);
  return [...new Map(rows.map(({ tag }) => [tagKey(tag), tag])).values()];
}
