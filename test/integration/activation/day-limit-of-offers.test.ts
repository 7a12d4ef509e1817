/**
 * The limit of tag writes a day, and offers that are over: a tag that still gives a discount goes first and beyond the
 * limit, and counts; what gives nothing any more waits as all else does.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { readDayLimit, storeDayLimit } from '../../../app/activation/tags/day-limit.server.ts';
import { queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { handlePushTags } from '../../../app/jobs/handlers/push-tags.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const SEGMENT = 'win-back-60-89';
const SEGMENT_TAG = `regulars-${SEGMENT}`;
const OFFER_TAG = `regulars-offer-${SEGMENT}`;
/** c030 ... c044 are in the segment. */
const MEMBERS = 15;
let one: OfferWorld;
let once = '';
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn([SEGMENT]);
  await one.inShop((tx) => storeOfferGap(tx, 0));
  once = await offer('Once', { percent: '30', once: 'yes' });
  await one.inShop(async (tx) => storeDayLimit(tx, (await readDayLimit(tx, one.now())).written));
}, 240_000);
afterAll(() => one?.close());

async function offer(name: string, form: { percent: string; once: string }): Promise<string> {
  const made = await one.offer(SEGMENT, { name, ...form, endsOn: '2026-12-20' });
  await one.settle();
  return made.outcome === 'done' ? made.offerId : '';
}
/** As the jobs do it, once: some wait for tomorrow. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await one.world.deliver(one.shopId, await one.world.caught());
    await one.world.drainAll(one.shopId);
    await one.sync();
    await handlePushTags(one.world.ctx, {
      data: { shopId: one.shopId },
      signal: new AbortController().signal,
    });
  }
}
const day = () => one.inShop((tx) => readDayLimit(tx, one.now()));
const price = async (k: number) => (await one.checkout(k, '100.00')).total;
const idOf = (k: number) =>
  [...one.world.store.customers()].find((c) => c.email === arithmeticEmail(k))?.id ?? '';

test('the tag of a used offer goes beyond the limit, what else changes for them waits', async () => {
  const { limit } = await day();
  expect(limit).toBe(2 * MEMBERS);
  expect((await one.checkout(40, '100.00', { place: true })).total).toBe('70.00');
  await settle();
  expect(one.tagsOf(40)).toEqual([SEGMENT_TAG]);
  expect(await price(40)).toBe('100.00');
  expect(await day()).toMatchObject({ written: 2 * MEMBERS + 1, reached: true });
}, 60_000);

test('so does the tag of an offer that was taken by hand; who has nothing else to be written waits for nothing', async () => {
  await one.inShop((tx) => storeDayLimit(tx, null));
  await settle();
  expect(one.tagsOf(40)).toEqual([]);
  const { written } = await day();
  await one.inShop((tx) => storeDayLimit(tx, written));
  const wish = { offerId: once, customerId: idOf(41), actor: '42', now: one.now() };
  expect(await takeOffer(one.world.ctx, one.shopId, wish)).toBe(true);
  await settle();
  expect(one.tagsOf(41)).toEqual([SEGMENT_TAG]);
  expect(await day()).toMatchObject({ written: written + 1, reached: false });
}, 60_000);

test('an offer that has ended for everybody gives nothing, so its tags wait for midnight', async () => {
  const wish = { offerId: once, step: 'end' as const, actor: '42', now: one.now() };
  await changeOfferState(one.world.ctx, one.shopId, wish);
  await settle();
  expect(one.tagged(OFFER_TAG)).toBe(MEMBERS - 2);
  expect(await price(42)).toBe('100.00');
  expect(await day()).toMatchObject({ reached: true });
  one.world.sandbox.clock.set(new Date('2026-11-22T23:00:00Z'));
  await settle();
  expect(one.tagged(OFFER_TAG)).toBe(0);
}, 60_000);

test('before the limit is reached it goes first, too', async () => {
  await one.inShop((tx) => storeDayLimit(tx, null));
  const again = await offer('Again', { percent: '20', once: '' });
  const wish = { offerId: again, customerId: idOf(38), actor: '42', now: one.now() };
  await one.inShop((tx) => queueCustomers(tx, [idOf(30), idOf(31)], new Date(0)));
  expect(await takeOffer(one.world.ctx, one.shopId, wish)).toBe(true);
  const times = { machineNow: one.world.ctx.clock.machineNow(), now: one.now(), leaseMs: 15_000 };
  const { writes } = await one.inShop((tx) =>
    claimBatch(tx, { writer: 'w', ...times, maxCustomers: 1, way: 'single' }),
  );
  expect(writes).toMatchObject([{ customerId: idOf(38), remove: [`${OFFER_TAG}-2`], after: 'done' }]);
});
