/**
 * Another tag for a segment and another prefix for all, over HTTP: the new ones first, then everything that hangs on
 * them is verified, then the old ones go. At no step is a member without a tag, or a customer without a discount that
 * is theirs.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advanceRename } from '../../../app/activation/rename/advance-rename.server.ts';
import { finishRename, readRename, startRename, takeBackRename, type RenameWish } from '../../../app/activation/rename/rename-tags.server.ts'; // prettier-ignore
import { readAllOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { readTurnOffReview } from '../../../app/activation/read-turn-off-review.server.ts';
import { readTagSums } from '../../../app/activation/tags/read-tag-sums.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { syncNativeSegments } from '../../../app/activation/native-segments/sync-native-segments.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { turnOff } from '../../../app/pipeline/turn-off.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { tagSumWords } from '../../../app/ui/tags/tag-sum-words.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const KEY = 'win-back-60-89';
const OLD = 'regulars-win-back-60-89';
const NEW = 'regulars-quiet';
/** c030 ... c044 are in the band. */
const MEMBERS = 15;
let one: OfferWorld;
beforeEach(async () => {
  one = await createOfferWorld();
  await one.turnOn([KEY]);
  await one.inShop((tx) => setSegmentReach(tx, KEY, { native: 'tag' }));
  await syncNativeSegments(await push(), one.shopId);
}, 180_000);
afterEach(() => one?.close());

const push = async () => ({ ...one.world.ctx, admin: await one.world.ctx.adminFor(one.shopId) });
const word = () => ({ actor: '42', now: one.now() });
const start = (wish: RenameWish) => one.inShop((tx) => startRename(tx, wish, word()));
/** Where it waits, the job of segments in Shopify has run meanwhile. */
const advance = async () => {
  const so = await advanceRename(await push(), one.shopId);
  if (so !== 'wait') return so;
  await syncNativeSegments(await push(), one.shopId);
  return advanceRename(await push(), one.shopId);
};
const state = async () => {
  const rename = await one.inShop(readRename);
  return rename && { state: rename.state, message: rename.message };
};
const queries = () => [...one.world.store.segments.all()].map(({ query }) => query).sort();
const asks = (tag: string) => `customer_tags CONTAINS '${tag}'`;
const both = () =>
  [...one.world.store.customers()].filter(({ tags }) => tags.includes(OLD) && tags.includes(NEW)).length;
async function toTheEnd(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) {
    await one.world.push(one.shopId);
    if ((await advance()) === 'none') return;
  }
  throw new Error(`it does not end: ${JSON.stringify(await state())}`);
}

test('adds, verifies, removes: step by step, and a worker that dies after any step goes on there', async () => {
  expect(await start({ what: 'tag', key: KEY, to: 'quiet' })).toMatchObject({ outcome: 'started' });
  expect(await start({ what: 'prefix', to: 'shop-' })).toMatchObject({ outcome: 'invalid' });
  // Nobody has the new tag: the segment in Shopify goes by the old one, whoever looks at it.
  expect(await advance()).toBe('wait');
  await syncNativeSegments(await push(), one.shopId);
  expect(queries()).toEqual([asks(OLD)]);
  await one.world.push(one.shopId);
  expect(both(), 'side by side').toBe(MEMBERS);
  expect(queries()).toEqual([asks(OLD)]);

  // A worker dies while it verifies: the state says so, and the next one verifies again.
  const dies = { name: 'dies', run: () => Promise.reject(new Error('killed here')) };
  await expect(advanceRename(await push(), one.shopId, [dies])).rejects.toThrow('killed here');
  expect(await state()).toMatchObject({ state: 'verifying' });
  expect(both()).toBe(MEMBERS);
  expect(await advance()).toBe('write');
  expect(queries(), 'it follows before an old tag goes').toEqual([asks(NEW)]);
  expect(both()).toBe(MEMBERS);

  // And one dies between the removals and our noticing them.
  expect(await state()).toMatchObject({ state: 'removing' });
  expect(await advance()).toBe('wait');
  await one.world.push(one.shopId);
  expect([one.tagged(OLD), one.tagged(NEW)]).toEqual([0, MEMBERS]);
  expect(await advance()).toBe('none');
  expect(await state()).toBeNull();
  const [sum] = await one.inShop((tx) => readTagSums(tx, [KEY]));
  expect(sum && tagSumWords(sum)).toBe(`${MEMBERS} = ${MEMBERS} tagged`);
  expect(sum?.tag).toBe(NEW);
});

