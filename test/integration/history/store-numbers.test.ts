/** Cut points, rhythm and scores in SQL, held to the pure functions and to a quantile of their own. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { computeProfiles } from '../../../app/history/compute-profiles.server.ts';
import { DEFAULT_ORDER_POLICY } from '../../../app/history/order-policy.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { touchCustomersAfter } from '../../../app/history/touched-customers.server.ts';
import { addDays, atHour, daysBetween, type LocalDate } from '../../../app/local-date.ts';
import { computeStoreNumbers } from '../../../app/value/cut-points.server.ts';
import { rhythmBounds, SPENT_PERCENTS } from '../../../app/value/cut-points.ts';
import { publishCutPoints } from '../../../app/value/publish-cut-points.server.ts';
import { recencyScore, risingScore } from '../../../app/value/scores.ts';
import { countScoreDrift, writeScores } from '../../../app/value/write-scores.server.ts';
import { putCustomers, putOrders, type CustomerRow, type OrderRow } from '../../support/insert-facts.ts';
import { profileOf, quantile } from '../../support/order-policy-oracle.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Pacific/Auckland';
const NOW = atHour(TODAY, 12, ZONE);

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

async function numbersOf(customers: CustomerRow[], orders: OrderRow[]) {
  const shopId: ShopId = await t.createShop({ timeZone: ZONE });
  return t.db.inShop(shopId, async (tx) => {
    await tx.query(
      sql`UPDATE shop_settings SET policy = '{"leaveOutCustomerTags": ["staff"]}' WHERE shop_id = ${shopId}`,
    );
    await putCustomers(tx, customers);
    await putOrders(tx, orders);
    await touchCustomersAfter(tx, '0', 10_000, 'import');
    const day = await readShopDay(tx, NOW);
    await computeProfiles(tx, day);
    const numbers = await computeStoreNumbers(tx, day);
    const { cutPoints } = await publishCutPoints(tx, day, 'force');
    await writeScores(tx, cutPoints);
    const { rows } = await tx.query<{ id: string; r: number; f: number; m: number }>(
      'SELECT customer_id AS id, r, f, m FROM score ORDER BY customer_id',
    );
    const again = await writeScores(tx, cutPoints);
    const drift = await countScoreDrift(tx, cutPoints);
    return { numbers, cutPoints, scores: rows, again, drift };
  });
}

/** One order of each amount, by customers of their own, this many days ago. */
const oneEach = (orders: [minor: number, daysAgo: number][]): [CustomerRow[], OrderRow[]] => [
  orders.map((_, i) => ({ id: String(i + 1) })),
  orders.map(([totalMinor, daysAgo], i) => ({
    id: String(i + 1),
    customerId: String(i + 1),
    totalMinor,
    processedAt: atHour(addDays(TODAY, -daysAgo), 9, ZONE),
  })),
];

describe('few, equal and giant', () => {
  test('no buyers: no cut points, no scores', async () => {
    const { numbers, scores } = await numbersOf([{ id: '1' }], []);
    expect(numbers).toMatchObject({ buyers: 0, frequency: [], monetaryMinor: [], recencyDays: [], gaps: 0 });
    expect(numbers.rhythmDays).toEqual([30, 90, 365]);
    expect(numbers.spentPercentiles).toEqual({ 75: null, 80: null, 90: null, 95: null, 99: null });
    expect(scores).toEqual([]);
  });

  test('one buyer scores as nobody is below or above', async () => {
    const { scores } = await numbersOf(...oneEach([[5_000, 3]]));
    expect(scores).toEqual([{ id: '1', r: 5, f: 1, m: 1 }]);
  });

  test('three buyers', async () => {
    const { numbers, scores } = await numbersOf(...oneEach([[1_000, 1], [2_000, 2], [3_000, 3]])); // prettier-ignore
    [1_400, 1_800, 2_200, 2_600].forEach((cut, i) => expect(numbers.monetaryMinor[i]).toBeCloseTo(cut, 6));
    expect(scores.map(({ r, m }) => [r, m])).toEqual([[5, 1], [3, 3], [1, 5]]); // prettier-ignore
  });

  test('all equal: all the same score', async () => {
    const { scores, again, drift } = await numbersOf(...oneEach(Array(9).fill([5_000, 10])));
    expect(new Set(scores.map(({ r, f, m }) => `${r}${f}${m}`))).toEqual(new Set(['511']));
    expect([again, drift]).toEqual([0, 0]);
  });

  test('one giant moves nobody else', async () => {
    const { numbers, scores } = await numbersOf(
      ...oneEach([...Array(9).fill([5_000, 10]), [9_000_000_000_000, 10]]), // prettier-ignore
    );
    expect(numbers.monetaryMinor).toEqual([5_000, 5_000, 5_000, 5_000]);
    expect(scores.map(({ m }) => m)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 5]);
  });
});

