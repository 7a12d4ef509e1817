/** Somebody puts the tag of an offer on a customer in Shopify: they get its discount, so they hold it and are counted. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCustomerOffers } from '../../../app/activation/offers/read-customer-offers.server.ts';
import { readAllOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { readFoundTags } from '../../../app/activation/tags/found-tags.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const SEGMENT = 'win-back-60-89';
const TAG = `regulars-offer-${SEGMENT}`;
const NEXT = `${TAG}-2`;
/** Long gone: in none of the segments that are on. */
const [STRANGER, OTHER, NEVER, THIRD] = [100, 101, 102, 103];

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn([SEGMENT]);
}, 240_000);
afterAll(() => one?.close());
/** A tag is proven to be somebody’s only by a read that is clearly younger than our own write. */
const later = () =>
  one.inShop((tx) =>
    tx.query(
      sql`UPDATE tag_write SET remote_at = remote_at - interval '1 hour' WHERE shop_id = ${one.shopId}`,
    ),
  );
const putTags = async (k: number, tags: readonly string[]) => {
  await one.control('set-tags', { customer: arithmeticEmail(k), tags });
  await one.settle();
};
const idOf = (k: number) =>
  [...one.world.store.customers()].find(({ email }) => email === arithmeticEmail(k))?.id ?? '';
const offersOf = (k: number) => one.inShop((tx) => readCustomerOffers(tx, idOf(k)));
const standing = async (tag: string) => {
  const offer = (await one.inShop(readAllOffers)).find((each) => each.tag === tag);
  return (await one.inShop((tx) => readOfferStandings(tx, [offer?.id ?? '0']))).get(offer?.id ?? '0');
};
const foundTags = async () => (await one.inShop(readFoundTags)).map(({ tag, customers }) => [tag, customers]);

test('a tag that customers have already is no new offer’s', async () => {
  await putTags(STRANGER, [TAG]);
  expect(await foundTags()).toEqual([[TAG, 1]]);
  expect(await one.offer(SEGMENT, { name: 'Come back', percent: '15', endsOn: '2026-12-20', mostHolders: '15' })).toMatchObject({ given: 15 }); // prettier-ignore
  expect(await standing(NEXT), 'just saved').toMatchObject({ inShopify: 'coming' });
  await one.settle();
  expect(await standing(NEXT)).toMatchObject({ inShopify: 'there' });
  expect((await one.inShop(readAllOffers)).map(({ tag }) => tag)).toEqual([NEXT]);
  expect(one.tagged(NEXT)).toBe(15);
  expect(await one.checkout(STRANGER, '100.00'), 'nobody gave it to them').toMatchObject({ total: '100.00' });
});

test('whoever is given the tag holds the offer: shown, counted, beyond its bound, and the discount is theirs', async () => {
  const before = await standing(NEXT);
  await putTags(OTHER, [NEXT]);
  expect(await offersOf(OTHER)).toMatchObject([
    { name: 'Come back', byHand: true, endedAt: null, until: null },
  ]);
  const after = await standing(NEXT);
  expect(after).toMatchObject({ holders: 16, byHand: 1 });
  const [history] = await one.inShop(async (tx) => (await tx.query<{ biggest: string }>(sql`
    SELECT biggest_order_minor AS biggest FROM profile WHERE shop_id = ${one.shopId} AND customer_id = ${idOf(OTHER)}::bigint`)).rows); // prettier-ignore
  const costs = Number(after?.mostMinor) - Number(before?.mostMinor);
  expect(costs, 'what it can cost comes from their own orders').toBe(
    Math.ceil(Number(history?.biggest) * 0.15),
  );
  expect(await foundTags(), 'it is no question').toEqual([[TAG, 1]]);
  expect(await one.checkout(OTHER, '100.00', { place: false })).toMatchObject({ total: '85.00' });
});

