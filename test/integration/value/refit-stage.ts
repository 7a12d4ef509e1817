/** Stores for the tests of a fit: drawn from the model itself, and the same purchases by the pure functions. */
import { afterAll, beforeAll, expect } from 'vitest';
import { manualClock, type ManualClock } from '../../../app/clock.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { computeProfiles } from '../../../app/history/compute-profiles.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { touchCustomersAfter } from '../../../app/history/touched-customers.server.ts';
import { atHour, addDays, localDateOf, type LocalDate } from '../../../app/local-date.ts';
import { reportLtv, type LtvReport } from '../../../app/value/models/ltv-report.ts';
import { dayNumberOf, PurchaseLog } from '../../../app/value/models/purchase-history.ts';
import { YEAR } from '../../../app/value/models/units.ts';
import { putCustomers, putOrders, type CustomerRow, type OrderRow } from '../../support/insert-facts.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { seeded, simulateBetaGeometric, evenAges } from '../../unit/value/simulate.ts';

export const ZONE = 'Pacific/Auckland';
export const TODAY = '2026-11-22' as LocalDate;
export const NOW = atHour(TODAY, 3, ZONE);

export interface Prediction {
  id: string;
  version: number;
  alive: number;
  orders: number;
  valueMinor: string;
  risk: string;
  from: LocalDate | null;
  on: LocalDate | null;
  to: LocalDate | null;
}

/** 600 people over two years, by the model itself; some orders of a kind that must not be read. */
export function drawStore(seed: number): { customers: CustomerRow[]; orders: OrderRow[] } {
  const random = seeded(seed);
  const ages = evenAges(600, 5, 700).map(Math.round);
  const drawn = simulateBetaGeometric(
    random,
    { r: 0.7, alpha: 50, a: 0.7, b: 1.8 },
    { afterFirst: true, ages },
  );
  const customers: CustomerRow[] = [];
  const orders: OrderRow[] = [];
  let next = 1;
  ages.forEach((age, i) => {
    const id = String(i + 1);
    customers.push({ id, tags: i % 50 === 7 ? ['staff'] : [] });
    const place = (daysAgo: number, more: Partial<OrderRow> = {}) => {
      const at = atHour(addDays(TODAY, -daysAgo), i % 24, ZONE);
      const totalMinor = 2_000 + Math.floor(random() * 6_000);
      orders.push({ id: String(next++), customerId: id, processedAt: at, totalMinor, ...more });
    };
    const x = drawn.x[i] ?? 0;
    const last = Math.floor(drawn.txDays[i] ?? 0);
    place(age);
    for (let n = 1; n <= x; n++) place(age - Math.floor((last * n) / x));
    if (i % 10 === 0) place(age, { totalMinor: 500 });
    if (i % 13 === 0) place(Math.max(0, age - 3), { sourceName: 'subscription_contract' });
    if (i % 17 === 0) place(Math.max(0, age - 2), { cancelledAt: NOW });
    if (i % 19 === 0) place(Math.max(0, age - 1), { currency: 'USD', totalMinor: 999_999 });
    if (i % 23 === 0)
      place(Math.max(0, age - 4), {
        financialStatus: 'PARTIALLY_REFUNDED',
        totalMinor: 9_000,
        refundedMinor: 4_000,
      });
  });
  return { customers, orders };
}

/** The same purchases through the pure functions that `npm run ltv` uses. */
export function reportOf({ customers, orders }: { customers: CustomerRow[]; orders: OrderRow[] }): LtvReport {
  const staff = new Set(customers.filter((one) => one.tags?.includes('staff')).map((one) => one.id));
  const logs = new Map<string, PurchaseLog>();
  for (const order of orders) {
    const left =
      staff.has(order.customerId ?? '') || order.cancelledAt || order.sourceName === 'subscription_contract';
    if (left || !order.customerId) continue;
    const log = logs.get(order.customerId) ?? new PurchaseLog();
    logs.set(order.customerId, log);
    const spent = (order.totalMinor ?? 0) - (order.refundedMinor ?? 0);
    log.add(dayNumberOf(localDateOf(order.processedAt, ZONE)), order.currency === 'USD' ? null : spent);
  }
  const outcome = reportLtv(
    [...logs].map(([name, log]) => ({ name, purchases: log.close() })),
    { unit: 'day', model: 'mbgnbd', days: YEAR, annualRate: 0, calibrationEnd: dayNumberOf(TODAY) },
  );
  if (outcome.outcome !== 'report') throw new Error(outcome.sentence);
  return outcome.report;
}

export const near = (a: number, b: number, relative = 1e-6) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(relative * Math.max(1e-9, Math.abs(b)));

export interface RefitStage {
  readonly t: TestDb;
  makeShop(store: { customers: CustomerRow[]; orders: OrderRow[] }): Promise<ShopId>;
  computeAll(shopId: ShopId, now: Date): Promise<void>;
  context(now?: Date): { db: TestDb['db']; clock: ManualClock; log: ReturnType<typeof silentLog> };
  predictions(tx: ShopTx): Promise<Prediction[]>;
}

/** Registers the hooks of the file that calls it. */
export function refitStage(): RefitStage {
  let t: TestDb;
  beforeAll(async () => {
    t = await createTestDb();
  });
  afterAll(() => t.close());

  async function makeShop(store: { customers: CustomerRow[]; orders: OrderRow[] }): Promise<ShopId> {
    const shopId = await t.createShop({ timeZone: ZONE });
    await t.db.inShop(shopId, async (tx) => {
      await tx.query(
        sql`UPDATE shop_settings SET policy = '{"leaveOutCustomerTags": ["staff"]}' WHERE shop_id = ${shopId}`,
      );
      await putCustomers(tx, store.customers);
      await putOrders(tx, store.orders);
    });
    await computeAll(shopId, NOW);
    return shopId;
  }

  function computeAll(shopId: ShopId, now: Date) {
    return t.db.inShop(shopId, async (tx) => {
      await touchCustomersAfter(tx, '0', 100_000, 'import');
      await computeProfiles(tx, await readShopDay(tx, now));
    });
  }

  const context = (now: Date = NOW) => ({ db: t.db, clock: manualClock(now), log: silentLog() });

  async function predictions(tx: ShopTx): Promise<Prediction[]> {
    const { rows } = await tx.query<Prediction & Record<string, unknown>>(
      `SELECT customer_id AS id, fit_version AS version, alive, expected_orders AS orders,
            expected_value_minor AS "valueMinor", risk, next_order_from AS "from", next_order_on AS "on",
            next_order_to AS "to" FROM prediction ORDER BY customer_id`,
    );
    return rows;
  }

  return {
    get t() {
      return t;
    },
    makeShop,
    computeAll,
    context,
    predictions,
  };
}