test('random stores: quantiles, gaps and scores are those of the oracle', async () => {
  const order = fc.record({
    customer: fc.integer({ min: 1, max: 12 }),
    daysAgo: fc.nat(300),
    hour: fc.integer({ min: 1, max: 23 }),
    totalMinor: fc.constantFrom(0, 1_000, 2_500, 2_500, 9_900),
    financialStatus: fc.constantFrom('PAID', 'PAID', 'PAID', 'PENDING', 'REFUNDED', 'AUTHORIZED'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(order, { maxLength: 300 }), async (drawn) => {
      const customers = Array.from({ length: 13 }, (_, i) => ({
        id: String(i + 1),
        tags: i === 3 ? ['staff'] : [],
      }));
      const orders = drawn.map(({ customer, daysAgo, hour, ...rest }, i) => ({
        ...rest,
        id: String(i + 1),
        customerId: String(customer),
        processedAt: atHour(addDays(TODAY, -daysAgo), hour, ZONE),
      }));
      const { numbers, cutPoints, scores, again, drift } = await numbersOf(customers, orders);
      const policy = { ...DEFAULT_ORDER_POLICY, leaveOutCustomerTags: ['staff'] };
      const buyers = customers
        .map((customer) => ({ id: customer.id, ...profileOf(customer, orders, policy, ZONE) }))
        .filter((profile) => profile.orders > 0 && !profile.leftOut);
      const gaps = buyers.flatMap((buyer) => buyer.gaps);
      const age = (buyer: (typeof buyers)[number]) => daysBetween(buyer.lastOn as LocalDate, TODAY);
      const fifths = (values: number[]) =>
        values.length === 0 ? [] : [0.2, 0.4, 0.6, 0.8].map((p) => quantile(values, p));
      expect(numbers).toMatchObject({
        buyers: buyers.length,
        gaps: gaps.length,
        frequency: fifths(buyers.map((buyer) => buyer.orders)),
        monetaryMinor: fifths(buyers.map((buyer) => buyer.spent)),
        recencyDays: fifths(buyers.map(age)),
        rhythmDays: rhythmBounds(gaps.length, quantile(gaps, 0.75), quantile(gaps, 0.9)),
      });
      for (const percent of buyers.length > 0 ? SPENT_PERCENTS : []) {
        const spent = buyers.map((buyer) => buyer.spent);
        expect(numbers.spentPercentiles[percent]).toBe(quantile(spent, percent / 100));
        const above = spent.filter((value) => value > quantile(spent, percent / 100)).length;
        expect(above).toBeLessThanOrEqual(Math.ceil((spent.length * (100 - percent)) / 100));
      }
      expect(scores.sort((a, b) => Number(a.id) - Number(b.id))).toEqual(
        buyers.map((buyer) => ({
          id: buyer.id,
          r: recencyScore(age(buyer), cutPoints.recencyDays),
          f: risingScore(buyer.orders, cutPoints.frequency),
          m: risingScore(buyer.spent, cutPoints.monetaryMinor),
        })),
      );
      expect([again, drift]).toEqual([0, 0]);
    }),
    { numRuns: 25 },
  );
});

test('publication: versions, age, and who is in force', async () => {
  const shopId = await t.createShop({ timeZone: ZONE });
  const publish = (at: Date, how: 'if-due' | 'force' = 'if-due') =>
    t.db.inShop(shopId, async (tx) => {
      const published = await publishCutPoints(tx, await readShopDay(tx, at), how);
      return [published.outcome, published.outcome === 'published' ? published.reason : '', published.cutPoints.version];
    }); // prettier-ignore
  const later = (days: number) => atHour(addDays(TODAY, days), 2, ZONE);
  expect(await publish(NOW)).toEqual(['published', 'first', 1]);
  expect(await publish(later(1))).toEqual(['kept', '', 1]);
  expect(await publish(later(29))).toEqual(['kept', '', 1]);
  expect(await publish(later(30))).toEqual(['published', 'age', 2]);
  expect(await publish(later(31), 'force')).toEqual(['published', 'forced', 3]);
});
