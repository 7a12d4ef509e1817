/** No answer changes before the date that was foreseen: every field, day by day. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, raw, sql } from '../../../app/db/sql.ts';
import { addDays, atHour, type LocalDate } from '../../../app/local-date.ts';
import { compileRule, columnsOf, subjectOf } from '../../../app/segments/compile-rule.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { arbitraryCondition, arbitraryRuleOf, STORE_FIELDS } from '../../support/arbitrary-rule.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { rounds } from '../../support/rounds.ts';
import { createSegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2028-02-10' as LocalDate;
const ZONE = 'Europe/Berlin';
const DAYS = 50; // over a leap day and the beginning of summer time

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

interface Answers {
  id: string;
  holds: boolean[];
  flips: (LocalDate | null)[];
}

test('whoever changes between two days was to be reviewed on the second', async () => {
  const rules = fc.tuple(
    ...STORE_FIELDS.flatMap((key) => [
      arbitraryRuleOf(arbitraryCondition([key])),
      arbitraryRuleOf(arbitraryCondition([key])),
    ]),
  );
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(
      arbitraryStore(TODAY, ZONE, { customers: 25, orders: 60 }),
      rules,
      async (store, drawn) => {
        const shop = await createSegmentShop(t, { now: atHour(TODAY, 12, ZONE), timeZone: ZONE, store });
        await shop.in(async (tx) => {
          const { context } = await readRuleDay(tx, shop.clock.now());
          const ask = async (today: LocalDate): Promise<Map<string, Answers>> => {
            const subject = subjectOf(
              tx.shopId,
              drawn.flatMap(columnsOf),
              { ...context, today },
              {
                flipsOfEach: drawn.map((rule) => [rule]),
              },
            );
            const { rows } = await tx.query<Answers & Record<string, unknown>>(sql`
              SELECT customer_id AS id, ARRAY[${join(drawn.map((rule) => compileRule(rule)))}] AS holds,
                     ARRAY[${join(drawn.map((_, i) => raw(`flip_${i}`)))}]::text[] AS flips
                FROM (${subject}) subject`);
            return new Map(rows.map((row) => [row.id, row]));
          };
          let before = await ask(TODAY);
          for (let day = 1; day <= DAYS; day++) {
            const today = addDays(TODAY, day);
            const now = await ask(today);
            const late: { rule: Rule | undefined; today: string; flip: string | null }[] = [];
            for (const [id, { holds, flips }] of before) {
              for (const [i, was] of holds.entries()) {
                const flip = flips[i] ?? null;
                if (flip !== null) expect(flip > addDays(today, -1)).toBe(true);
                if (now.get(id)?.holds[i] === was) continue;
                changes += 1;
                if (flip !== today) late.push({ rule: drawn[i], today, flip });
              }
            }
            expect(late).toEqual([]);
            before = now;
          }
        });
      },
    ),
    { numRuns: rounds({ fast: 3, long: 20 }), endOnFailure: true },
  );
  expect(changes).toBeGreaterThan(100);
}, 180_000);
