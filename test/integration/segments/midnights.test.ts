/** The first instant of a date stands for the date, in every zone; where it cannot, the row's own date is asked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, sql } from '../../../app/db/sql.ts';
import { isOnOrAfter } from '../../../app/segments/on-or-after.ts';
import type { Scope } from '../../../app/segments/field.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test.each([
  ['America/St_Johns', '2010-11-07'], // a minute after midnight back to 23:01 of the day before
  ['America/Havana', '2026-11-01'], // 1:00 back to 0:00
  ['America/Sao_Paulo', '2018-02-18'], // 0:00 back to 23:00
  ['America/Sao_Paulo', '2018-11-04'], // 0:00 on to 1:00
  ['Asia/Gaza', '2012-09-21'],
  ['Australia/Lord_Howe', '2026-04-05'], // half an hour
  ['Pacific/Apia', '2011-12-30'], // a day that never was
  ['Pacific/Kiritimati', '1994-12-31'],
  ['Europe/Berlin', '2026-10-25'],
  ['Asia/Kathmandu', '1986-01-01'], // a quarter of an hour on
])('%s around %s', async (zone, day) => {
  const scope = { context: { timeZone: zone } } as unknown as Scope;
  const dates = [-1, 0, 1, 2].map((days) => sql`(${day}::date + ${days}::int)`);
  const tests = dates.map((date) => isOnOrAfter(sql`x`, date, scope.context.timeZone));
  const words = dates.map((date) => sql`(x AT TIME ZONE ${zone})::date >= ${date}`);
  const { rows } = await t.db.outsideShops((tx) =>
    tx.query<{ all: number; wrong: number; yes: number }>(sql`
      SELECT count(*)::int AS all,
             count(*) FILTER (WHERE ARRAY[${join(tests)}] IS DISTINCT FROM ARRAY[${join(words)}])::int AS wrong,
             count(*) FILTER (WHERE ${tests[1]})::int AS yes
        FROM generate_series(${day}::timestamp AT TIME ZONE 'UTC' - interval '40 hours',
                             ${day}::timestamp AT TIME ZONE 'UTC' + interval '64 hours', interval '20 seconds') x`),
  );
  expect(rows[0]).toMatchObject({ all: 18_721, wrong: 0 });
  expect(rows[0]?.yes).toBeGreaterThan(4_000);
});
