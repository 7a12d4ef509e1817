/** A store's fit and predictions in SQL, held to the pure functions on the same purchases. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../../app/clock.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { computeProfiles } from '../../../app/history/compute-profiles.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { touchCustomers, touchCustomersAfter } from '../../../app/history/touched-customers.server.ts';
import { atHour, addDays, localDateOf, type LocalDate } from '../../../app/local-date.ts';
import { applyFit } from '../../../app/pipeline/apply-fit.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { holdPublication, readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { readBasis } from '../../../app/pipeline/measure-publication.server.ts';
import { refresh, refreshTouched } from '../../../app/pipeline/refresh.server.ts';
import { refitShop } from '../../../app/pipeline/refit-shop.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { expectedAmount } from '../../../app/value/models/gamma-gamma.ts';
import { reportLtv, type LtvReport } from '../../../app/value/models/ltv-report.ts';
import { mbgnbdAlive } from '../../../app/value/models/mbgnbd.ts';
import { dayNumberOf, PurchaseLog } from '../../../app/value/models/purchase-history.ts';
import { YEAR, type Age, type AgeAtLastOrder } from '../../../app/value/models/units.ts';
import { readFitInput } from '../../../app/value/read-fit-input.server.ts';
import { readFitInForce, readFits, type FitInForce } from '../../../app/value/read-fit.server.ts';
import { storeHoldPeriod } from '../../../app/value/hold-period.server.ts';
import { readPrediction } from '../../../app/value/read-prediction.server.ts';
import { readPredictionsInForce } from '../../../app/value/read-predictions-in-force.server.ts';
import { writePredictions } from '../../../app/value/write-predictions.server.ts';
import { putCustomers, putOrders, type CustomerRow, type OrderRow } from '../../support/insert-facts.ts';
import { putSegments, storedMemberships } from '../../support/segment-shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { seeded, simulateBetaGeometric, simulateAmounts, evenAges } from '../../unit/value/simulate.ts';

const ZONE = 'Pacific/Auckland';
const TODAY = '2026-11-22' as LocalDate;
const NOW = atHour(TODAY, 3, ZONE);

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

interface Prediction {
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
function drawStore(seed: number): { customers: CustomerRow[]; orders: OrderRow[] } {
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

/** The same purchases through the pure functions that `npm run ltv` uses. */
function reportOf({ customers, orders }: { customers: CustomerRow[]; orders: OrderRow[] }): LtvReport {
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

const near = (a: number, b: number, relative = 1e-6) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(relative * Math.max(1e-9, Math.abs(b)));

describe('a store that the models fit', () => {
  const store = drawStore(11);
  let shopId: ShopId;
  let fit: FitInForce;

  beforeAll(async () => {
    shopId = await makeShop(store);
    const refit = await refitShop(context(), shopId, { chunk: 150 });
    expect(refit.publication).toMatchObject({ outcome: 'published', reason: 'first', version: 1 });
    fit = (await t.db.inShop(shopId, readFitInForce)) as FitInForce;
  });

  test('the fit and every prediction are those of the pure functions', async () => {
    const report = reportOf(store);
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      near(fit.params[name], report.models.mbgnbd.params[name] ?? 0, 1e-4);
    near(fit.amounts?.p ?? 0, report.gammaGamma.params?.p ?? 1, 1e-4);
    const rows = await t.db.inShop(shopId, predictions);
    const wanted = new Map(report.rows.map((row) => [row.customer, row]));
    expect(rows.map((row) => row.id).sort()).toEqual([...wanted.keys()].sort());
    for (const row of rows) {
      const one = wanted.get(row.id);
      near(row.alive, one?.alive ?? 0, 1e-4);
      near(row.orders, one?.expectedOrders ?? 0, 1e-4);
      expect(Math.abs(Number(row.valueMinor) - (one?.expectedValue ?? 0))).toBeLessThan(
        1 + 1e-3 * (one?.expectedValue ?? 0),
      );
      expect(row.risk).toBe(row.alive >= 0.8 ? 'low' : row.alive >= 0.5 ? 'medium' : 'high');
      for (const [earlier, later] of [
        [row.from, row.on],
        [row.on, row.to],
      ]) {
        if (earlier && later) expect(earlier <= later).toBe(true);
      }
    }
    expect(new Set(rows.map((row) => row.version))).toEqual(new Set([1]));
  });

  test('its amounts are Gamma-Gamma’s, in minor units', async () => {
    const rows = await t.db.inShop(shopId, predictions);
    const report = reportOf(store);
    const one = report.rows.find((row) => row.x >= 3);
    const row = rows.find((each) => each.id === one?.customer);
    const alive = mbgnbdAlive(
      fit.params,
      one?.x ?? 0,
      (one?.tx ?? 0) as AgeAtLastOrder,
      (one?.T ?? 0) as Age,
    );
    near(row?.alive ?? 0, alive, 1e-9);
    const amount = expectedAmount(fit.amounts ?? { p: 1, q: 2, gamma: 1 }, one?.x ?? 0, one?.zbar ?? 0);
    expect(Math.abs(Number(row?.valueMinor) - (row?.orders ?? 0) * amount)).toBeLessThan(
      1 + 0.2 * amount * (row?.orders ?? 0),
    );
  });

  test('the report holds the back-test of all models, the baselines and the cumulative orders', async () => {
    const { newest } = await t.db.inShop(shopId, readFits);
    const report = newest?.report;
    expect(newest).toMatchObject({
      verdict: 'good',
      reason: null,
      customers: 588,
      trusted: true,
      currency: 'EUR',
    });
    expect(report?.deciles).toHaveLength(10);
    const people = report?.deciles?.reduce((sum, { customers }) => sum + customers, 0) ?? 0;
    expect(people).toBeCloseTo(
      report?.holdout?.byFrequency.reduce((sum, row) => sum + row.customers, 0) ?? 0,
      6,
    );
    expect(Object.keys(report?.models ?? {})).toEqual(expect.arrayContaining(['mbgnbd', 'bgnbd', 'pareto']));
    expect(report?.models.pareto.holdout?.mae).toBeGreaterThan(0);
    expect(report?.holdout?.byFrequency).toHaveLength(8);
    const points = report?.cumulative ?? [];
    expect(points.at(-1)?.day).toBe(dayNumberOf(TODAY));
    expect(Math.abs((points.at(-1)?.expected ?? 0) / (points.at(-1)?.actual ?? 1) - 1)).toBeLessThan(0.15);
  });

  test('back-test and counts in SQL are those of the pure functions', async () => {
    const input = await t.db.inShop(shopId, async (tx) => readFitInput(tx, await readShopDay(tx, NOW)));
    const report = reportOf(store);
    expect(input.size).toMatchObject({
      customers: report.customers,
      repeatCustomers: report.repeatCustomers,
    });
    expect(input.spend.weight.length).toBeGreaterThan(100);
    expect(input.renewalShare).toBeGreaterThan(0.01);
    expect(input.holdout?.days).toBe(
      input.span.to - input.span.from - Math.floor((2 * (input.span.to - input.span.from)) / 3),
    );
  });

  test('the same night again, and the next: kept; a month later: put in force anew, for everybody', async () => {
    const again = await refitShop(context(), shopId);
    expect(again).toEqual({ publication: { outcome: 'kept' }, predictions: 0 });
    const month = atHour(addDays(TODAY, 30), 3, ZONE);
    const later = await refitShop(context(month), shopId);
    expect(later.publication).toMatchObject({ outcome: 'published', version: 3 });
    const rows = await t.db.inShop(shopId, predictions);
    expect(new Set(rows.map((row) => row.version))).toEqual(new Set([3]));
    expect(later.predictions).toBe(rows.length);
    const { rows: kept } = await t.db.inShop(shopId, (tx) =>
      tx.query('SELECT version FROM ltv_fit ORDER BY 1'),
    );
    expect(kept).toEqual([{ version: 1 }, { version: 3 }]);
  });

  test('a fit that was put in force but not applied to everybody is applied by the next run', async () => {
    const before = await t.db.inShop(shopId, predictions);
    await t.db.inShop(shopId, async (tx) => {
      await tx.query('UPDATE ltv_fit SET applied_at = NULL WHERE version = 3');
      await tx.query('DELETE FROM prediction WHERE customer_id > 300');
    });
    const month = atHour(addDays(TODAY, 30), 3, ZONE);
    expect((await refitShop(context(month), shopId)).publication.outcome).toBe('kept');
    expect(await t.db.inShop(shopId, predictions)).toEqual(before);
  });

  test('one by one ends as all at once; an order after the fit’s day changes nothing, a refund before it does', async () => {
    const month = atHour(addDays(TODAY, 30), 3, ZONE);
    const before = await t.db.inShop(shopId, predictions);
    const rescore = (ids: string[]) =>
      t.db.inShop(shopId, async (tx) => {
        await touchCustomers(tx, new Map(ids.map((id) => [id, 'order'] as const)));
        const day = await readShopDay(tx, month);
        await computeProfiles(tx, day);
        return writePredictions(tx, day);
      });
    expect(await rescore(['1', '2', '3', '300', '555'])).toBe(0);
    await t.db.inShop(shopId, (tx) =>
      putOrders(tx, [{ id: '900001', customerId: '2', processedAt: atHour(addDays(TODAY, 35), 12, ZONE) }]),
    );
    expect(await rescore(['2'])).toBe(0);
    await t.db.inShop(shopId, async (tx) => {
      const cancel = sql`UPDATE orders SET cancelled_at = ${NOW} WHERE shop_id = ${shopId} AND customer_id = 3`;
      await tx.query(cancel);
    });
    expect(await rescore(['3'])).toBe(1);
    const after = await t.db.inShop(shopId, predictions);
    expect(after).toEqual(before.filter((row) => row.id !== '3'));
  });

  test('whatever touches a customer writes the prediction again', async () => {
    const before = await t.db.inShop(shopId, predictions);
    await t.db.inShop(shopId, async (tx) => {
      await tx.query('DELETE FROM prediction WHERE customer_id IN (5, 6)');
      await refresh(tx, {
        touched: new Map([
          ['5', 'order'],
          ['6', 'refund'],
        ]),
        now: NOW,
      });
    });
    expect(await t.db.inShop(shopId, predictions)).toEqual(before);
  });

  test('data that a model cannot be fitted to leave the last good fit in force, and say why', async () => {
    await t.db.inShop(shopId, (tx) =>
      tx.query(
        sql`UPDATE orders SET source_name = 'subscription_contract' WHERE shop_id = ${shopId} AND customer_id > 150`,
      ),
    );
    const month = atHour(addDays(TODAY, 61), 3, ZONE);
    const refit = await refitShop(context(month), shopId);
    expect(refit).toMatchObject({
      publication: { outcome: 'refused', reason: expect.stringMatching(/renewals/) },
      predictions: 0,
    });
    const { newest, inForce } = await t.db.inShop(shopId, readFits);
    expect(newest).toMatchObject({
      verdict: 'implausible',
      publishedAt: null,
      reason: expect.stringMatching(/renewals/),
    });
    expect(inForce?.version).toBe(3);
    expect((await t.db.inShop(shopId, predictions)).length).toBeGreaterThan(500);
  });
});

describe('segments that rest on predictions', () => {
  const LIKELY: Rule = { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } };
  const BUYERS: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };
  const events = (tx: ShopTx) =>
    tx.query(sql`
      SELECT g.key, e.kind, e.cause, sum(n)::int AS n, min(at) AS at
        FROM (SELECT shop_id, segment_id, kind, cause, at, 1 AS n FROM membership_event
              UNION ALL SELECT shop_id, segment_id, kind, cause, at, members FROM mass_change) e
        JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);

  /** As a person would who sees that it moves many. */
  async function refitAndRelease(shopId: ShopId, now: Date = NOW) {
    const ctx = context(now);
    const { publication } = await refitShop(ctx, shopId, { chunk: 150 });
    const [held] = await t.db.inShop(shopId, readHeldChanges);
    if (held) {
      await decideHeldChange(ctx, shopId, { id: held.id, decision: 'release', actor: 'anna', now });
      await applyFit(ctx, shopId, { chunk: 150 });
    }
    return publication;
  }

  test('a fit that is put in force decides them anew for everybody, and no others', async () => {
    const shopId = await makeShop(drawStore(12));
    await t.db.inShop(shopId, (tx) =>
      putSegments(tx, {
        likely: { rule: LIKELY },
        waiting: { rule: LIKELY, status: 'paused' },
        draft: { rule: LIKELY, status: 'draft' },
        buyers: { rule: BUYERS },
      }),
    );
    expect(await refitAndRelease(shopId)).toMatchObject({ outcome: 'held', version: 1 });
    await t.db.inShop(shopId, async (tx) => {
      const likely = (await predictions(tx)).filter(({ alive }) => alive >= 0.6).map(({ id }) => id);
      expect(likely.length).toBeGreaterThan(50);
      expect((await storedMemberships(tx)).sort()).toEqual(
        likely.flatMap((id) => [`${id} likely`, `${id} waiting`]).sort(),
      );
      const entered = { kind: 'entered', cause: 'refit', n: likely.length, at: NOW };
      expect((await events(tx)).rows).toEqual([
        { key: 'likely', ...entered },
        { key: 'waiting', ...entered },
      ]);
      const { rows } = await tx.query('SELECT customer_id AS id FROM tag_outbox');
      expect(rows.map(({ id }) => id as string).sort()).toEqual(likely.sort());
      await tx.query('DELETE FROM tag_outbox');
    });

    // Kept: nothing is looked at. A month of silence later: chances are lower, and people leave.
    await refitShop(context(), shopId, { chunk: 150 });
    const month = atHour(addDays(TODAY, 60), 3, ZONE);
    await refitAndRelease(shopId, month);
    await t.db.inShop(shopId, async (tx) => {
      const likely = (await predictions(tx)).filter(({ alive }) => alive >= 0.6).map(({ id }) => id);
      expect((await storedMemberships(tx)).filter((one) => one.endsWith('likely')).sort()).toEqual(
        likely.map((id) => `${id} likely`).sort(),
      );
      const left = (await events(tx)).rows.filter(({ kind }) => kind === 'left');
      expect(left).toMatchObject([
        { key: 'likely', cause: 'refit', at: month },
        { key: 'waiting', cause: 'refit', at: month },
      ]);
    });
  });

  test('cut off between two chunks, the next run decides them for the rest', async () => {
    const shopId = await makeShop(drawStore(13));
    await t.db.inShop(shopId, (tx) => putSegments(tx, { likely: { rule: LIKELY } }));
    await refitAndRelease(shopId);
    const whole = await t.db.inShop(shopId, storedMemberships);
    expect(whole.length).toBeGreaterThan(50);
    await t.db.inShop(shopId, async (tx) => {
      await tx.query('UPDATE ltv_fit SET applied_at = NULL');
      await tx.query('DELETE FROM prediction WHERE customer_id > 300');
      await tx.query('DELETE FROM membership WHERE customer_id > 300');
    });
    await refitShop(context(), shopId);
    expect(await t.db.inShop(shopId, storedMemberships)).toEqual(whole);
  });
});

describe('a store whose predictions could be relied on', () => {
  test('and has too few customers now keeps that fit, its predictions and the members that rest on them', async () => {
    const shopId = await makeShop(drawStore(14));
    await refitShop(context(), shopId);
    const LIKELY: Rule = { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } };
    await t.db.inShop(shopId, async (tx) => {
      await putSegments(tx, { likely: { rule: LIKELY } });
      await touchCustomersAfter(tx, '0', 100_000, 'rule');
      await refreshTouched(tx, { now: NOW, from: 'memberships' });
    });
    const members = await t.db.inShop(shopId, storedMemberships);
    const before = await t.db.inShop(shopId, predictions);
    expect(members.length).toBeGreaterThan(50);
    // The merchant leaves most people out: 40 or so of those who came back are left.
    const month = atHour(addDays(TODAY, 31), 3, ZONE);
    await t.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE profile SET left_out = true WHERE shop_id = ${shopId} AND customer_id > 120`),
    );
    const { publication } = await refitShop(context(month), shopId);
    expect(publication).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^Only 1\d\d customers/),
    });
    const { newest, inForce } = await t.db.inShop(shopId, readFits);
    expect(newest).toMatchObject({ verdict: 'good', trusted: false, publishedAt: null });
    expect(newest?.report).not.toBeNull();
    expect(inForce).toMatchObject({ version: 1, trusted: true });
    expect(await t.db.inShop(shopId, predictions)).toEqual(before);
    expect(await t.db.inShop(shopId, storedMemberships)).toEqual(members);
  });

  test('in another currency they stand still, nobody sees them and nobody is moved', async () => {
    const shopId = await makeShop(drawStore(15));
    await refitShop(context(), shopId);
    const before = await t.db.inShop(shopId, predictions);
    await t.db.inShop(shopId, async (tx) => {
      await tx.query(sql`UPDATE shop_settings SET currency = 'CHF' WHERE shop_id = ${shopId}`);
      await touchCustomersAfter(tx, '0', 100_000, 'edit');
      await refreshTouched(tx, { now: NOW, from: 'scores' });
      expect(await readPrediction(tx, before[0]?.id ?? '')).toBeUndefined();
      expect(await readPredictionsInForce(tx, 'CHF')).toBeNull();
    });
    expect(await t.db.inShop(shopId, predictions)).toEqual(before);
  });
});

