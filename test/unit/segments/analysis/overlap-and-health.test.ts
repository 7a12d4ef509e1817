import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../../../../app/local-date.ts';
import { healthOf, type HealthFacts } from '../../../../app/segments/analysis/health.ts';
import { overlapOf } from '../../../../app/segments/analysis/overlap.ts';
import { byCause, sizeOverTime } from '../../../../app/segments/analysis/size-over-time.ts';

const day = (text: string) => text as LocalDate;

test('sizes are worked out backwards from now', () => {
  const moves = [
    { day: day('2026-11-20'), entered: 10, left: 0 },
    { day: day('2026-11-22'), entered: 2, left: 5 },
  ];
  expect(
    sizeOverTime(7, moves, day('2026-11-19'), day('2026-11-22')).map(({ day: on, size }) => [on, size]),
  ).toEqual([
    ['2026-11-19', 0],
    ['2026-11-20', 10],
    ['2026-11-21', 10],
    ['2026-11-22', 7],
  ]);
  expect(sizeOverTime(7, [], day('2026-11-23'), day('2026-11-22'))).toEqual([]);
});

test('whatever came and went, yesterday and what moved today make today', () => {
  const moved = fc.record({ entered: fc.nat(50), left: fc.nat(50) });
  fc.assert(
    fc.property(fc.array(moved, { minLength: 1, maxLength: 20 }), (history) => {
      let size = 1_000;
      const truth = history.map(({ entered, left }) => (size += entered - left));
      const moves = history.map((one, i) => ({
        ...one,
        day: day(`2026-01-${String(i + 1).padStart(2, '0')}`),
      }));
      const today = moves.at(-1)?.day ?? day('2026-01-01');
      expect(sizeOverTime(size, moves, day('2026-01-01'), today).map((one) => one.size)).toEqual(truth);
    }),
  );
});

test('causes are summed, the largest first', () => {
  expect(
    byCause([
      { kind: 'entered', cause: 'order', customers: 1 },
      { kind: 'left', cause: 'clock', customers: 5 },
      { kind: 'left', cause: 'order', customers: 2 },
    ]),
  ).toEqual([
    { cause: 'clock', entered: 0, left: 5 },
    { cause: 'order', entered: 1, left: 2 },
  ]);
});

const THREE = ['1', '2', '3'].map((id) => ({ id, key: `s${id}`, name: `S${id}` }));

test('pairs are those of the people, counted one by one', () => {
  const person = fc.subarray(['1', '2', '3', '9']);
  fc.assert(
    fc.property(fc.array(person, { maxLength: 30 }), (people) => {
      const { segments, pairs } = overlapOf(
        THREE,
        people.map((ids) => ({ ids, customers: 1 })),
        1,
      );
      const holding = (...ids: string[]) =>
        people.filter((one) => ids.every((id) => one.includes(id))).length;
      expect(segments.map(({ size }) => size)).toEqual(['1', '2', '3'].map((id) => holding(id)));
      for (const [a, b] of [
        ['1', '2'],
        ['1', '3'],
        ['2', '3'],
      ] as const) {
        const pair = pairs.find((one) => one.a === `s${a}` && one.b === `s${b}`);
        expect(pair?.both ?? 0).toBe(holding(a, b));
        if (pair) expect(pair.shareOfSmaller).toBe(holding(a, b) / Math.min(holding(a), holding(b)));
      }
    }),
  );
});

test('of a sample, counts are multiplied', () => {
  const { segments, pairs } = overlapOf(THREE, [{ ids: ['1', '2'], customers: 3 }], 10);
  expect(segments.map(({ size }) => size)).toEqual([30, 30, 0]);
  expect(pairs).toEqual([{ a: 's1', b: 's2', both: 30, shareOfSmaller: 1 }]);
});

const facts = (key: string, more: Partial<HealthFacts> = {}): HealthFacts => ({
  key,
  name: key.toUpperCase(),
  status: 'live',
  size: 10,
  failure: null,
  daysOn: 10,
  daysSinceChange: 1,
  frozen: false,
  ...more,
});
const notes = (one: HealthFacts, customers = 100) =>
  healthOf([one], customers, null).flatMap((all) => all.notes);

test('notes: failing, empty, nearly everyone, stale, and none for what works', () => {
  expect(notes(facts('a'))).toEqual([]);
  expect(notes(facts('a', { status: 'failing', failure: 'Why.' }))).toEqual([
    { kind: 'failing', why: 'Why.' },
  ]);
  expect(notes(facts('a', { size: 0, daysSinceChange: 400 }))).toEqual([{ kind: 'empty' }]);
  expect(notes(facts('a', { size: 95 }))).toEqual([{ kind: 'nearly_everyone', share: 0.95 }]);
  expect(notes(facts('a', { size: 94 }))).toEqual([]);
  expect(notes(facts('a', { daysSinceChange: 89 }))).toEqual([]);
  expect(notes(facts('a', { daysSinceChange: 90 }))).toEqual([{ kind: 'stale', days: 90 }]);
  expect(notes(facts('a', { daysSinceChange: null, daysOn: 91 }))).toEqual([{ kind: 'stale', days: 91 }]);
  expect(notes(facts('a', { daysSinceChange: 400, frozen: true }))).toEqual([]);
  expect(notes(facts('a', { size: 5 }), 0)).toEqual([]);
});

test('contained in another, and the same people: said only when everybody was counted', () => {
  const segments = [facts('s1', { size: 2 }), facts('s2', { size: 5 }), facts('s3', { size: 5 })];
  const people = [
    { ids: ['1', '2', '3'], customers: 2 },
    { ids: ['2', '3'], customers: 3 },
  ];
  expect(healthOf(segments, 100, overlapOf(THREE, people, 1))).toEqual([
    {
      key: 's1',
      name: 'S1',
      size: 2,
      notes: [
        { kind: 'contained', in: 's2', name: 'S2' },
        { kind: 'contained', in: 's3', name: 'S3' },
      ],
    },
    { key: 's2', name: 'S2', size: 5, notes: [{ kind: 'same_people', as: 's3', name: 'S3' }] },
    { key: 's3', name: 'S3', size: 5, notes: [{ kind: 'same_people', as: 's2', name: 'S2' }] },
  ]);
  expect(healthOf(segments, 100, overlapOf(THREE, people, 2))).toEqual([]);
});
