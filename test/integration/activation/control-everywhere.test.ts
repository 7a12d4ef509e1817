/**
 * Who is held out gets nothing of what hangs on a segment's tag: no offer, neither tag of a rename, and they explain what
 * Shopify's segment has less; and the numbers of a control group that has been set anew, or is over.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readControls } from '../../../app/activation/control/read-control.server.ts';
import { readLift } from '../../../app/activation/control/read-lift.server.ts';
import { endControl, setControl } from '../../../app/activation/control/set-control.server.ts';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { writeMetafields } from '../../../app/activation/metafields/write-metafields.server.ts';
import { syncNativeSegments } from '../../../app/activation/native-segments/sync-native-segments.server.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { readHeldTagChanges } from '../../../app/activation/held/held-outbox.server.ts';
import { startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { forgetSegment } from '../../../app/pipeline/forget-segment.server.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const KEY = 'win-back-60-89';
/** c030 ... c044 are in the band. */
const MEMBERS = 15;
const OUT = 5;
const DAY = 86_400_000;
let one: OfferWorld;
let out: string[];
let segmentId: string;
beforeEach(async () => {
  one = await createOfferWorld();
  await one.turnOn([KEY]);
  await one.inShop((tx) => setControl(tx, { ...word(), buckets: 3_000 }));
  // As if the share had been set before they came in.
  const drawn = await rows<{ id: string; segmentId: string; heldOut: boolean }>(sql`
    INSERT INTO control_assignment (shop_id, segment_id, customer_id, at, held_out)
    SELECT m.shop_id, m.segment_id, m.customer_id, ${one.now()}, row_number() OVER (ORDER BY m.customer_id) <= ${OUT}
      FROM membership m WHERE m.shop_id = ${one.shopId}
    RETURNING customer_id AS id, segment_id AS "segmentId", held_out AS "heldOut"`);
  expect(drawn).toHaveLength(MEMBERS);
  out = drawn.flatMap(({ id, heldOut }) => (heldOut ? [id] : []));
  segmentId = drawn[0]?.segmentId ?? '';
  await rows(sql`
    INSERT INTO tag_held_out (shop_id, segment_id, customer_id, at)
    SELECT ${one.shopId}::bigint, ${segmentId}::bigint, id, ${one.now()} FROM unnest(${out}::bigint[]) AS id`);
  await one.inShop((tx) => queueCustomers(tx, out, one.now()));
  await one.world.push(one.shopId);
  expect(one.tagged(`regulars-${KEY}`)).toBe(MEMBERS - OUT);
}, 180_000);
afterEach(() => one?.close());

const word = () => ({ key: KEY, actor: '42', now: one.now() });
const rows = <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  one.inShop(async (tx) => (await tx.query<T>(statement)).rows);
const push = async () => ({ ...one.world.ctx, admin: await one.world.ctx.adminFor(one.shopId) });
const withTag = (tag: string) =>
  [...one.world.store.customers()].filter(({ tags }) => tags.includes(tag)).map(({ id }) => String(id));
const bought = (id: string, at: Date, n: number) =>
  one.inShop((tx) =>
    putOrders(tx, [{ id: String(70_000 + n), customerId: id, processedAt: at, totalMinor: 1_000 }]),
  );
const lift = async () => {
  const read = await one.inShop(async (tx) => readLift(tx, await readShopDay(tx, one.now()), segmentId));
  if (read?.state !== 'here') throw new Error('no lift');
  return read.value;
};

test('an offer is neither counted for them nor given to them', async () => {
  const { draft } = await one.draft(KEY, { name: 'Come back', percent: '15' });
  const review = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft }),
  );
  expect(review.exposure.holders).toBe(MEMBERS - OUT);
  expect(await one.offer(KEY, { name: 'Come back', percent: '15' })).toMatchObject({ given: MEMBERS - OUT });
  await one.settle();
  const holders = withTag(`regulars-offer-${KEY}`);
  expect(holders).toHaveLength(MEMBERS - OUT);
  expect(holders.filter((id) => out.includes(id))).toEqual([]);
});