test('a fit that waited is not put in force in another currency', async () => {
  const shopId = await makeShop(drawStore(17));
  await refitShop(context(), shopId);
  const later = atHour(addDays(TODAY, 31), 3, ZONE);
  const id = await t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, verdict, model, currency, customers, repeat_customers,
                           trusted, params, log_likelihood, amounts, mean_amount, warnings, report)
      SELECT shop_id, 2, as_of, computed_at, verdict, model, currency, customers, repeat_customers, trusted, params,
             log_likelihood, amounts, mean_amount, warnings, report FROM ltv_fit WHERE shop_id = ${shopId}`);
    const measured = { buyers: 300, affected: 200, changes: [], basis: await readBasis(tx, 'fit') };
    return holdPublication(tx, { subject: 'fit', version: 2, measured, now: later });
  });
  const currency = (code: string) =>
    t.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE shop_settings SET currency = ${code} WHERE shop_id = ${shopId}`),
    );
  await currency('CHF');
  const word = { id, decision: 'release', actor: 'anna', now: later } as const;
  expect(await decideHeldChange(context(), shopId, word)).toEqual({ outcome: 'gone' });
  const { inForce } = await t.db.inShop(shopId, readFits);
  expect(inForce).toMatchObject({ version: 1 });
  expect(await t.db.inShop(shopId, readHeldChanges)).toEqual([]);
});

