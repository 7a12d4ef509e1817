/** A rename under which two segments would share a tag for a while is refused, in words. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRename, startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  for (const [name, from] of [
    ['VIP Gold', 1],
    ['Gold', 13],
  ] as const) {
    const where = { field: 'days_since_last_order', op: 'between', value: [from, from + 11] };
    await one.inShop((tx) => createSegment(tx, { name, rule: { v: 1, where }, actor: '42', now: one.now() }));
  }
  await one.turnOn(['vip-gold', 'gold']);
}, 180_000);
afterAll(() => one?.close());

const start = (to: string) =>
  one.inShop((tx) => startRename(tx, { what: 'prefix', to }, { actor: '42', now: one.now() }));
const tagged = () =>
  ['regulars-vip-gold', 'regulars-gold', 'regulars-vip-vip-gold'].map((tag) => one.tagged(tag));

test('a prefix under which the new tag of one segment is the old one of another: nothing is begun', async () => {
  const before = tagged();
  expect(before).toEqual([6, 6, 0]);
  expect(await start('regulars-vip-')).toEqual({
    outcome: 'invalid',
    message: 'The tag of “Gold” would be regulars-vip-gold, which is the tag of another segment now.',
  });
  await one.settle();
  expect(await one.inShop(readRename)).toBeNull();
  expect(tagged()).toEqual(before);
  expect(await start('shop-')).toMatchObject({ outcome: 'started' });
});
