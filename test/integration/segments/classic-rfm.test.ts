/** All 125 cells of the classic groups, active and quiet, against the matrix as it is published. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { addDays, type LocalDate } from '../../../app/local-date.ts';
import { CLASSIC_RFM } from '../../../app/segments/classic-rfm.ts';
import { compileRule, subjectOf, termsOf } from '../../../app/segments/compile-rule.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
/** By recency score, then by the mean of the other two, rounded up. */
const MATRIX: Record<number, readonly string[]> = {
  5: ['New buyers', 'Potential loyalists', 'Potential loyalists', 'Loyal', 'Champions'],
  4: ['Promising', 'Potential loyalists', 'Potential loyalists', 'Loyal', 'Champions'],
  3: ['About to sleep', 'Need attention', 'Need attention', 'Loyal', 'Loyal'],
  2: ['Hibernating', 'Hibernating', 'At risk', 'At risk', 'Cannot lose them'],
  1: ['Lost', 'Lost', 'At risk', 'At risk', 'Cannot lose them'],
};
const PROMISES_ACTIVITY = ['Champions', 'Loyal', 'Potential loyalists', 'New buyers', 'Promising'];

/** The nearest name below in the same column that promises no activity. */
function named(r: number, f: number, m: number, active: boolean): string {
  const column = Math.floor((f + m + 1) / 2) - 1;
  for (let row = r; row >= 1; row--) {
    const name = MATRIX[row]?.[column] ?? '';
    if (active || !PROMISES_ACTIVITY.includes(name)) return name;
  }
  throw new Error('every column ends in a name that promises nothing');
}

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
  shop = await createSegmentShop(t, {
    now: ARITHMETIC_NOON,
    timeZone: 'Europe/Berlin',
    store: { customers: [], orders: [] },
  });
});
afterAll(() => t.close());

test('each of the 125 cells, for each rhythm, is in exactly the one group of the matrix; who never bought is a prospect', async () => {
  const cells = [1, 2, 3, 4, 5].flatMap((r) =>
    [1, 2, 3, 4, 5].flatMap((f) =>
      [1, 2, 3, 4, 5].flatMap((m) =>
        (['active', 'slowing', 'away', 'gone'] as const).map((rhythm) => ({ r, f, m, rhythm })),
      ),
    ),
  );
  expect(cells).toHaveLength(500);
  const answers = await shop.in(async (tx) => {
    const { context } = await readRuleDay(tx, ARITHMETIC_NOON);
    const [active, slowing, away] = context.cutPoints.rhythmDays;
    const days = { active, slowing, away, gone: away + 1 };
    const json = cells.map(({ r, f, m, rhythm }, i) => ({
      id: i + 1,
      r,
      f,
      m,
      on: addDays(TODAY, -Math.floor(days[rhythm])),
    }));
    await tx.query(sql`
      INSERT INTO profile (shop_id, customer_id, orders, last_activity_on)
      SELECT ${tx.shopId}::bigint, id, 1, "on" FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb) AS cell (id bigint, "on" date)
      UNION ALL SELECT ${tx.shopId}::bigint, 1000, 0, NULL`);
    await tx.query(sql`
      INSERT INTO score (shop_id, customer_id, r, f, m, cut_points_version)
      SELECT ${tx.shopId}::bigint, id, r, f, m, 1
        FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb) AS cell (id bigint, r int, f int, m int)`);
    const named = CLASSIC_RFM.map(
      ({ name, rule }) =>
        sql`SELECT customer_id AS id, ${name}::text AS name FROM subject WHERE ${compileRule(rule)}`,
    );
    const all = named.reduce((one, other) => sql`${one} UNION ALL ${other}`);
    const { rows } = await tx.query<{ id: string; names: string[] }>(sql`
      WITH subject AS (${subjectOf(tx.shopId, [...new Set(CLASSIC_RFM.flatMap(({ rule }) => termsOf(rule)))], context)}),
           named AS (${all})
      SELECT p.customer_id AS id, array_agg(named.name) AS names
        FROM profile p LEFT JOIN named ON named.id = p.customer_id
       WHERE p.shop_id = ${tx.shopId} GROUP BY 1`);
    return new Map(rows.map(({ id, names }) => [id, names]));
  });
  for (const [i, { r, f, m, rhythm }] of cells.entries()) {
    const active = rhythm === 'active' || rhythm === 'slowing';
    expect([`${r}${f}${m} ${rhythm}`, answers.get(String(i + 1))]).toEqual([
      `${r}${f}${m} ${rhythm}`,
      [named(r, f, m, active)],
    ]);
  }
  expect(answers.get('1000')).toEqual(['Prospects']);
});
