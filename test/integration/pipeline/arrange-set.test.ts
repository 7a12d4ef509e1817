/** New steps of tiers are made with the set or not at all. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { arrangeSet } from '../../../app/pipeline/arrange-set.server.ts';
import { cancelChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { readSegmentNames } from '../../../app/segments/read-segment-names.server.ts';
import { readSets } from '../../../app/segments/read-sets.server.ts';
import { planTiers } from '../../../app/segments/tier-plan.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  shop = await createArithmeticShop(t);
  await shop.in((tx) =>
    putSegments(tx, { gold: { rule: { v: 1, where: { field: 'spent', op: 'gte', value: 50_000 } } } }),
  );
  // Every change asks.
  await shop.in((tx) => tx.query(sql`UPDATE shop_settings SET ask_above = 0 WHERE shop_id = ${shop.shopId}`));
});

const planned = planTiers({
  name: 'Club',
  measure: { field: 'spent' },
  steps: [
    { key: 'gold', enter: 100_000 },
    { key: 'silver', enter: 10_000 },
  ],
});
if (!planned.ok) throw new Error(planned.faults.join());
const wish = (fingerprint?: string) => ({
  set: planned.set,
  steps: [{ key: 'silver', name: 'Silver' }],
  actor: '42',
  now: ARITHMETIC_NOON,
  ...(fingerprint === undefined ? {} : { fingerprint }),
});
const names = async () => (await shop.in(readSegmentNames)).map(({ key }) => key);

test('a review that nobody approves leaves no drafts; approved, they are there', async () => {
  const asked = await arrangeSet(shop.ctx, shop.shopId, wish());
  if (asked.outcome !== 'ask') throw new Error(asked.outcome);
  expect(asked.review.segments.map(({ key }) => key)).toContain('gold');
  expect(await names()).toEqual(['gold']);
  expect(await shop.in(readSets)).toEqual([]);
  const done = await arrangeSet(shop.ctx, shop.shopId, wish(asked.review.fingerprint));
  expect(done.outcome).toBe('done');
  expect(await names()).toEqual(['gold', 'silver']);
  expect((await shop.in(readSets))[0]?.segments.map(({ key }) => key)).toEqual(['gold', 'silver']);
});

test('of steps that cannot be made all are told, and none is made', async () => {
  const refused = await arrangeSet(shop.ctx, shop.shopId, {
    ...wish(),
    steps: [
      { key: 'silver', name: 'Silver' },
      { key: 'Not a key', name: 'Bronze' },
    ],
  });
  expect(refused).toMatchObject({
    outcome: 'invalid',
    faults: expect.arrayContaining([expect.stringContaining('Bronze: the key')]) as string[],
  });
  expect(await names()).toEqual(['gold']);
});

test('in a large store they go when the change is given up', async () => {
  const started = await arrangeSet(shop.ctx, shop.shopId, wish(), { atOnce: 3 });
  if (started.outcome !== 'started') throw new Error(started.outcome);
  await goOnWithChange(shop.ctx, shop.shopId);
  expect(await names()).toEqual(['gold', 'silver']);
  const { id } = started;
  expect(await cancelChange(shop.ctx, shop.shopId, { id, actor: '42', now: ARITHMETIC_NOON })).toBe(true);
  await goOnWithChange(shop.ctx, shop.shopId);
  expect(await names()).toEqual(['gold']);
});

test('given up, a step that was worked on since stays', async () => {
  const started = await arrangeSet(shop.ctx, shop.shopId, wish(), { atOnce: 3 });
  if (started.outcome !== 'started') throw new Error(started.outcome);
  const rule = { v: 1, where: { field: 'spent', op: 'gte', value: 7_000 } };
  await shop.in((tx) => editSegment(tx, { key: 'silver', rule, actor: '42', now: ARITHMETIC_NOON }));
  const { id } = started;
  expect(await cancelChange(shop.ctx, shop.shopId, { id, actor: '42', now: ARITHMETIC_NOON })).toBe(true);
  await goOnWithChange(shop.ctx, shop.shopId);
  expect(await names()).toEqual(['gold', 'silver']);
});
