/**
 * Who waits at an offer's bound is passed by nobody: what comes free is for the first in line, at once, and whoever is
 * heard of or comes in meanwhile stands behind them. A full offer stands in nobody's way to another one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { changeOffer, makeOffer } from '../../support/make-offer.ts';
import { band, createQuietShop, happen, holdersOf, merge } from '../../support/quiet-shop.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** c030 ... c044 are quiet; the first three have the offer. */
async function full(): Promise<{ shop: SegmentShop; id: string }> {
  const shop = await createQuietShop(t, { other: band(120, 123) });
  const id = await makeOffer(shop, 'quiet', { mostHolders: '3' });
  expect(await holdersOf(shop, id)).toEqual([30, 31, 32]);
  await walk(shop);
  return { shop, id };
}
/** As the worker does it; nothing is asked for any more after it. */
async function walk(shop: SegmentShop): Promise<void> {
  await settleOfferDay(shop.ctx, shop.shopId, shop.clock.now());
  await shop.in((tx) =>
    tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'offer-day'`),
  );
}
const isAskedFor = async (shop: SegmentShop) =>
  (await shop.in((tx) => tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'offer-day'`))).rowCount === 1; // prettier-ignore
const name = (shop: SegmentShop, k: number, list: 'always' | 'never', key = 'quiet') =>
  namePerson(shop.ctx, shop.shopId, { key, customerIds: [String(k)], list, actor: '42', now: shop.clock.now() }); // prettier-ignore
const take = (shop: SegmentShop, offerId: string, k: number) =>
  takeOffer(shop.ctx, shop.shopId, { offerId, customerId: String(k), actor: '42', now: shop.clock.now() });

test.each<[string, (shop: SegmentShop, id: string) => Promise<unknown>]>([
  ['taken by hand', (shop, id) => take(shop, id, 30)],
  ['left out of the segment', (shop) => name(shop, 30, 'never')],
  ['merged with another who has it', (shop) => merge(shop, 30, 31)],
])('a place that comes free, %s, is for who waits longest', async (_, free) => {
  const { shop, id } = await full();
  await free(shop, id);
  expect(await isAskedFor(shop)).toBe(true);
  // One of the last in line is heard of, and somebody comes in.
  await happen(shop, [44], 'edit');
  shop.clock.set(new Date(shop.clock.now().getTime() + 60_000));
  await name(shop, 100, 'always');
  expect(await holdersOf(shop, id)).toEqual([31, 32]);
  await walk(shop);
  expect(await holdersOf(shop, id)).toEqual([31, 32, 33]);
});

test('as long as nothing comes free for which somebody waits no line is walked', async () => {
  const { shop, id } = await full();
  const open = await makeOffer(shop, 'other');
  await walk(shop);
  expect(await take(shop, open, 60)).toBe(true);
  await happen(shop, [30, 40, 44], 'edit');
  await name(shop, 100, 'always');
  await name(shop, 44, 'never');
  expect(await isAskedFor(shop)).toBe(false);
  expect(await holdersOf(shop, id)).toEqual([30, 31, 32]);
});

test('once everybody in line has it, whoever comes in gets it at once again', async () => {
  const { shop, id } = await full();
  await changeOffer(shop, id, 'quiet', { mostHolders: '16' });
  await walk(shop);
  expect(await holdersOf(shop, id)).toHaveLength(15);
  shop.clock.set(new Date(shop.clock.now().getTime() + 60_000));
  await name(shop, 100, 'always');
  expect(await holdersOf(shop, id)).toContain(100);
  // That was the last place: c101 waits, and c102 does not pass them.
  await name(shop, 101, 'always');
  await take(shop, id, 44);
  shop.clock.set(new Date(shop.clock.now().getTime() + 60_000));
  await name(shop, 102, 'always');
  await walk(shop);
  expect((await holdersOf(shop, id)).slice(-2)).toEqual([100, 101]);
});

test('the first of two offers is full: the second is given at once, whether or not somebody waits already', async () => {
  const { shop } = await full();
  const other = await makeOffer(shop, 'other', { present: '' });
  await name(shop, 100, 'always');
  await name(shop, 100, 'always', 'other');
  expect(await holdersOf(shop, other)).toEqual([100]);

  const second = await createQuietShop(t, { other: band(120, 123) });
  const just = await makeOffer(second, 'quiet', { mostHolders: '15' });
  const open = await makeOffer(second, 'other', { present: '' });
  await second.in(async (tx) => {
    await tx.query(sql`
      INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
      SELECT shop_id, id, 100, 'always', ${second.clock.now()}, '42' FROM segment
       WHERE shop_id = ${second.shopId} AND key = 'quiet'`);
  });
  await name(second, 100, 'always', 'other');
  expect(await holdersOf(second, just)).toHaveLength(15);
  expect(await holdersOf(second, open)).toEqual([100]);
});