test('what waits for a decision does not count them as people who would get the tag', async () => {
  await rows(sql`DELETE FROM tag_owned WHERE shop_id = ${one.shopId}`);
  await rows(sql`UPDATE customer SET tags = '{}' WHERE shop_id = ${one.shopId}`);
  await rows(sql`
    INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before, held_by)
    SELECT shop_id, customer_id, since, since, 9 FROM membership WHERE shop_id = ${one.shopId}`);
  const { affected, changes } = await one.inShop((tx) => readHeldTagChanges(tx, '9'));
  expect(affected).toBe(MEMBERS - OUT);
  expect(changes).toMatchObject([{ key: KEY, gains: MEMBERS - OUT, loses: 0 }]);
});

test('neither tag of a rename; what Shopify’s segment has less than members is explained by them', async () => {
  await one.inShop((tx) =>
    startRename(tx, { what: 'tag', key: KEY, to: 'quiet' }, { actor: '42', now: one.now() }),
  );
  await one.world.push(one.shopId);
  for (const tag of [`regulars-${KEY}`, 'regulars-quiet']) {
    expect(withTag(tag)).toHaveLength(MEMBERS - OUT);
    expect(withTag(tag).filter((id) => out.includes(id))).toEqual([]);
  }
  await one.inShop((tx) => setSegmentReach(tx, KEY, { native: 'tag' }));
  await syncNativeSegments(await push(), one.shopId);
  expect(
    await rows(sql`
      SELECT members, expected, without, pending, differs_at AS "differsAt" FROM native_segment WHERE shop_id = ${one.shopId}`),
  ).toEqual([{ members: MEMBERS - OUT, expected: MEMBERS, without: OUT, pending: 0, differsAt: null }]);
});

test('its end gives them the metafields, too, and the result stands at that moment', async () => {
  const named = () =>
    [...one.world.store.metafields.all()].filter(
      ({ key, ownerId, value }) => key === 'segments' && out.includes(ownerId) && value.includes('60'),
    ).length;
  await one.inShop((tx) => switchMetafields(tx, true, one.now()));
  await writeMetafields(await push(), one.shopId);
  expect(named()).toBe(0);
  one.world.sandbox.clock.set(new Date(one.now().getTime() + DAY));
  await bought(out[0] ?? '', new Date(one.now().getTime() - 3_600_000), 1);
  expect(await one.inShop((tx) => endControl(tx, { ...word(), shown: OUT }))).toMatchObject({
    released: OUT,
  });
  await one.world.push(one.shopId);
  await writeMetafields(await push(), one.shopId);
  expect(named()).toBe(OUT);
  one.world.sandbox.clock.set(new Date(one.now().getTime() + DAY));
  await bought(out[1] ?? '', new Date(one.now().getTime() - 3_600_000), 2);
  expect((await lift()).control, 'what is ordered later is not of it').toMatchObject({
    people: OUT,
    buyers: 1,
  });
});

test('another share begins another comparison; who has left is not among those held out now', async () => {
  expect((await lift()).control.people).toBe(OUT);
  one.world.sandbox.clock.set(new Date(one.now().getTime() + DAY));
  await one.inShop((tx) => setControl(tx, { ...word(), buckets: 4_000 }));
  const after = await lift();
  expect([after.control.people, after.given.people, after.since]).toEqual([0, 0, one.now()]);
  await rows(sql`
    DELETE FROM membership WHERE shop_id = ${one.shopId} AND customer_id = ${out[0] ?? ''}::bigint`);
  expect(await one.inShop((tx) => readControls(tx, [KEY]))).toMatchObject([
    { heldOut: OUT - 1, buckets: 4_000 },
  ]);
});

test('a segment that is deleted leaves nobody on any side', async () => {
  // As after it was turned off, and everybody has left.
  await rows(sql`UPDATE segment SET status = 'draft', set_id = NULL, set_rank = NULL WHERE shop_id = ${one.shopId} AND key = ${KEY}`); // prettier-ignore
  for (const table of [sql`membership`, sql`tag_owned`]) {
    await rows(sql`DELETE FROM ${table} WHERE shop_id = ${one.shopId}`);
  }
  expect(await one.inShop((tx) => forgetSegment(tx, KEY))).toMatchObject({ outcome: 'done' });
  for (const table of [sql`tag_held_out`, sql`control_assignment`, sql`control_group`]) {
    expect(await rows(sql`SELECT 1 FROM ${table} WHERE shop_id = ${one.shopId}`)).toEqual([]);
  }
});