test('who leaves meanwhile loses both, who was taken out by hand gets neither', async () => {
  const idOf = (k: number) =>
    String([...one.world.store.customers()].find(({ email }) => email?.includes(`c0${k}`))?.id);
  await one.control('set-tags', { customer: idOf(30), tags: [] });
  await one.inShop((tx) =>
    tx.query(
      sql`UPDATE tag_owned SET added_at = added_at - interval '1 minute' WHERE shop_id = ${one.shopId}`,
    ),
  );
  await one.settle();
  await start({ what: 'tag', key: KEY, to: 'quiet' });
  await one.world.push(one.shopId);
  expect(both()).toBe(MEMBERS - 1);
  await namePerson(one.world.ctx, one.shopId, {
    key: KEY,
    customerIds: [idOf(31)],
    list: 'never',
    ...word(),
  });
  await one.world.push(one.shopId);
  expect(one.tagsOf(31)).toEqual([]);
  await toTheEnd();
  expect(one.tagged(OLD)).toBe(0);
  expect(one.tagged(NEW)).toBe(MEMBERS - 2);
  expect(one.tagsOf(30)).toEqual([]);
});

test.each([
  ['adding', 0],
  ['verifying', 1],
  ['removing', 2],
] as const)('the old name is wanted back while %s: nobody is without a tag', async (_state, steps) => {
  await start({ what: 'tag', key: KEY, to: 'quiet' });
  await one.world.push(one.shopId);
  if (steps === 1) {
    const waits = { name: 'A check', run: () => Promise.resolve('not yet.') };
    expect(await advanceRename(await push(), one.shopId, [waits])).toBe('wait');
    expect(await state()).toEqual({ state: 'verifying', message: 'A check: not yet.' });
  }
  if (steps === 2) {
    expect(await advance()).toBe('write');
    await one.world.push(one.shopId);
    expect(one.tagged(OLD)).toBe(0);
  }
  expect(await one.inShop((tx) => takeBackRename(tx, word()))).toMatchObject({ outcome: 'started' });
  await one.world.push(one.shopId);
  expect(both(), 'the old one is there again before the other goes').toBe(MEMBERS);
  await toTheEnd();
  expect([one.tagged(OLD), one.tagged(NEW)]).toEqual([MEMBERS, 0]);
  expect(queries()).toEqual([asks(OLD)]);
  expect(await one.inShop((tx) => takeBackRename(tx, word()))).toBeNull();
});

test.each([
  ['still waits', 'not yet.'],
  ['agrees', null],
])('taken back while what hangs on it is looked at, which %s: the later word holds, and what was removed by hand stays so', async (_what, said) => {
  const idOf = (k: number) =>
    String([...one.world.store.customers()].find(({ email }) => email?.includes(`c0${k}`))?.id);
  await one.control('set-tags', { customer: idOf(30), tags: [] });
  await one.inShop((tx) =>
    tx.query(sql`UPDATE tag_owned SET added_at = added_at - interval '1 minute' WHERE shop_id = ${one.shopId}`),
  );
  await one.settle();
  await start({ what: 'tag', key: KEY, to: 'quiet' });
  await one.world.push(one.shopId);
  const whileLooking = {
    name: 'A check',
    async run() {
      expect(await one.inShop((tx) => takeBackRename(tx, word()))).toMatchObject({ outcome: 'started' });
      return said;
    },
  };
  expect(await advanceRename(await push(), one.shopId, [whileLooking])).toBe('wait');
  const after = await one.inShop(readRename);
  expect(after).toMatchObject({ state: 'adding', from: 'quiet', message: null });
  await toTheEnd();
  expect([one.tagged(OLD), one.tagged(NEW)]).toEqual([MEMBERS - 1, 0]);
  expect(one.tagsOf(30)).toEqual([]);
}); // prettier-ignore

