/**
 * Two segments side by side, or one and everybody else. People in both are on the side of the first only, so that the
 * sides have nobody in common, which the intervals rest on. Up to 20,000 people a side are looked at, drawn the same
 * way each time.
 */
import { join, raw, sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { judgeOrder } from '../../history/order-policy-sql.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import {
  compareMean,
  compareShare,
  MEAN_KEYS,
  SHARE_KEYS,
  type Comparison,
  type Kind,
  type MeanKey,
  type ShareKey,
} from './comparison.ts';
import { inSample, stepFor } from './sample.ts';
import { withinLimit, type Timed } from './within-limit.server.ts';

export interface ComparedSides {
  comparison: Comparison;
  /** People in each segment, those in both, and how many of each side were looked at. */
  members: { a: number; b: number; both: number };
  looked: { a: number; b: number };
}

export const SAMPLED_A_SIDE = 20_000;
const LIMIT_MS = 20_000;
/** Names that are shown of a kind. */
const SHOWN = 6;

/** @param b null: everybody who is not in `a` */
export async function readComparison(
  tx: ShopTx,
  day: ShopDay,
  { a, b }: { a: string; b: string | null },
  most = SAMPLED_A_SIDE,
): Promise<Timed<ComparedSides>> {
  return withinLimit(tx, LIMIT_MS, async () => {
    const members = await countMembers(tx, a, b);
    const sides = sidesOf(
      tx.shopId,
      { a, b },
      {
        a: stepFor(members.a, most),
        b: stepFor(members.b - members.both, most),
      },
    );
    const facts = factsOf(tx.shopId, day, sides);
    const { numbers, looked } = await readNumbers(tx, facts);
    const kinds = {
      country: await readKind(tx, facts, 'country', looked),
      channel: await readKind(tx, firstChannels(tx.shopId, day, sides), 'channel', looked),
      product: await readKind(tx, productsBought(tx.shopId, day, sides), 'product', looked),
    };
    return { comparison: { ...numbers, kinds }, members, looked: { a: looked.a.all, b: looked.b.all } };
  });
}

async function countMembers(tx: ShopTx, a: string, b: string | null) {
  const inA = sql`m.shop_id = ${tx.shopId} AND m.segment_id = ${a}::bigint`;
  const { rows } = await tx.query<{ a: number; b: number; both: number }>(
    b === null
      ? sql`SELECT (SELECT count(*)::int FROM membership m WHERE ${inA}) AS a, 0 AS both,
                   (SELECT count(*)::int FROM profile p WHERE p.shop_id = ${tx.shopId} AND NOT p.left_out
                       AND NOT EXISTS (SELECT FROM membership m WHERE ${inA} AND m.customer_id = p.customer_id)) AS b`
      : sql`SELECT (SELECT count(*)::int FROM membership m WHERE ${inA}) AS a,
                   (SELECT count(*)::int FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ${b}::bigint) AS b,
                   (SELECT count(*)::int FROM membership m JOIN membership o
                        ON o.shop_id = ${tx.shopId} AND o.segment_id = ${b}::bigint AND o.customer_id = m.customer_id
                     WHERE ${inA}) AS both`,
  );
  return rows[0] ?? { a: 0, b: 0, both: 0 };
}

/** (side, customer_id): of each side so many. */
function sidesOf(
  shopId: string,
  { a, b }: { a: string; b: string | null },
  steps: { a: number; b: number },
): Sql {
  const notInA = (column: 'm.customer_id' | 'p.customer_id') => sql`NOT EXISTS (
    SELECT FROM membership one WHERE one.shop_id = ${shopId} AND one.segment_id = ${a}::bigint AND one.customer_id = ${raw(column)})`;
  const others =
    b === null
      ? sql`SELECT 'b', p.customer_id FROM profile p
             WHERE p.shop_id = ${shopId} AND NOT p.left_out AND ${inSample('p.customer_id', steps.b)} AND ${notInA('p.customer_id')}`
      : sql`SELECT 'b', m.customer_id FROM membership m
             WHERE m.shop_id = ${shopId} AND m.segment_id = ${b}::bigint AND ${inSample('m.customer_id', steps.b)}
               AND ${notInA('m.customer_id')}`;
  return sql`
    SELECT 'a' AS side, m.customer_id FROM membership m
     WHERE m.shop_id = ${shopId} AND m.segment_id = ${a}::bigint AND ${inSample('m.customer_id', steps.a)}
     UNION ALL ${others}`;
}

/** One row a person: side, name (the country), and everything that means and shares are taken of; null: not asked of them. */
function factsOf(shopId: string, { policy, currency, today }: ShopDay, sides: Sql): Sql {
  const order = judgeOrder(policy, currency);
  const buys = sql`p.orders > 0`;
  return sql`
    SELECT s.side, s.customer_id, c.country_code AS name, ${buys} AS buyers, p.orders > 1 AS repeat_buyers,
           coalesce(c.email_consent = 'SUBSCRIBED', false) AS email, coalesce(c.sms_consent = 'SUBSCRIBED', false) AS sms,
           p.spent_minor::float8 AS spent, p.orders::float8 AS orders,
           CASE WHEN ${buys} THEN p.spent_minor / p.orders::float8 END AS average_order,
           (${today}::date - p.first_order_on)::float8 AS days_since_first_order,
           (${today}::date - p.last_order_on)::float8 AS days_since_last_order,
           CASE WHEN ${buys} THEN 100 * d.discounted / d.orders::float8 END AS share_at_discount,
           CASE WHEN ${buys} THEN 100 * p.refunded_minor / nullif(p.spent_minor + p.refunded_minor, 0)::float8 END AS share_returned
      FROM (${sides}) s
      JOIN profile p ON p.shop_id = ${shopId} AND p.customer_id = s.customer_id
      LEFT JOIN customer c ON c.shop_id = ${shopId} AND c.id = s.customer_id
      LEFT JOIN LATERAL (
        SELECT nullif(count(*), 0) AS orders, count(*) FILTER (WHERE o.discount_minor > 0) AS discounted FROM orders o
         WHERE o.shop_id = ${shopId} AND o.customer_id = s.customer_id AND ${order.isCounted}) d ON ${buys}`;
}

