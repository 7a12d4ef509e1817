import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExportFinancialStatus } from '../../../app/intake/export/export-order.ts';
import { countExportOrder } from '../../../app/intake/normalise/order-export.ts';

type Case = [
  what: string,
  status: ExportFinancialStatus,
  amounts: { total: bigint; outstanding?: bigint; refunded?: bigint; cancelled?: boolean },
  expected: { activity: boolean; counted: boolean; spent?: bigint; fullyRefunded?: boolean; zero?: boolean },
];

const cases: Case[] = [
  ['paid', 'paid', { total: 5000n }, { activity: true, counted: true, spent: 5000n }],
  ['pending', 'pending', { total: 5000n, outstanding: 5000n }, { activity: true, counted: false }],
  ['authorised: its total whatever is outstanding', 'authorized', { total: 5000n, outstanding: 5000n }, { activity: true, counted: true, spent: 5000n }],
  ['partly paid', 'partially_paid', { total: 5000n, outstanding: 3000n }, { activity: true, counted: true, spent: 2000n }],
  ['partly refunded', 'partially_refunded', { total: 5000n, refunded: 1000n }, { activity: true, counted: true, spent: 4000n }],
  ['partly refunded, and all of it', 'partially_refunded', { total: 5000n, refunded: 5000n }, { activity: true, counted: false, fullyRefunded: true }],
  ['partly paid and all of that refunded', 'partially_paid', { total: 5000n, outstanding: 3000n, refunded: 2000n }, { activity: true, counted: false, fullyRefunded: true }],
  ['refunded', 'refunded', { total: 5000n, refunded: 5000n }, { activity: true, counted: false, fullyRefunded: true }],
  ['refunded, amount missing', 'refunded', { total: 5000n }, { activity: true, counted: false, fullyRefunded: true }],
  ['refund above the total', 'paid', { total: 5000n, refunded: 6000n }, { activity: true, counted: false, fullyRefunded: true }],
  ['cancelled', 'paid', { total: 5000n, cancelled: true }, { activity: false, counted: false }],
  ['cancelled and refunded: returned nothing', 'refunded', { total: 5000n, refunded: 5000n, cancelled: true }, { activity: false, counted: false }],
  ['voided', 'voided', { total: 5000n }, { activity: false, counted: false }],
  ['expired', 'expired', { total: 5000n }, { activity: false, counted: false }],
  ['zero', 'paid', { total: 0n }, { activity: true, counted: false, zero: true }],
  ['negative', 'paid', { total: -500n }, { activity: true, counted: false }],
]; // prettier-ignore

test.each(cases)('%s', (_, financialStatus, amounts, expected) => {
  const judged = countExportOrder({
    financialStatus,
    totalMinor: amounts.total,
    outstandingMinor: amounts.outstanding ?? 0n,
    refundedMinor: amounts.refunded ?? 0n,
    cancelledAt: amounts.cancelled ? new Date(0) : null,
  });
  expect(judged).toMatchObject({
    activity: expected.activity,
    counted: expected.counted,
    zero: expected.zero ?? false,
    fullyRefunded: expected.fullyRefunded ?? false,
  });
  if (expected.counted) expect(judged.spentMinor).toBe(expected.spent);
});

test('every counted order is activity, is not fully refunded and is never worth less than nothing', () => {
  const amount = fc.bigInt({ min: -100n, max: 100n });
  const statuses = fc.constantFrom(...new Set(cases.map(([, status]) => status)));
  fc.assert(
    fc.property(
      statuses,
      amount,
      amount,
      amount,
      fc.boolean(),
      (financialStatus, total, outstanding, refunded, cancelled) => {
        const judged = countExportOrder({
          financialStatus,
          totalMinor: total,
          outstandingMinor: outstanding,
          refundedMinor: refunded,
          cancelledAt: cancelled ? new Date(0) : null,
        });
        if (judged.counted) expect(judged.activity && !judged.fullyRefunded && !judged.zero).toBe(true);
        expect(judged.spentMinor >= 0n).toBe(true);
      },
    ),
  );
});
