/** The compiler held to an evaluator that knows no SQL, over random rules and random stores. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, sql } from '../../../app/db/sql.ts';
import { DEFAULT_ORDER_POLICY } from '../../../app/history/order-policy.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { compileRule, columnsOf, subjectOf } from '../../../app/segments/compile-rule.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { arbitraryPrediction } from '../../support/arbitrary-customer.ts';
import {
  arbitraryCondition,
  arbitraryRule,
  arbitraryRuleOf,
  STORE_FIELDS,
} from '../../support/arbitrary-rule.ts';
import { profileOf } from '../../support/order-policy-oracle.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { isIn, type OracleWorld } from '../../support/rule-oracle-facts.ts';
import { rounds } from '../../support/rounds.ts';
import { createSegmentShop, putPredictions } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'America/Sao_Paulo';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
}, 180_000);
afterAll(() => t.close());

test('every rule holds for exactly those for whom its words hold', async () => {
  const rules = fc.tuple(
    ...STORE_FIELDS.map((key) => arbitraryRuleOf(arbitraryCondition([key]))),
    ...Array.from({ length: 30 }, () => arbitraryRule()),
  );
  const stores = arbitraryStore(TODAY, ZONE, { customers: 25, orders: 70 });
  const predicted = fc.array(arbitraryPrediction(TODAY), { minLength: 25, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(stores, predicted, rules, async (store, predictions, drawn) => {
      const policy = { ...DEFAULT_ORDER_POLICY, leaveOutCustomerTags: ['staff'] };
      const shop = await createSegmentShop(t, {
        now: atHour(TODAY, 23, ZONE),
        timeZone: ZONE,
        store,
        policy,
      });
      const said = store.customers.map(({ id }, i) => [id, predictions[i] ?? null] as const);
      const { found, context } = await shop.in(async (tx) => {
        const { context } = await readRuleDay(tx, shop.clock.now());
        await putPredictions(tx, said);
        expect(context.today).toBe(TODAY);
        const fields = [...new Set(drawn.flatMap(columnsOf))];
        const { rows } = await tx.query<{ id: string; holds: boolean[] }>(sql`
          SELECT customer_id AS id, ARRAY[${join(drawn.map((rule) => compileRule(rule)))}] AS holds
            FROM (${subjectOf(tx.shopId, fields, context)}) subject ORDER BY customer_id`);
        return { found: rows, context };
      });
      const world: OracleWorld = {
        store,
        today: TODAY,
        timeZone: ZONE,
        policy,
        currency: 'EUR',
        salt: context.salt,
        cuts: context.cutPoints,
        predictions: new Map(said),
      };
      for (const customer of store.customers) {
        const answers = found.find(({ id }) => id === customer.id)?.holds;
        if (profileOf(customer, store.orders, policy, ZONE).leftOut) {
          expect(answers).toBeUndefined();
          continue;
        }
        const expected = drawn.map((rule) => isIn(world, customer, rule));
        const wrong = drawn.filter((_, i) => answers?.[i] !== expected[i]);
        expect({ customer: customer.id, wrong }).toEqual({ customer: customer.id, wrong: [] });
      }
    }),
    { numRuns: rounds({ fast: 10, long: 40 }) },
  );
}, 180_000);