test('the old name cannot be wanted back: the change under way goes on as if nobody had asked', async () => {
  await start({ what: 'tag', key: KEY, to: 'quiet' });
  const under = await one.inShop(readRename);
  await pauseSegment(one.world.ctx, one.shopId, { key: KEY, ...word() });
  expect(await one.inShop((tx) => takeBackRename(tx, word()))).toMatchObject({
    outcome: 'invalid',
    message: expect.stringContaining('stands still') as string,
  });
  expect(await one.inShop(readRename)).toEqual(under);
  await one.inShop((tx) =>
    tx.query(sql`UPDATE segment SET status = 'live' WHERE shop_id = ${one.shopId} AND key = ${KEY}`),
  );
  await toTheEnd();
  expect([one.tagged(OLD), one.tagged(NEW)]).toEqual([0, MEMBERS]);
});

test('a segment of the store’s own that asks for the old tag is named, and the old tags wait for a word', async () => {
  const admin = await one.world.ctx.adminFor(one.shopId);
  await admin.requestComposed(
    'mutation Own($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) { segment { id } userErrors { message } } }',
    { name: 'Newsletter of the quiet', query: `number_of_orders > 0 AND ${asks(OLD)}` },
    { priority: 'page', cost: 10 },
  );
  await start({ what: 'tag', key: KEY, to: 'quiet' });
  await one.world.push(one.shopId);
  expect(await advance()).toBe('wait');
  expect(await state()).toEqual({
    state: 'verifying',
    message: 'Segments of your own: “Newsletter of the quiet” in Shopify asks for the old tag.',
  });
  expect(both()).toBe(MEMBERS);
  const { id = '' } = (await one.inShop(readRename)) ?? {};
  expect(await one.inShop((tx) => finishRename(tx, { id: '999', ...word() }))).toBe(false);
  expect(await one.inShop((tx) => finishRename(tx, { id, ...word() }))).toBe(true);
  await toTheEnd();
  expect([one.tagged(OLD), one.tagged(NEW)]).toEqual([0, MEMBERS]);
});

test('another prefix: segments follow, and an offer keeps its tag, so its holders pay the same throughout', async () => {
  const offered = await one.offer(KEY, { name: 'Come back', percent: '15', endsOn: '2026-12-06' });
  expect(offered).toMatchObject({ outcome: 'done' });
  await one.settle();
  const pays = async () => (await one.checkout(44, '100.00')).total;
  expect(await pays()).toBe('85.00');
  expect(await start({ what: 'prefix', to: 'shop-' })).toMatchObject({ outcome: 'started' });
  for (let turns = 0; turns < 10; turns++) {
    await one.settle();
    expect(await pays()).toBe('85.00');
    if ((await advance()) === 'none') break;
  }
  expect(await state()).toBeNull();
  expect(await pays()).toBe('85.00');
  expect(one.tagsOf(44).sort()).toEqual(['regulars-offer-win-back-60-89', 'shop-win-back-60-89']);
  expect(queries()).toContain(asks('shop-win-back-60-89'));
  await one.until('2026-12-07T00:00:00+01:00');
  expect(one.tagged('regulars-offer-win-back-60-89'), 'and it ends').toBe(0);
  expect(await pays()).toBe('100.00');
});

test('another prefix while nothing is on: what an offer was is told with the tag that it had', async () => {
  await one.offer(KEY, { name: 'Come back', percent: '15', endsOn: '2026-12-06' });
  await one.settle();
  const { fingerprint } = await one.inShop((tx) => readTurnOffReview(tx, [KEY], one.now()));
  const off = await turnOff(one.world.ctx, one.shopId, { keys: [KEY], fingerprint, ...word() });
  expect(off).toMatchObject({ outcome: 'done' });
  await one.settle();
  expect(await start({ what: 'prefix', to: 'shop-' })).toEqual({ outcome: 'done' });
  await one.settle();
  expect((await one.inShop(readAllOffers)).map(({ tag, state }) => [tag, state])).toEqual([
    ['regulars-offer-win-back-60-89', 'ended'],
  ]);
  expect(one.tagged('regulars-offer-win-back-60-89')).toBe(0);
});