type Looked = Record<'a' | 'b', { all: number; buyers: number }>;
type SideRow = { side: 'a' | 'b'; n: number } & Record<`share_${ShareKey}`, number> &
  Record<`n_${MeanKey}` | `mean_${MeanKey}` | `variance_${MeanKey}`, number | null>;

async function readNumbers(
  tx: ShopTx,
  facts: Sql,
): Promise<{ numbers: Omit<Comparison, 'kinds'>; looked: Looked }> {
  const shares = SHARE_KEYS.map(
    (key) => sql`count(*) FILTER (WHERE ${raw(key)})::int AS ${raw(`share_${key}`)}`,
  );
  const means = MEAN_KEYS.map(
    (key) => sql`count(${raw(key)})::int AS ${raw(`n_${key}`)}, avg(${raw(key)}) AS ${raw(`mean_${key}`)},
                 var_samp(${raw(key)}) AS ${raw(`variance_${key}`)}`,
  );
  const { rows } = await tx.query<SideRow>(sql`
    SELECT side, count(*)::int AS n, ${join([...shares, ...means])} FROM (${facts}) person GROUP BY side`);
  const of = (side: 'a' | 'b') => rows.find((row) => row.side === side);
  const meanOf = (side: 'a' | 'b', key: MeanKey) => {
    const row = of(side);
    return {
      n: row?.[`n_${key}`] ?? 0,
      mean: row?.[`mean_${key}`] ?? 0,
      variance: row?.[`variance_${key}`] ?? 0,
    };
  };
  const shareOf = (side: 'a' | 'b', key: ShareKey) => ({
    some: of(side)?.[`share_${key}`] ?? 0,
    of: of(side)?.n ?? 0,
  });
  const lookedAt = (side: 'a' | 'b') => ({ all: of(side)?.n ?? 0, buyers: shareOf(side, 'buyers').some });
  return {
    numbers: {
      means: MEAN_KEYS.map((key) => compareMean(key, meanOf('a', key), meanOf('b', key))),
      shares: SHARE_KEYS.map((key) => compareShare(key, shareOf('a', key), shareOf('b', key))),
    },
    looked: { a: lookedAt('a'), b: lookedAt('b') },
  };
}

/** (side, customer_id, name): the channel of the first order that counts. */
function firstChannels(shopId: string, { policy, currency }: ShopDay, sides: Sql): Sql {
  const order = judgeOrder(policy, currency);
  return sql`
    SELECT s.side, s.customer_id, f.name FROM (${sides}) s
      CROSS JOIN LATERAL (
        SELECT coalesce(nullif(btrim(o.channel), ''), nullif(btrim(o.source_name), '')) AS name FROM orders o
         WHERE o.shop_id = ${shopId} AND o.customer_id = s.customer_id AND ${order.isCounted}
         ORDER BY o.processed_at, o.id LIMIT 1) f`;
}

/** (side, customer_id, name): each product that somebody bought and kept, once. */
function productsBought(shopId: string, { policy, currency }: ShopDay, sides: Sql): Sql {
  const order = judgeOrder(policy, currency);
  return sql`
    SELECT DISTINCT s.side, s.customer_id, coalesce(nullif(t.title, ''), nullif(l.title, '')) AS name FROM (${sides}) s
      JOIN orders o ON o.shop_id = ${shopId} AND o.customer_id = s.customer_id
      JOIN order_line l ON l.shop_id = ${shopId} AND l.order_id = o.id AND l.current_quantity > 0
      LEFT JOIN product t ON t.shop_id = ${shopId} AND t.id = l.product_id
     WHERE ${order.isCounted}`;
}

/** The names that most people of both sides together have: chosen before looking at any difference. */
async function readKind(tx: ShopTx, people: Sql, kind: Kind, looked: Looked): Promise<Comparison['shares']> {
  const { rows } = await tx.query<{ name: string; a: number; b: number }>(sql`
    SELECT name, count(*) FILTER (WHERE side = 'a')::int AS a, count(*) FILTER (WHERE side = 'b')::int AS b
      FROM (${people}) person WHERE name IS NOT NULL
     GROUP BY name ORDER BY count(*) DESC, name COLLATE "C" LIMIT ${SHOWN}`);
  const whole = (side: 'a' | 'b') => (kind === 'country' ? looked[side].all : looked[side].buyers);
  return rows.map(({ name, a, b }) =>
    compareShare(name, { some: a, of: whole('a') }, { some: b, of: whole('b') }),
  );
}
