/** The preview of a rule that is being written: people, money, who comes and goes, and the few who spent most. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { previewRule } from '../../../app/segments/preview-rule.server.ts';
import type { Condition, Rule } from '../../../app/segments/rule.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Europe/Berlin';
const NOW = atHour(TODAY, 12, ZONE);
const PEOPLE = 6_000;

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
}, 180_000);
afterAll(() => t.close());

/** Customer n has one order of n euro cents, n days ago at most 300; every thousandth is German. */
beforeEach(async () => {
  shop = await createSegmentShop(t, { now: NOW, timeZone: ZONE, store: { customers: [], orders: [] } });
  await shop.in(async (tx) => {
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, created_at, updated_at, country_code)
      SELECT ${tx.shopId}, n, ${NOW}, ${NOW}, CASE WHEN n % 1000 = 0 THEN 'DE' ELSE 'AT' END
        FROM generate_series(1, ${PEOPLE}::int) n`);
    await tx.query(sql`
      INSERT INTO orders (shop_id, id, customer_id, created_at, processed_at, updated_at, financial_status, currency,
                          total_minor, current_total_minor, net_payment_minor, core_stamp)
      SELECT ${tx.shopId}, n, n, at, at, at, 'PAID', 'EUR', n, n, n, ''
        FROM (SELECT n, ${NOW}::timestamptz - n % 300 * interval '1 day' AS at
                FROM generate_series(1, ${PEOPLE}::int) n) one`);
  });
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'import', publish: 'if-due' });
});

const rule = (...all: Condition[]): Rule => ({ v: 1, where: { all } });
const preview = (asked: Rule, key: string | null = null) =>
  shop.in((tx) => previewRule(tx, { key, rule: asked, now: NOW }));

const spent = (op: 'gte' | 'lte', value: number): Condition => ({ field: 'spent', op, value });
const inDays = (op: 'gte' | 'lte', value: number): Condition => ({
  field: 'spent_in',
  with: { lastDays: 400 },
  op,
  value,
});

test.each([
  ['of the profile', spent],
  ['of orders', inDays],
])('a rule %s: how many, their money and the five who spent most', async (_, condition) => {
  expect(await preview(rule(condition('gte', 5_991)))).toEqual({
    size: 10,
    everybody: PEOPLE,
    spentMinor: String((5_991 + 6_000) * 5),
    sample: ['6000', '5999', '5998', '5997', '5996'],
    against: null,
  });
  // Beyond those who spent most of all in the store.
  const small = await preview(rule(condition('lte', 7)));
  expect(small).toMatchObject({ size: 7, spentMinor: '28', sample: ['7', '6', '5', '4', '3'] });
});

test('few people among many: all of them, the most first; nobody is nobody', async () => {
  const german: Condition = { field: 'country', op: 'eq', value: 'DE' };
  expect(await preview(rule(german))).toMatchObject({
    size: 6,
    sample: ['6000', '5000', '4000', '3000', '2000'],
  });
  expect(await preview(rule(german, spent('lte', 1_500)))).toMatchObject({ size: 1, sample: ['1000'] });
  expect(await preview(rule(german, spent('lte', 10)))).toMatchObject({
    size: 0,
    spentMinor: '0',
    sample: [],
  });
});

test('who would come and go: against the members, of a draft against what it says now', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, {
      live: { rule: rule(spent('gte', 5_991)) },
      draft: { rule: rule(spent('gte', 5_981)), status: 'draft' },
    });
  });
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  for (const condition of [spent, inDays]) {
    const wanted = rule(condition('gte', 5_986), condition('lte', 5_995));
    expect((await preview(wanted, 'live'))?.against).toEqual({ gains: 5, loses: 5 });
    expect((await preview(wanted, 'draft'))?.against).toEqual({ gains: 0, loses: 10 });
  }
});
