import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  readValueDistribution,
  type ValueDistribution,
} from '../../../app/value/read-value-distribution.server.ts';
import { createArithmeticShop, createSegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const NOW = new Date('2026-05-20T10:00:00Z');

/** One buyer an amount in major units, with one order each. */
async function distributionOf(amounts: readonly number[]): Promise<ValueDistribution | null> {
  const shop = await createSegmentShop(t, {
    now: NOW,
    timeZone: 'UTC',
    store: {
      customers: amounts.map((_, i) => ({ id: String(i + 1) })),
      orders: amounts.map((amount, i) => ({
        id: String(i + 1),
        customerId: String(i + 1),
        processedAt: new Date('2026-05-01T12:00:00Z'),
        totalMinor: Math.round(amount * 100),
      })),
    },
  });
  return shop.in(readValueDistribution);
}

describe('the arithmetic store: 120 buyers of 50, 40 of 100, 30 of 150 and 10 of 1,200', () => {
  let spread: ValueDistribution | null;
  beforeAll(async () => {
    const shop = await createArithmeticShop(t);
    spread = await shop.in(readValueDistribution);
  });

  test('totals and percentiles', () => {
    expect(spread).toMatchObject({ buyers: 200, repeatBuyers: 80, orders: 320, spentMinor: '2650000' });
    expect(spread?.percentiles.map(({ percent, spentMinor }) => [percent, spentMinor / 100])).toEqual([
      [10, 50],
      [25, 50],
      [50, 50],
      [75, 100],
      [90, 150],
      // Place 0.95 x 199 = 189.05 from 0: between the last 150 and the first 1,200.
      [95, expect.closeTo(150 + 0.05 * 1_050, 9)],
      [99, 1_200],
    ]);
  });

  test('bins have round bounds and hold everybody once', () => {
    expect(spread?.bins.map((bin) => [bin.fromMinor, bin.toMinor, bin.buyers, bin.spentMinor])).toEqual([
      ['5000', '10000', 120, '600000'],
      ['10000', '20000', 70, '850000'],
      ['20000', '50000', 0, '0'],
      ['50000', '100000', 0, '0'],
      ['100000', null, 10, '1200000'],
    ]);
  });

  test('what the top of them hold', () => {
    // 2, 10, 20 and 40 of 200 buyers.
    expect(spread?.top).toEqual([
      { percent: 1, share: expect.closeTo(2_400 / 26_500, 9) },
      { percent: 5, share: expect.closeTo(12_000 / 26_500, 9) },
      { percent: 10, share: expect.closeTo(13_500 / 26_500, 9) },
      { percent: 20, share: expect.closeTo(16_500 / 26_500, 9) },
    ]);
  });

  test('the Lorenz curve begins at 0, ends at 1, never falls and lies below the diagonal', () => {
    const curve = spread?.lorenz ?? [];
    expect(curve[0]).toEqual({ percent: 0, share: 0 });
    expect(curve.at(-1)).toEqual({ percent: 100, share: expect.closeTo(1, 9) });
    expect(curve.find(({ percent }) => percent === 60)?.share).toBeCloseTo(6_000 / 26_500, 9);
    for (const [i, { percent, share }] of curve.entries()) {
      expect(share).toBeGreaterThanOrEqual(curve[i - 1]?.share ?? 0);
      expect(share).toBeLessThanOrEqual(percent / 100 + 1e-9);
    }
  });
});

test('between two buyers the curve is straight: the top 10 % of 15 is the largest and half of the next', async () => {
  const spread = await distributionOf([100, 50, ...Array(13).fill(10)]);
  expect(spread?.top.find(({ percent }) => percent === 10)?.share).toBeCloseTo(125 / 280, 9);
});

test('no buyers: nothing to show', async () => {
  expect(await distributionOf([])).toBeNull();
});

test('one buyer, and amounts that are all the same', async () => {
  expect((await distributionOf([42]))?.bins).toHaveLength(1);
  const same = await distributionOf(Array(7).fill(30));
  expect(same?.bins.map((bin) => bin.buyers)).toEqual([7]);
  expect(same?.top[3]?.share).toBeCloseTo(0.2, 9);
});

test('buyers whose orders are worth nothing in the shop’s currency: counted, and no share of anything', async () => {
  const shop = await createSegmentShop(t, {
    now: NOW,
    timeZone: 'UTC',
    store: {
      customers: [{ id: '1' }],
      orders: [
        { id: '1', customerId: '1', processedAt: new Date('2026-05-01T12:00:00Z'), totalMinor: 500, currency: 'USD' },
      ],
    },
  }); // prettier-ignore
  expect(await shop.in(readValueDistribution)).toMatchObject({
    buyers: 1,
    spentMinor: '0',
    top: [],
    lorenz: [],
  });
});
