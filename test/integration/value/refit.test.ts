/** A store’s fit and predictions in SQL, held to the pure functions on the same purchases. */
import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { computeProfiles } from '../../../app/history/compute-profiles.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { touchCustomers } from '../../../app/history/touched-customers.server.ts';
import { atHour, addDays } from '../../../app/local-date.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { refitShop } from '../../../app/pipeline/refit-shop.server.ts';
import { expectedAmount } from '../../../app/value/models/gamma-gamma.ts';
import { mbgnbdAlive } from '../../../app/value/models/mbgnbd.ts';
import { dayNumberOf } from '../../../app/value/models/purchase-history.ts';
import { type Age, type AgeAtLastOrder } from '../../../app/value/models/units.ts';
import { readFitInput } from '../../../app/value/read-fit-input.server.ts';
import { readFitInForce, readFits, type FitInForce } from '../../../app/value/read-fit.server.ts';
import { writePredictions } from '../../../app/value/write-predictions.server.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { seeded, simulateAmounts } from '../../unit/value/simulate.ts';
import { ZONE, TODAY, NOW, drawStore, reportOf, near, refitStage } from './refit-stage.ts';

const stage = refitStage();
const { makeShop, context, predictions } = stage;

describe('a store that the models fit', () => {
  const store = drawStore(11);
  let shopId: ShopId;
  let fit: FitInForce;

  beforeAll(async () => {
    shopId = await makeShop(store);
    const refit = await refitShop(context(), shopId, { chunk: 150 });
    expect(refit.publication).toMatchObject({ outcome: 'published', reason: 'first', version: 1 });
    fit = (await stage.t.db.inShop(shopId, readFitInForce)) as FitInForce;
  });

  test('the fit and every prediction are those of the pure functions', async () => {
    const report = reportOf(store);
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      near(fit.params[name], report.models.mbgnbd.params[name] ?? 0, 1e-4);
    near(fit.amounts?.p ?? 0, report.gammaGamma.params?.p ?? 1, 1e-4);
    const rows = await stage.t.db.inShop(shopId, predictions);
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
    const rows = await stage.t.db.inShop(shopId, predictions);
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
    const { newest } = await stage.t.db.inShop(shopId, readFits);
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
    const input = await stage.t.db.inShop(shopId, async (tx) => readFitInput(tx, await readShopDay(tx, NOW)));
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
    const rows = await stage.t.db.inShop(shopId, predictions);
    expect(new Set(rows.map((row) => row.version))).toEqual(new Set([3]));
    expect(later.predictions).toBe(rows.length);
    const { rows: kept } = await stage.t.db.inShop(shopId, (tx) =>
      tx.query('SELECT version FROM ltv_fit ORDER BY 1'),
    );
    expect(kept).toEqual([{ version: 1 }, { version: 3 }]);
  });

  test('a fit that was put in force but not applied to everybody is applied by the next run', async () => {
    const before = await stage.t.db.inShop(shopId, predictions);
    await stage.t.db.inShop(shopId, async (tx) => {
      await tx.query('UPDATE ltv_fit SET applied_at = NULL WHERE version = 3');
      await tx.query('DELETE FROM prediction WHERE customer_id > 300');
    });
    const month = atHour(addDays(TODAY, 30), 3, ZONE);
    expect((await refitShop(context(month), shopId)).publication.outcome).toBe('kept');
    expect(await stage.t.db.inShop(shopId, predictions)).toEqual(before);
  });

  test('one by one ends as all at once; an order after the fit’s day changes nothing, a refund before it does', async () => {
    const month = atHour(addDays(TODAY, 30), 3, ZONE);
    const before = await stage.t.db.inShop(shopId, predictions);
    const rescore = (ids: string[]) =>
      stage.t.db.inShop(shopId, async (tx) => {
        await touchCustomers(tx, new Map(ids.map((id) => [id, 'order'] as const)));
        const day = await readShopDay(tx, month);
        await computeProfiles(tx, day);
        return writePredictions(tx, day);
      });
    expect(await rescore(['1', '2', '3', '300', '555'])).toBe(0);
    await stage.t.db.inShop(shopId, (tx) =>
      putOrders(tx, [{ id: '900001', customerId: '2', processedAt: atHour(addDays(TODAY, 35), 12, ZONE) }]),
    );
    expect(await rescore(['2'])).toBe(0);
    await stage.t.db.inShop(shopId, async (tx) => {
      const cancel = sql`UPDATE orders SET cancelled_at = ${NOW} WHERE shop_id = ${shopId} AND customer_id = 3`;
      await tx.query(cancel);
    });
    expect(await rescore(['3'])).toBe(1);
    const after = await stage.t.db.inShop(shopId, predictions);
    expect(after).toEqual(before.filter((row) => row.id !== '3'));
  });

  test('whatever touches a customer writes the prediction again', async () => {
    const before = await stage.t.db.inShop(shopId, predictions);
    await stage.t.db.inShop(shopId, async (tx) => {
      await tx.query('DELETE FROM prediction WHERE customer_id IN (5, 6)');
      await refresh(tx, {
        touched: new Map([
          ['5', 'order'],
          ['6', 'refund'],
        ]),
        now: NOW,
      });
    });
    expect(await stage.t.db.inShop(shopId, predictions)).toEqual(before);
  });

  test('data that a model cannot be fitted to leave the last good fit in force, and say why', async () => {
    await stage.t.db.inShop(shopId, (tx) =>
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
    const { newest, inForce } = await stage.t.db.inShop(shopId, readFits);
    expect(newest).toMatchObject({
      verdict: 'implausible',
      publishedAt: null,
      reason: expect.stringMatching(/renewals/),
    });
    expect(inForce?.version).toBe(3);
    expect((await stage.t.db.inShop(shopId, predictions)).length).toBeGreaterThan(500);
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
    const { newest, inForce } = await stage.t.db.inShop(shopId, readFits);
    expect(newest).toMatchObject({
      verdict: 'too_little',
      params: null,
      report: null,
      reason: expect.stringMatching(/one day/),
    });
    expect(inForce).toBeNull();
    expect(await stage.t.db.inShop(shopId, predictions)).toEqual([]);
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
  const input = await stage.t.db.inShop(shopId, async (tx) => readFitInput(tx, await readShopDay(tx, NOW)));
  expect(Math.max(...Array.from(input.spend.zbar))).toBeLessThan(20_000);
  expect(Math.max(...Array.from(input.customers.TDays))).toBe(400);
});
