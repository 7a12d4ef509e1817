/** A shop with facts and segments of its own, for tests of evaluation. */
import { manualClock, type ManualClock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../app/db/tenancy.server.ts';
import type { Log } from '../../app/log.server.ts';
import { recomputeShop } from '../../app/pipeline/recompute-shop.server.ts';
import type { Rule } from '../../app/segments/rule.ts';
import type { SegmentStatus } from '../../app/segments/segment.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE, arithmeticStore } from './arithmetic-store.ts';
import { putCustomers, putLocations, putOrders, putProducts, STATISTICS } from './insert-facts.ts';
import type { RandomStore } from './random-store.ts';
import type { OracleCustomer } from './rule-oracle.ts';
import { silentLog } from './silent-log.ts';
import type { TestDb } from './test-db.ts';

export interface SegmentShop {
  shopId: ShopId;
  clock: ManualClock;
  ctx: { db: Db; clock: ManualClock; log: Log };
  in<T>(work: (tx: ShopTx) => Promise<T>): Promise<T>;
  /** "customer key", sorted: every stored membership. */
  memberships(): Promise<string[]>;
}

/** @param store loaded and worked out as an import would, with the first numbers published */
export async function createSegmentShop(
  t: TestDb,
  {
    now,
    timeZone,
    store,
    policy,
  }: {
    now: Date;
    timeZone: string;
    store: RandomStore;
    policy?: unknown;
  },
): Promise<SegmentShop> {
  const shopId = await t.createShop({ timeZone });
  const clock = manualClock(now);
  const ctx = { db: t.db, clock, log: silentLog() };
  await t.db.inShop(shopId, async (tx) => {
    await tx.query(
      sql`UPDATE shop_settings SET policy = ${JSON.stringify(policy ?? {})}::jsonb WHERE shop_id = ${shopId}`,
    );
    await putCustomers(tx, store.customers);
    await putOrders(tx, store.orders);
    await putProducts(tx, store.products ?? []);
    await putLocations(tx, store.locations ?? []);
    await tx.query(STATISTICS);
  });
  await recomputeShop(ctx, shopId, { cause: 'import', publish: 'if-due' });
  return {
    shopId,
    clock,
    ctx,
    in: (work) => t.db.inShop(shopId, work),
    memberships: () => t.db.inShop(shopId, storedMemberships),
  };
}

/** The arithmetic store, at its noon, or with another set-up. */
export function createArithmeticShop(t: TestDb, { now = ARITHMETIC_NOON } = {}): Promise<SegmentShop> {
  return createSegmentShop(t, { now, timeZone: ARITHMETIC_TIME_ZONE, store: arithmeticStore() });
}

export async function putSegments(
  tx: ShopTx,
  segments: Readonly<Record<string, { rule: Rule | unknown; status?: SegmentStatus }>>,
): Promise<void> {
  for (const [key, { rule, status = 'live' }] of Object.entries(segments)) {
    await tx.query(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, position, created_at)
      SELECT ${tx.shopId}, ${key}, ${key}, 'own', ${key}, ${status}, ${JSON.stringify(rule)}::jsonb, count(*),
             ${new Date('2026-01-01T00:00:00Z')} FROM segment WHERE shop_id = ${tx.shopId}`);
  }
}

export async function storedMemberships(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ one: string }>(sql`
    SELECT m.customer_id || ' ' || g.key AS one FROM membership m
      JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
     WHERE m.shop_id = ${tx.shopId} ORDER BY m.customer_id, g.key COLLATE "C"`);
  return rows.map((row) => row.one);
}

/** As a fit of version 1 would have written them; people with null get none. */
export async function putPredictions(
  tx: ShopTx,
  people: readonly (readonly [id: string, OracleCustomer['prediction']])[],
): Promise<void> {
  for (const [id, said] of people) {
    if (!said) continue;
    await tx.query(sql`
      INSERT INTO prediction (shop_id, customer_id, fit_version, alive, expected_orders, expected_value_minor, risk,
                              next_order_on)
      VALUES (${tx.shopId}, ${id}::bigint, 1, ${said.alive}::float8, ${said.expectedOrders}::float8,
              ${said.expectedValueMinor}::bigint, ${said.risk}, ${said.nextOrderOn}::date)`);
  }
}

/** A fit in force, applied to everybody, without the models. */
export async function putFitInForce(
  tx: ShopTx,
  at: Date,
  { trusted = true, currency = 'EUR' } = {},
): Promise<void> {
  await tx.query(sql`
    INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, published_at, applied_at, verdict, model, currency,
                         customers, repeat_customers, trusted)
    SELECT ${tx.shopId}::bigint, coalesce(max(version), 0) + 1, ${at.toISOString().slice(0, 10)}::date, ${at}::timestamptz,
           ${at}::timestamptz, ${at}::timestamptz, 'good', 'mbgnbd', ${currency}, 300, 80, ${trusted}::boolean
      FROM ltv_fit WHERE shop_id = ${tx.shopId}`);
}