test('another edit of theirs, and days that go by, leave it to them', async () => {
  await putTags(OTHER, [NEXT, 'wholesale']);
  await one.until('2026-11-28T12:00:00Z');
  expect(one.tagsOf(OTHER)).toEqual([NEXT, 'wholesale']);
  expect(await offersOf(OTHER)).toMatchObject([{ endedAt: null, until: null }]);
});

test('named “never in”, and the tag put on: no discount is promised behind the merchant’s back, they are asked', async () => {
  const never = {
    key: SEGMENT,
    customerIds: [idOf(NEVER)],
    list: 'never',
    actor: '42',
    now: one.now(),
  } as const;
  expect(await namePerson(one.world.ctx, one.shopId, never)).toMatchObject({ outcome: 'done' });
  await one.settle();
  await putTags(NEVER, [NEXT]);
  expect(await offersOf(NEVER)).toEqual([]);
  expect(await foundTags()).toEqual([[TAG, 1], [NEXT, 1]]); // prettier-ignore
  expect(one.tagsOf(NEVER), 'never silently removed').toEqual([NEXT]);
});

test('taken away in Regulars: the tag goes; put on again: they hold it again', async () => {
  const [held] = await offersOf(OTHER);
  const wish = { offerId: held?.offerId ?? '', customerId: idOf(OTHER), actor: '42', now: one.now() };
  expect(await takeOffer(one.world.ctx, one.shopId, wish)).toBe(true);
  await one.settle();
  expect(one.tagsOf(OTHER)).toEqual(['wholesale']);
  expect(await offersOf(OTHER)).toMatchObject([{ endCause: 'hand' }]);
  await later();
  await putTags(OTHER, [NEXT, 'wholesale']);
  expect(await offersOf(OTHER)).toMatchObject([{ endedAt: null, byHand: true }]);
});

test('its tag taken off a holder in Shopify: respected, and said where it is counted', async () => {
  await one.inShop((tx) =>
    tx.query(sql`UPDATE tag_owned SET added_at = added_at - interval '1 hour' WHERE shop_id = ${one.shopId}`),
  );
  expect(one.tagsOf(40)).toContain(NEXT);
  await putTags(40, one.tagsOf(40).filter((tag) => tag !== NEXT)); // prettier-ignore
  expect(one.tagsOf(40), 'not put back').not.toContain(NEXT);
  expect(await standing(NEXT)).toMatchObject({ tagOff: 1 });
  expect(await offersOf(40)).toMatchObject([{ tagOff: true, endedAt: null }]);
  expect(await one.checkout(40, '100.00', { place: false })).toMatchObject({ total: '100.00' });
});

test('the prefix of tags is another one now: an offer keeps the tag that it was made with, also for whoever is given it', async () => {
  expect(
    await one.inShop((tx) =>
      startRename(tx, { what: 'prefix', to: 'club-' }, { actor: '42', now: one.now() }),
    ),
  ).toMatchObject({ outcome: 'started' });
  await one.settle();
  await putTags(THIRD, [NEXT, 'regulars-other']);
  expect(await offersOf(THIRD)).toMatchObject([{ endedAt: null, byHand: true }]);
  expect(
    (await foundTags()).map(([tag]) => tag),
    'of other tags only those with the prefix are a question',
  ).not.toContain('regulars-other');
});

test('the order that uses it ends it, and the tag of an offer that is over gives nothing', async () => {
  await one.checkout(OTHER, '100.00', { place: true });
  await one.settle();
  expect(await offersOf(OTHER)).toMatchObject([{ endCause: 'used' }]);
  expect(one.tagsOf(OTHER)).toEqual(['wholesale']);
  await one.until('2026-12-21T12:00:00Z');
  expect(await standing(NEXT)).toMatchObject({ holders: 0 });
  await later();
  await putTags(STRANGER, [TAG, NEXT]);
  expect(await offersOf(STRANGER)).toEqual([]);
  expect(await one.checkout(STRANGER, '100.00')).toMatchObject({ total: '100.00' });
});
