/** What the tests of the brake begin with. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import type { Cause } from '../../../app/intake/cause.ts';
import { atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { decideHeldChange, type Decision } from '../../../app/pipeline/decide-held-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putOrders, type OrderRow } from '../../support/insert-facts.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

export const HIGH_M: Rule = { v: 1, where: { field: 'm', op: 'eq', value: 5 } };
export const LATER = '2026-12-22' as LocalDate;

export interface BrakeStage {
  readonly t: TestDb;
  /** The arithmetic store with a live and a paused segment of the highest spenders, made anew for each test. */
  readonly shop: SegmentShop;
  /** Made anew in the middle of a test. */
  renew(): Promise<void>;
  /** As if every tag had been written. */
  settleTags(tx: ShopTx): Promise<void>;
  /** Large orders of these customers, the day before LATER. */
  ordersOf(customers: readonly number[], totalMinor?: number): OrderRow[];
  happen(customers: readonly number[], cause?: Cause, totalMinor?: number): Promise<void>;
  /** Everybody whom the high cut point leaves behind moves when it rises. */
  moveTheStore(): Promise<void>;
  decide(id: string, decision: Decision): ReturnType<typeof decideHeldChange>;
  inForce(tx: ShopTx): Promise<number | undefined>;
  outbox(tx: ShopTx): Promise<{ id: string; held: boolean }[]>;
  claim(tx: ShopTx): ReturnType<typeof claimBatch>;
}

/** Registers the hooks of the file that calls it. */
export function brakeStage(): BrakeStage {
  let t: TestDb;
  let shop: SegmentShop;
  beforeAll(async () => {
    t = await createTestDb();
  });
  afterAll(() => t.close());

  async function renew(): Promise<void> {
    shop = await createArithmeticShop(t);
    await shop.in((tx) =>
      putSegments(tx, { high: { rule: HIGH_M }, paused: { rule: HIGH_M, status: 'paused' } }),
    );
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
    await shop.in(settleTags);
  }
  beforeEach(renew);
  /** As if every tag had been written. */
  async function settleTags(tx: ShopTx): Promise<void> {
    await tx.query('DELETE FROM tag_outbox');
    await tx.query('DELETE FROM tag_owned');
    await tx.query(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT m.shop_id, m.customer_id, 'regulars-' || g.tag_name, 'regulars-' || g.tag_name, ${ARITHMETIC_NOON}
      FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id AND g.status = 'live'`);
  }

  const ordersOf = (customers: readonly number[], totalMinor = 900_000): OrderRow[] =>
    customers.map((customer) => ({
      id: String(50_000 + customer),
      customerId: String(customer),
      totalMinor,
      processedAt: atHour('2026-12-21' as LocalDate, 12, ARITHMETIC_TIME_ZONE),
    }));

  async function happen(customers: readonly number[], cause: Cause = 'order', totalMinor?: number) {
    const orders = ordersOf(customers, totalMinor);
    await shop.in(async (tx) => {
      await waitForShop(tx, shop.shopId);
      await putOrders(tx, orders);
      await refresh(tx, {
        touched: new Map(customers.map((id) => [String(id), cause])),
        now: shop.clock.now(),
      });
    });
  }

  /** Everybody whom the high cut point leaves behind moves when it rises. */
  async function moveTheStore(): Promise<void> {
    shop.clock.set(startOfDay(LATER, ARITHMETIC_TIME_ZONE));
    // Written straight to the facts and profiles, so that only new cut points can move anybody.
    await happen(Array.from({ length: 150 }, (_, i) => i + 1));
    await shop.in(settleTags);
    shop.clock.advance(3_600_000);
  }

  const decide = (id: string, decision: Decision) =>
    decideHeldChange(shop.ctx, shop.shopId, { id, decision, actor: 'anna', now: shop.clock.now() });

  const inForce = (tx: ShopTx) =>
    tx
      .query<{ v: number }>('SELECT max(version)::int AS v FROM cut_points WHERE published_at IS NOT NULL')
      .then(({ rows }) => rows[0]?.v);

  const outbox = (tx: ShopTx) =>
    tx
      .query<{ id: string; held: boolean }>(
        'SELECT customer_id AS id, held_by IS NOT NULL AS held FROM tag_outbox ORDER BY customer_id',
      )
      .then(({ rows }) => rows);

  const claim = (tx: ShopTx) =>
    claimBatch(tx, {
      writer: 'one',
      machineNow: new Date('2027-01-01T00:00:00Z'),
      now: shop.clock.now(),
      leaseMs: 1_000,
      maxCustomers: 1_000,
      way: 'single',
    });

  return {
    get t() {
      return t;
    },
    get shop() {
      return shop;
    },
    renew,
    settleTags,
    ordersOf,
    happen,
    moveTheStore,
    decide,
    inForce,
    outbox,
    claim,
  };
}
