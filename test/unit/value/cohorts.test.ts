import { describe, expect, test } from 'vitest';
import {
  addMonths,
  averageCohort,
  fillCohorts,
  firstShownMonth,
  groupCohorts,
  mergeCohorts,
  monthsBetween,
} from '../../../app/value/cohorts.ts';

const counted = (month: string | null, customers: number, ...months: [number, number, number][]) => ({
  month,
  customers,
  months: months.map(([index, active, spent]) => ({ index, active, spentMinor: String(spent) })),
});

test('months are counted over the turn of the year', () => {
  expect(addMonths('2026-01', -1)).toBe('2025-12');
  expect(addMonths('2025-12', 1)).toBe('2026-01');
  expect(addMonths('2026-03', -27)).toBe('2023-12');
  expect(monthsBetween('2025-11', '2026-02')).toBe(3);
  expect(firstShownMonth('2026-05')).toBe('2024-06');
});

test('amounts add up, and only the running month is not complete', () => {
  const [cohort] = fillCohorts([counted('2026-02', 4, [0, 4, 100], [2, 1, 20])], '2026-04');
  expect(cohort?.months).toEqual([
    { index: 0, active: 4, spentMinor: '100', complete: true },
    { index: 1, active: 0, spentMinor: '100', complete: true },
    { index: 2, active: 1, spentMinor: '120', complete: false },
  ]);
});

test('sums beyond 2^53 stay exact', () => {
  const [cohort] = fillCohorts(
    [{ month: '2026-04', customers: 1, months: [{ index: 0, active: 1, spentMinor: '9007199254740993' }] }],
    '2026-04',
  );
  expect(cohort?.months[0]?.spentMinor).toBe('9007199254740993');
});

describe('several cohorts as one', () => {
  const cohorts = fillCohorts(
    [
      counted('2026-01', 10, [0, 10, 1_000], [1, 4, 200], [2, 2, 100]),
      counted('2026-02', 30, [0, 30, 6_000], [1, 3, 300]),
      counted('2026-03', 5, [0, 5, 50], [1, 5, 50]),
      counted('2026-04', 9, [0, 9, 90]),
    ],
    '2026-04',
  );

  test('each month of the average is over the customers who have completed it', () => {
    expect(averageCohort(cohorts)).toEqual([
      { index: 0, customers: 45, active: 45, spentPerCustomerMinor: 7_050 / 45 },
      { index: 1, customers: 40, active: 7, spentPerCustomerMinor: 7_050 / 45 + 500 / 40 },
      { index: 2, customers: 10, active: 2, spentPerCustomerMinor: 7_050 / 45 + 500 / 40 + 100 / 10 },
    ]);
  });

  test('merged, they end where the youngest ends', () => {
    expect(mergeCohorts(cohorts.slice(0, 2))?.months.map(({ active }) => active)).toEqual([40, 7]);
    expect(mergeCohorts(cohorts)).toBeUndefined();
    expect(mergeCohorts([])).toBeUndefined();
  });

  test('six by six from the last month that is over; the running month’s newcomers cut no line off', () => {
    const older = [
      counted(null, 100, [0, 100, 1]),
      counted('2025-09', 3, [0, 3, 3]),
      counted('2025-10', 2, [0, 2, 2]),
    ];
    const all = [...fillCohorts(older, '2026-04'), ...cohorts.slice(0, 2), ...cohorts.slice(3)];
    expect(groupCohorts(all, '2026-04').map(({ from, to, months }) => [from, to, months.length])).toEqual([
      [null, null, 24],
      ['2025-09', '2025-09', 7],
      ['2025-10', '2026-02', 2],
    ]);
  });
});
