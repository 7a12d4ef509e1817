/**
 * One person is left out of everything computed by the merchant's word, or counted again: at once, and what it changes
 * is shown before. It is looked at by doing it and taking it back, so what is shown is what is done.
 */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql, type Sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { Log } from '../log.server.ts';
import { refresh } from './refresh.server.ts';

export interface PersonEffect {
  /** Names of live segments. */
  enter: string[];
  leave: string[];
  /** Of this customer: what no longer counts, or counts again. */
  orders: number;
  /** Minor units. */
  spentMinor: string;
}

export type LeftOutPerson =
  | { outcome: 'done' | 'looked'; effect: PersonEffect }
  /** There is no such customer, or it is so already. */
  | { outcome: 'nothing' };

export interface LeaveOutInput {
  customerId: ShopifyId;
  /** False: counted again. */
  out: boolean;
  actor: string;
  /** Business time. */
  now: Date;
}

export function lookAtLeavingOut(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  input: LeaveOutInput,
): Promise<LeftOutPerson> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    await tx.query('SAVEPOINT looking');
    const done = await carryOut(tx, ctx, input);
    await tx.query('ROLLBACK TO SAVEPOINT looking');
    return done.outcome === 'done' ? { ...done, outcome: 'looked' } : done;
  });
}

export function leaveOutPerson(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  input: LeaveOutInput,
): Promise<LeftOutPerson> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const done = await carryOut(tx, ctx, input);
    if (done.outcome === 'done') {
      ctx.log.info(
        { shopId, out: input.out, segments: done.effect.leave.length },
        'a person is left out, or not',
      );
    }
    return done;
  });
}

export async function isLeftOutByHand(tx: ShopTx, customerId: ShopifyId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM left_out_person WHERE shop_id = ${tx.shopId} AND ${namesThem(tx, customerId)}`);
  return rowCount !== 0;
}

/** Somebody, also by the number of a customer who was merged into them. */
function namesThem(tx: ShopTx, customerId: ShopifyId): Sql {
  return sql`(customer_id = ${customerId}::bigint OR customer_id IN (
    SELECT old_id FROM customer_alias WHERE shop_id = ${tx.shopId} AND kept_id = ${customerId}::bigint))`;
}

/** Those named by hand, newest first. */
export async function readLeftOutPeople(tx: ShopTx, limit: number): Promise<{ id: ShopifyId; at: Date }[]> {
  const { rows } = await tx.query<{ id: ShopifyId; at: Date }>(sql`
    SELECT coalesce(a.kept_id, n.customer_id) AS id, max(n.at) AS at FROM left_out_person n
      LEFT JOIN customer_alias a ON a.shop_id = ${tx.shopId} AND a.old_id = n.customer_id
     WHERE n.shop_id = ${tx.shopId} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${limit}`);
  return rows;
}

async function carryOut(
  tx: ShopTx,
  ctx: { log: Log },
  { customerId, out, actor, now }: LeaveOutInput,
): Promise<LeftOutPerson> {
  const { rowCount } = await tx.query(
    out
      ? sql`INSERT INTO left_out_person (shop_id, customer_id, at, actor)
            SELECT shop_id, customer_id, ${now}::timestamptz, ${actor} FROM profile
             WHERE shop_id = ${tx.shopId} AND customer_id = ${customerId}::bigint
            ON CONFLICT DO NOTHING`
      : sql`DELETE FROM left_out_person
             WHERE shop_id = ${tx.shopId} AND ${namesThem(tx, customerId)}`,
  );
  if (!rowCount) return { outcome: 'nothing' };
  const before = await liveSegmentsOf(tx, customerId);
  await refresh(tx, { touched: new Map([[customerId, 'manual']]), now, log: ctx.log });
  const after = await liveSegmentsOf(tx, customerId);
  const { rows } = await tx.query<{ orders: number; spentMinor: string }>(sql`
    SELECT orders, spent_minor::text AS "spentMinor" FROM profile
     WHERE shop_id = ${tx.shopId} AND customer_id = ${customerId}::bigint`);
  return {
    outcome: 'done',
    effect: {
      enter: after.filter((name) => !before.includes(name)),
      leave: before.filter((name) => !after.includes(name)),
      orders: rows[0]?.orders ?? 0,
      spentMinor: rows[0]?.spentMinor ?? '0',
    },
  };
}

async function liveSegmentsOf(tx: ShopTx, customerId: ShopifyId): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(sql`
    SELECT g.name FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
     WHERE m.shop_id = ${tx.shopId} AND m.customer_id = ${customerId}::bigint AND g.status = 'live'
     ORDER BY g.position, g.id`);
  return rows.map(({ name }) => name);
}
