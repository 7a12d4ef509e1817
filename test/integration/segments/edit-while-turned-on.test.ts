/** What is done to a draft while it is turned on, or turned off: it is never taken for what it was. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { approveChange, cancelChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { readChangeReview } from '../../../app/pipeline/read-change-review.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { trySegment } from '../../../app/pipeline/try-segment.server.ts';
import { turnOff } from '../../../app/pipeline/turn-off.server.ts';
import { readTurnOffReview } from '../../../app/activation/read-turn-off-review.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { deleteSegment } from '../../../app/segments/delete-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { loadSegment } from '../../../app/segments/load-segments.server.ts';
import { proposeChange } from '../../../app/segments/propose-change.server.ts';
import { renameSegment } from '../../../app/segments/rename-segment.server.ts';
import { writeStates } from '../../../app/segments/write-states.server.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { untilWaiting } from '../../support/until-waiting.ts';

const BUYERS = { v: 1, where: { field: 'orders', op: 'gte', value: 2 } };
const OTHER = { v: 1, where: { field: 'orders', op: 'gte', value: 3 } };
const LARGE = { atOnce: 10 };
const PERSON = { actor: '42', now: ARITHMETIC_NOON };

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  shop = await createArithmeticShop(t);
});

const segment = (key: string) => shop.in((tx) => loadSegment(tx, key));
const run = () => shop.in(readChangeRun);
const goOn = (signal?: AbortSignal) =>
  goOnWithChange(shop.ctx, shop.shopId, { chunk: 50, ...(signal ? { signal } : {}) });
async function on(...keys: string[]): Promise<void> {
  await shop.in((tx) => putSegments(tx, Object.fromEntries(keys.map((key) => [key, { rule: BUYERS }]))));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
}

test('a draft that is turned on while it is edited, renamed or deleted is one that is on', async () => {
  const draft = { status: 'draft', rule: BUYERS } as const;
  await shop.in((tx) => putSegments(tx, { edited: draft, renamed: draft, deleted: draft }));
  let acts: Promise<unknown>[] = [];
  await shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    await tx.query(sql`UPDATE segment SET status = 'live' WHERE shop_id = ${shop.shopId}`);
    acts = [
      shop.in((other) => editSegment(other, { key: 'edited', rule: OTHER, ...PERSON })),
      shop.in((other) => renameSegment(other, { key: 'renamed', name: 'Renamed', tag: 'another' })),
      shop.in((other) => deleteSegment(other, 'deleted')),
    ];
    await untilWaiting(t.db, acts.length);
  });
  expect(await Promise.all(acts)).toEqual([
    { outcome: 'waiting' },
    { outcome: 'tag_in_use' },
    { outcome: 'on' },
  ]);
  expect(await segment('edited')).toMatchObject({ rule: BUYERS, ruleVersion: 1, hasDraft: true });
  expect(await segment('renamed')).toMatchObject({ tagName: 'renamed' });
  expect(await segment('deleted')).toMatchObject({ status: 'live' });
});

test('what was planned with another version is not written', async () => {
  await shop.in((tx) => putSegments(tx, { buyers: { status: 'draft', rule: BUYERS } }));
  const { targets } = await shop.in((tx) => proposeChange(tx, { act: 'turn_on', keys: ['buyers'] }));
  expect(await shop.in((tx) => editSegment(tx, { key: 'buyers', rule: OTHER, ...PERSON }))).toEqual({
    outcome: 'done',
  });
  const write = shop.in((tx) => writeStates(tx, targets, { ...PERSON, note: '', newSet: null }));
  await expect(write).rejects.toThrow('A segment was changed meanwhile');
  expect(await segment('buyers')).toMatchObject({ rule: OTHER, ruleVersion: 2, status: 'draft' });
});

test('while it is being turned off in the background it is not deleted: its tags would stay', async () => {
  await on('buyers');
  const remove = () => shop.in((tx) => deleteSegment(tx, 'buyers'));
  const started = await turnOff(
    shop.ctx,
    shop.shopId,
    { keys: ['buyers'], fingerprint: '', ...PERSON },
    LARGE,
  );
  if (started.outcome !== 'started') throw new Error(started.outcome);
  await goOn();
  const review = await shop.in((tx) => readChangeReview(tx, ARITHMETIC_NOON));
  const approved = { id: started.id, fingerprint: review?.fingerprint ?? '', startAutomations: false };
  expect(await approveChange(shop.ctx, shop.shopId, { ...approved, ...PERSON })).toEqual({
    outcome: 'approved',
  });
  const stop = new AbortController();
  const db = {
    ...shop.ctx.db,
    inShop: async (id: typeof shop.shopId, work: Parameters<typeof shop.ctx.db.inShop>[1]) => {
      const answer = await shop.ctx.db.inShop(id, work);
      if ((await run())?.state === 'applying') stop.abort(new Error('stopped'));
      return answer;
    },
  } as typeof shop.ctx.db;
  await expect(
    goOnWithChange({ ...shop.ctx, db }, shop.shopId, { chunk: 50, signal: stop.signal }),
  ).rejects.toThrow('stopped');
  expect(await segment('buyers')).toMatchObject({ status: 'draft' });
  expect(await remove()).toEqual({ outcome: 'following' });
  await goOn();
  expect(await shop.memberships()).toEqual([]);
  expect(await remove()).toEqual({ outcome: 'done' });
});

test('a draft that a change names is not deleted until that is over', async () => {
  await shop.in((tx) => putSegments(tx, { buyers: { status: 'draft', rule: BUYERS } }));
  const remove = () => shop.in((tx) => deleteSegment(tx, 'buyers'));
  const tried = await trySegment(
    shop.ctx,
    shop.shopId,
    { key: 'buyers', customerIds: ['1', '150'], ...PERSON },
    LARGE,
  );
  if (tried.outcome !== 'started') throw new Error(tried.outcome);
  expect(await remove()).toEqual({ outcome: 'in_change' });
  expect(await segment('buyers')).toMatchObject({ hasPeople: true });
  expect(await cancelChange(shop.ctx, shop.shopId, { id: tried.id, ...PERSON })).toBe(true);
  await goOn();
  expect(await run()).toMatchObject({ state: 'cancelled' });
  // Nobody is chosen any more.
  expect(await segment('buyers')).toMatchObject({ status: 'draft', hasPeople: false });
  expect(await remove()).toEqual({ outcome: 'done' });
});

test('a trial that cannot begin chooses nobody', async () => {
  await shop.in((tx) => putSegments(tx, { buyers: { status: 'draft', rule: BUYERS } }));
  await shop.in((tx) => tx.query(sql`UPDATE shop_settings SET ask_above = 0 WHERE shop_id = ${shop.shopId}`));
  const wish = { key: 'buyers', customerIds: ['150', '151', '152', '153', '154'], ...PERSON };
  const tried = await trySegment(shop.ctx, shop.shopId, wish);
  expect(tried.outcome).toBe('ask');
  expect(await segment('buyers')).toMatchObject({ status: 'draft', hasPeople: false });
});

test('in a large store what cannot be read is turned off by itself, and named where others are chosen', async () => {
  await on('buyers', 'broken');
  await shop.in((tx) => tx.query(sql`UPDATE segment SET rule = '{"v":99}' WHERE shop_id = ${shop.shopId} AND key = 'broken'`)); // prettier-ignore
  const off = async (keys: string[]) => {
    const { fingerprint } = await shop.in((tx) => readTurnOffReview(tx, keys, ARITHMETIC_NOON));
    return turnOff(shop.ctx, shop.shopId, { keys, fingerprint, ...PERSON }, LARGE);
  };
  expect(await off(['buyers', 'broken'])).toEqual({
    outcome: 'apart',
    segments: [{ key: 'broken', name: 'broken' }],
  });
  expect(await off(['broken'])).toMatchObject({ outcome: 'done' });
  expect(await segment('broken')).toMatchObject({ status: 'draft' });
  expect(await segment('buyers')).toMatchObject({ status: 'live' });
  expect(await off(['broken'])).toEqual({ outcome: 'nothing_to_turn_off' });
  // What cannot be worked out now is not done in one go instead.
  await shop.in((tx) => tx.query(sql`DELETE FROM cut_points WHERE shop_id = ${shop.shopId}`));
  expect(await off(['buyers'])).toEqual({ outcome: 'not_ready', reason: 'not_imported' });
});
