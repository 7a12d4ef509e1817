/** The compiler held to an evaluator that knows no SQL, over random rules and random stores. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, sql } from '../../../app/db/sql.ts';
import { DEFAULT_ORDER_POLICY } from '../../../app/history/order-policy.ts';
import { atHour, daysBetween, localDateOf, type LocalDate } from '../../../app/local-date.ts';
import { compileRule, evidenceFields, subjectOf } from '../../../app/segments/compile-rule.ts';
import { FIELD_KEYS } from '../../../app/segments/fields.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { recencyScore, risingScore } from '../../../app/value/scores.ts';
import { arbitraryPrediction } from '../../support/arbitrary-customer.ts';
import { arbitraryCondition, arbitraryRule } from '../../support/arbitrary-rule.ts';
import { profileOf } from '../../support/order-policy-oracle.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { holds, valueOf, type OracleCustomer } from '../../support/rule-oracle.ts';
import { createSegmentShop, putPredictions } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'America/Sao_Paulo';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('every rule holds for exactly those for whom its words hold', async () => {
  const rules = fc.tuple(
    ...FIELD_KEYS.map((key) => arbitraryCondition([key]).map((where) => ({ v: 1 as const, where }))),
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
      const { found, cuts } = await shop.in(async (tx) => {
        const { context } = await readRuleDay(tx, shop.clock.now());
        await putPredictions(
          tx,
          store.customers.map(({ id }, i) => [id, predictions[i] ?? null] as const),
        );
        expect(context.today).toBe(TODAY);
        const fields = [...new Set(drawn.flatMap(evidenceFields))];
        const { rows } = await tx.query<{ id: string; holds: boolean[] }>(sql`
          SELECT customer_id AS id, ARRAY[${join(drawn.map(compileRule))}] AS holds
            FROM (${subjectOf(tx.shopId, fields, context)}) subject ORDER BY customer_id`);
        return { found: rows, cuts: context.cutPoints };
      });

      const expected = store.customers.flatMap((row, i) => {
        const profile = profileOf(row, store.orders, policy, ZONE);
        if (profile.leftOut) return [];
        const customer: OracleCustomer = {
          profile,
          scores:
            profile.lastOn === null
              ? null
              : {
                  r: recencyScore(daysBetween(profile.lastOn, cuts.asOf), cuts.recencyDays),
                  f: risingScore(profile.orders, cuts.frequency),
                  m: risingScore(profile.spent, cuts.monetaryMinor),
                },
          prediction: predictions[i] ?? null,
          country: row.countryCode ?? null,
          emailConsent: row.emailConsent ?? null,
          smsConsent: row.smsConsent ?? null,
          since: row.createdAt ? localDateOf(row.createdAt, ZONE) : null,
        };
        const answers = drawn.map((rule) =>
          holds(rule.where, (field) => valueOf(field, customer, TODAY, cuts)),
        );
        return [{ id: row.id, holds: answers }];
      });
      expect(found).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});
