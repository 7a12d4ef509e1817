/** Tags with our prefix that were in the store before the app: found by the import, and the merchant says what they are. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideFound, readFoundTags } from '../../../app/activation/tags/found-tags.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { ACTS } from '../../../sandbox/acts/act-routes.ts';
import { createWorkerWorld, type WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
let shopId: ShopId;
let ids: string[];
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 40, seed: 3 } });
  ids = [...world.store.customers()].map(({ id }) => id);
  // Two who will be in the segment or not, and one with a tag that no segment has; none of them ours.
  setTags(0, ['regulars-everybody', 'VIP']);
  setTags(1, ['REGULARS-Everybody']);
  setTags(2, ['regulars-ancient', 'VIP']);
  setTags(3, ['regulars-ancient']);
  shopId = await world.newShop();
}, 120_000);
afterAll(() => world?.close());

const now = () => world.ctx.clock.now();
const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => world.testDb.db.inShop(shopId, work);
const setTags = (n: number, tags: readonly string[]) =>
  ACTS['set-tags']?.(world.store, { customer: ids[n], tags: [...tags] }, world.sandbox);
const tagsOf = (n: number) => [...(world.store.customer(ids[n] ?? '')?.tags ?? [])].sort();
const decide = (key: string, decision: 'adopt' | 'leave') =>
  inShop((tx) => decideFound(tx, { key, decision, actor: '42', now: now() }));
const found = () => inShop(readFoundTags);

test('the import finds them, nothing is written, and nobody is a member by them', async () => {
  expect(await found()).toMatchObject([
    { key: 'regulars-ancient', customers: 2, state: 'asked', segment: null },
    { key: 'regulars-everybody', customers: 2, state: 'asked', segment: null },
  ]);
  await world.push(shopId);
  expect(tagsOf(0)).toEqual(['VIP', 'regulars-everybody']);
  const people = await inShop((tx) => tx.query(sql`SELECT 1 FROM segment_person WHERE shop_id = ${shopId}`));
  expect(people.rowCount).toBe(0);
});

test('left, they are never touched; adopted without a segment, they are removed and the rest stays', async () => {
  expect(await decide('regulars-ancient', 'leave')).toBe(2);
  await world.push(shopId);
  expect(tagsOf(2)).toEqual(['VIP', 'regulars-ancient']);
  // The merchant thinks better of it.
  expect(await decide('regulars-ancient', 'adopt')).toBe(2);
  expect(await decide('regulars-unknown', 'adopt')).toBeNull();
  await world.push(shopId);
  expect(tagsOf(2)).toEqual(['VIP']);
  expect(tagsOf(3)).toEqual([]);
});

test('adopted for a draft, they stay until it is turned on; then they are kept in step like all others', async () => {
  await inShop((tx) =>
    createSegment(tx, {
      name: 'Everybody',
      rule: { v: 1, where: { field: 'orders', op: 'gte', value: 100_000 } },
      actor: '42',
      now: now(),
    }),
  );
  expect((await found()).find(({ key }) => key === 'regulars-everybody')?.segment).toMatchObject({
    key: 'everybody',
    status: 'draft',
  });
  expect(await decide('regulars-everybody', 'adopt')).toBe(2);
  await world.push(shopId);
  expect(tagsOf(0)).toEqual(['VIP', 'regulars-everybody']);
  // The rule holds for nobody: turned on, those who carry the tag lose it, whoever spelled it.
  const keys = ['everybody'];
  const { fingerprint } = await inShop((tx) => reviewTurnOn(tx, { keys, now: now() }));
  const done = await turnOn(world.ctx, shopId, { keys, fingerprint, actor: '42', now: now() });
  expect(done).toMatchObject({ outcome: 'done' });
  await world.push(shopId);
  expect(tagsOf(0)).toEqual(['VIP']);
  expect(tagsOf(1)).toEqual([]);
  expect((await found()).filter(({ state }) => state !== 'left')).toEqual([]);
});
