/** Why somebody is in or out, and what time will do: a merchant's sentences on the store that can be checked by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays, atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { why } from '../../../app/segments/why.server.ts';
import { ARITHMETIC_NOON, arithmeticStore, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import type { RandomStore } from '../../support/random-store.ts';
import {
  createArithmeticShop,
  createSegmentShop,
  putSegments,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const VIP: Rule = {
  v: 1,
  countAfterDays: 30,
  where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 },
};

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

describe('VIP: 1,000.00 in 365 days, orders counted after 30', () => {
  let shop: SegmentShop;
  beforeAll(async () => {
    const store: RandomStore = arithmeticStore();
    store.customers.push({ id: '201' });
    store.orders.push({ id: '9', customerId: '201', processedAt: ARITHMETIC_NOON, totalMinor: 100_000 });
    shop = await createSegmentShop(t, { now: ARITHMETIC_NOON, timeZone: ARITHMETIC_TIME_ZONE, store });
    await shop.in((tx) => putSegments(tx, { VIP: { rule: VIP } }));
  });
  const ask = (id: string) => shop.in((tx) => why(tx, { customerId: id, key: 'VIP', now: ARITHMETIC_NOON }));

  test('exactly the eight', async () => {
    const held: string[] = [];
    for (let k = 20; k <= 200; k += 20) if ((await ask(String(k)))?.holds) held.push(String(k));
    expect(held).toEqual(['20', '40', '60', '80', '100', '120', '140', '160']);
  });

  test.each([
    ['160', 'leaves VIP on 28 November (1,200.00 becomes 800.00)', '2026-11-28'],
    ['140', 'leaves VIP on 7 January 2027 (1,200.00 becomes 800.00)', '2027-01-07'],
    ['201', 'VIP on 22 December if kept', '2026-12-22'],
  ])('c%s %s', async (id, sentence, on) => {
    const answer = await ask(id);
    expect(answer?.sentence).toBe(sentence);
    expect(answer?.next?.on).toBe(on);
  });

  test('condition by condition, with what comes next', async () => {
    expect((await ask('160'))?.conditions).toMatchObject([
      {
        text: 'spent in the last 365 days is at least €1,000.00',
        label: 'spent in the last 365 days',
        value: 120_000,
        bound: 100_000,
        holds: true,
        canChangeOn: '2026-11-28',
        then: { value: 80_000, holds: false },
      },
    ]);
    expect(await ask('200')).toMatchObject({ holds: false, next: null, sentence: null });
  });
});

describe('time, in the words of the rule', () => {
  /** One customer with one order at noon of `day`, and what the rule says of them at midnights. */
  async function says(
    zone: string,
    day: string,
    where: Rule['where'],
    dates: readonly string[],
    born: string = day,
  ): Promise<boolean[]> {
    const on = day as LocalDate;
    const shop = await createSegmentShop(t, {
      now: atHour(on, 13, zone),
      timeZone: zone,
      store: {
        customers: [{ id: '1', metafields: [{ key: 'facts.birthday', value: born, date: born }] }],
        orders: [{ id: '1', customerId: '1', processedAt: atHour(on, 12, zone), totalMinor: 1_000 }],
      },
    });
    await shop.in((tx) => putSegments(tx, { s: { rule: { v: 1, where } } }));
    const answers: boolean[] = [];
    for (const date of dates) {
      const now = startOfDay(date as LocalDate, zone);
      answers.push((await shop.in((tx) => why(tx, { customerId: '1', key: 's', now })))?.holds ?? false);
    }
    return answers;
  }

  test.each([
    ['Europe/Berlin', '2026-10-20'], // the clocks go back on the 25th
    ['America/Havana', '2026-10-28'], // midnight comes twice on 1 November
    ['America/Havana', '2026-03-05'], // there is no midnight on the 8th
    ['Pacific/Apia', '2026-11-20'], // UTC+13
    ['Pacific/Pago_Pago', '2026-11-20'], // UTC-11, the other side of the date line
    ['Pacific/Kiritimati', '2026-12-28'], // UTC+14, over the turn of the year
    ['America/St_Johns', '2026-10-28'], // half an hour off, the clocks go back on 1 November
    ['America/St_Johns', '2028-03-08'], // and forward on the 12th
    ['Asia/Kathmandu', '2028-02-25'], // over a leap day
    ['Australia/Lord_Howe', '2026-04-01'], // half an hour back on the 5th
  ])('in the last 7 days: to the end of the seventh day after (%s, %s)', async (zone, day) => {
    const where = { field: 'orders_in', with: { lastDays: 7 }, op: 'gte', value: 1 } as const;
    const dates = [0, 7, 8].map((days) => addDays(day as LocalDate, days));
    expect(await says(zone, day, where, dates.slice(1))).toEqual([true, false]);
    const after = { field: 'orders_in', with: { beforeDays: 7 }, op: 'gte', value: 1 } as const;
    expect(await says(zone, day, after, dates.slice(1))).toEqual([false, true]);
  });

  test('a birthday on 29 February comes on the 28th in years without one', async () => {
    const where = {
      field: 'metafield_anniversary_in',
      with: { metafield: 'facts.birthday' },
      op: 'lte',
      value: 1,
    } as const;
    const dates = [
      '2027-02-26',
      '2027-02-27',
      '2027-02-28',
      '2027-03-01',
      '2028-02-27',
      '2028-02-29',
      '2028-03-01',
    ];
    expect(await says('UTC', '2026-11-01', where, dates, '2000-02-29')).toEqual([
      false, true, true, false, false, true, false,
    ]); // prettier-ignore
  });

  test('who was born on 29 February is a year older on the 28th', async () => {
    const where = {
      field: 'metafield_years',
      with: { metafield: 'facts.birthday' },
      op: 'gte',
      value: 27,
    } as const;
    expect(await says('UTC', '2026-11-01', where, ['2027-02-27', '2027-02-28'], '2000-02-29')).toEqual([
      false,
      true,
    ]);
  });

  test('the first order has no anniversary on its own day, and one every year after', async () => {
    const where = { field: 'first_order_anniversary_in', op: 'eq', value: 0 } as const;
    expect(
      await says('Pacific/Auckland', '2024-02-29', where, [
        '2024-03-01',
        '2025-02-28',
        '2025-03-01',
        '2028-02-29',
      ]),
    ).toEqual([false, true, false, true]);
  });

  test('dates: in the last, not in the last, more than ago, in the next', async () => {
    const on = (op: string, value: number) =>
      says('UTC', '2026-11-01', { field: 'metafield_date', with: { metafield: 'facts.birthday' }, op, value } as never,
        ['2026-11-09', '2026-11-10', '2026-11-11', '2026-11-13', '2026-11-14'], '2026-11-11'); // prettier-ignore
    expect(await on('in_last_days', 2)).toEqual([false, false, true, true, false]);
    expect(await on('not_in_last_days', 2)).toEqual([true, true, false, false, true]);
    expect(await on('more_than_days_ago', 2)).toEqual([false, false, false, false, true]);
    expect(await on('in_next_days', 1)).toEqual([false, true, true, false, false]);
  });
});

test('a reference is explained by what it rests on', async () => {
  const shop = await createArithmeticShop(t);
  const quiet: Rule = { v: 1, where: { field: 'days_since_last_order', op: 'gte', value: 30 } };
  const member = { field: 'member_of', with: { segment: 'quiet' }, op: 'eq', value: true } as const;
  await shop.in((tx) =>
    putSegments(tx, {
      quiet: { rule: quiet },
      'quiet-and-spent': {
        rule: { v: 1, where: { all: [member, { field: 'spent', op: 'gte', value: 5_000 }] } },
      },
    }),
  );
  const answer = await shop.in((tx) =>
    why(tx, { customerId: '14', key: 'quiet-and-spent', now: ARITHMETIC_NOON }),
  );
  expect(answer?.conditions[0]).toMatchObject({ value: false, holds: false, canChangeOn: '2026-11-24' });
  expect(answer?.sentence).toBe('quiet-and-spent on 24 November');
});
