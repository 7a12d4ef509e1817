/** Rules at the edge of what is allowed hold for people like any other; what PostgreSQL refuses hides nothing else. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { countDrafts } from '../../../app/segments/count-drafts.server.ts';
import type { Condition, Rule } from '../../../app/segments/rule.ts';
import { why } from '../../../app/segments/why.server.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
}, 180_000);
afterAll(() => t.close());
beforeEach(async () => {
  shop = await createArithmeticShop(t);
});

const ordersIn = (lastDays: number): Condition => ({
  field: 'orders_in',
  with: { lastDays },
  op: 'gte',
  value: 1,
});
const windows = (from: number, to: number): Rule => ({
  v: 1,
  where: { any: Array.from({ length: to - from + 1 }, (_, i) => ordersIn(from + i)) },
});

test('a hundred different values, in a rule that is on, counted, and explained', async () => {
  await shop.in((tx) =>
    putSegments(tx, { on: { rule: windows(1, 100) }, draft: { rule: windows(1, 100), status: 'draft' } }),
  );
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  // c001 to c050 last ordered 2 to 100 days ago.
  expect((await shop.memberships()).filter((one) => one.endsWith(' on'))).toHaveLength(50);
  expect(await shop.in((tx) => countDrafts(tx, ARITHMETIC_NOON))).toEqual(new Map([['draft', 50]]));
  const said = await shop.in((tx) => why(tx, { customerId: '7', key: 'on', now: ARITHMETIC_NOON }));
  expect(said).toMatchObject({ holds: true, member: { cause: 'rule' } });
  expect(Object.keys(said?.values ?? {})).toHaveLength(100);
  const { rows } = await shop.in((tx) =>
    tx.query<{ values: number }>(sql`
      SELECT count(*)::int AS values FROM membership m, jsonb_object_keys(m.evidence)
       WHERE m.shop_id = ${tx.shopId} AND m.customer_id = 7`),
  );
  expect(rows).toEqual([{ values: 100 }]);
});

test('a draft that PostgreSQL refuses is not counted; the others are', async () => {
  const refused: Rule = {
    v: 1,
    where: { field: 'orders_in', with: { from: '2026-01-01', to: '9999-12-31' }, op: 'gte', value: 1 },
  };
  await shop.in((tx) =>
    putSegments(tx, {
      refused: { rule: refused, status: 'draft' },
      sound: { rule: windows(1, 2), status: 'draft' },
    }),
  );
  expect(await shop.in((tx) => countDrafts(tx, ARITHMETIC_NOON))).toEqual(new Map([['sound', 1]]));
});
