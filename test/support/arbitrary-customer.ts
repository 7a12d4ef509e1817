/** Random customers and store-wide numbers, for the oracles. */
import fc from 'fast-check';
import { addDays, type LocalDate } from '../../app/local-date.ts';
import { rhythmBounds, type CutPoints } from '../../app/value/cut-points.ts';
import type { OracleCustomer } from './rule-oracle.ts';

export function arbitraryCutPoints(today: LocalDate): fc.Arbitrary<CutPoints> {
  const rising = (count: number, most: number) =>
    fc
      .array(fc.double({ min: 0, max: most, noNaN: true }), { minLength: count, maxLength: count })
      .map((numbers) => numbers.sort((a, b) => a - b));
  return fc
    .record({
      frequency: rising(4, 6),
      monetaryMinor: rising(4, 30_000),
      recencyDays: rising(4, 400),
      gaps: fc.nat(300),
      rhythm: rising(2, 250),
      spent: fc.oneof(rising(5, 30_000), fc.constant([])),
    })
    .map(({ rhythm, spent, ...cuts }) => ({
      ...cuts,
      version: 1,
      publishedAt: new Date(`${today}T03:00:00Z`),
      asOf: today,
      buyers: 10,
      rhythmDays: rhythmBounds(cuts.gaps, rhythm[0] ?? null, rhythm[1] ?? null),
      spentPercentiles: {
        75: spent[0] ?? null,
        80: spent[1] ?? null,
        90: spent[2] ?? null,
        95: spent[3] ?? null,
        99: spent[4] ?? null,
      },
    }));
}

export function arbitraryOracleCustomer(today: LocalDate): fc.Arbitrary<OracleCustomer> {
  const daysAgo = fc.nat(420);
  return fc
    .record({
      orders: fc.nat(4),
      spent: fc.nat(40).map((n) => n * 1_000),
      first: daysAgo,
      last: daysAgo,
      further: fc.option(daysAgo, { nil: null }),
      fullyRefunded: fc.nat(2),
    })
    .map(({ orders, spent, first, last, further, fullyRefunded }) => {
      const isBuyer = orders > 0;
      const ago = (days: number) => addDays(today, -days);
      const lastOn = isBuyer ? ago(Math.min(first, last)) : null;
      const refundedOn = further === null ? null : ago(further);
      const dates = [lastOn, refundedOn].filter((date) => date !== null).sort();
      return {
        profile: {
          orders,
          spent: isBuyer ? spent : 0,
          biggest: isBuyer ? spent : 0,
          firstOn: isBuyer ? ago(Math.max(first, last)) : null,
          lastOn,
          activityOrders: orders + (further === null ? 0 : 1),
          lastActivityOn: dates.at(-1) ?? null,
          fullyRefunded: further === null ? 0 : fullyRefunded,
          leftOut: false,
          gaps: [],
        },
        scores: null,
        prediction: null,
      };
    });
}

/** What a fit may have said of somebody; null for those it says nothing of. */
export function arbitraryPrediction(today: LocalDate): fc.Arbitrary<OracleCustomer['prediction']> {
  return fc.option(
    fc.record({
      // On a tenth, or half a percent below it: bounds are met and just missed.
      alive: fc.tuple(fc.nat(10), fc.constantFrom(0, 0.005)).map(([n, less]) => Math.max(0, n / 10 - less)),
      expectedOrders: fc.nat(40).map((eighths) => eighths / 8),
      expectedValueMinor: fc.nat(40).map((n) => n * 1_000),
      risk: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
      nextOrderOn: fc.option(
        fc.nat(400).map((days) => addDays(today, days)),
        { nil: null },
      ),
    }),
    { nil: null },
  );
}