describe('the sale season', () => {
  test('a fit that is due waits until the hold is over; a store without one gets its first', async () => {
    const shopId = await makeShop(drawStore(16));
    const month = addDays(TODAY, 31);
    await t.db.inShop(shopId, (tx) => storeHoldPeriod(tx, { from: TODAY, to: month }));
    expect((await refitShop(context(), shopId)).publication).toMatchObject({ outcome: 'published' });
    const during = await refitShop(context(atHour(month, 3, ZONE)), shopId);
    expect(during).toEqual({ publication: { outcome: 'on_hold' }, predictions: 0 });
    const after = await refitShop(context(atHour(addDays(month, 1), 3, ZONE)), shopId);
    expect(after.publication).toMatchObject({ outcome: 'published' });
  });
});

describe('a store about which nothing can be said', () => {
  test('too few customers: no fit, no predictions, a sentence', async () => {
    const shopId = await makeShop({
      customers: [{ id: '1' }],
      orders: [{ id: '1', customerId: '1', processedAt: NOW }],
    });
    const refit = await refitShop(context(), shopId);
    expect(refit.publication).toMatchObject({ outcome: 'refused' });
    const { newest, inForce } = await t.db.inShop(shopId, readFits);
    expect(newest).toMatchObject({
      verdict: 'too_little',
      params: null,
      report: null,
      reason: expect.stringMatching(/one day/),
    });
    expect(inForce).toBeNull();
    expect(await t.db.inShop(shopId, predictions)).toEqual([]);
  });

  test('an empty store', async () => {
    const refit = await refitShop(context(), await makeShop({ customers: [], orders: [] }));
    expect(refit.publication).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/No order counts/),
    });
  });
});

test('amounts and ages of simulated customers reach the fit in minor units and days', async () => {
  const random = seeded(5);
  const x = Array.from({ length: 300 }, (_, i) => i % 5);
  const zbar = simulateAmounts(random, { p: 6, q: 5, gamma: 2_000 }, x);
  const customers = x.map((_, i) => ({ id: String(i + 1) }));
  const orders = x.flatMap((repeats, i) =>
    Array.from({ length: repeats + 1 }, (_, n) => ({
      id: String(i * 10 + n + 1),
      customerId: String(i + 1),
      processedAt: atHour(addDays(TODAY, -400 + (i % 90) + n * (7 + (i % 40))), 12, ZONE),
      totalMinor: n === 0 ? 77_777 : Math.max(1, Math.round(zbar[i] ?? 0)),
    })),
  );
  const shopId = await makeShop({ customers, orders });
  const input = await t.db.inShop(shopId, async (tx) => readFitInput(tx, await readShopDay(tx, NOW)));
  expect(Math.max(...Array.from(input.spend.zbar))).toBeLessThan(20_000);
  expect(Math.max(...Array.from(input.customers.TDays))).toBe(400);
});
