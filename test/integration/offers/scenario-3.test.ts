/** A merchant's acceptance, the offer: what customers pay is what the sandbox's checkout says. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(BANDS);
}, 180_000);
afterAll(() => one?.close());

const FORM = { name: 'Come back', percent: '15', endsOn: '2026-12-06' };
const TAG = 'regulars-offer-win-back-60-89';
const pays = async (k: number | null) => (await one.checkout(k, '100.00')).total;

test('the band is offered 15 %: 15 people, 11 of them reachable by e-mail, and the most it can cost', async () => {
  const { segmentId, draft } = await one.draft('win-back-60-89', FORM);
  const { exposure } = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft }),
  );
  // c030 ... c044: c040 placed orders of 400.00, all others of 50.00.
  expect(exposure).toMatchObject({ holders: 15, reachable: 11 });
  expect(exposure.mostMinor).toBe(String((14 * 5_000 * 15) / 100 + (40_000 * 15) / 100));
  expect(await pays(44)).toBe('100.00');
  expect(await one.offer('win-back-60-89', FORM)).toMatchObject({ outcome: 'done', given: 15 });
  await one.settle();
  expect(one.tagged(TAG)).toBe(15);
  const [discount] = [...one.world.store.discounts.all()];
  expect(discount).toMatchObject({ title: 'Come back (Regulars)', method: 'automatic', kind: 'basic' });
  expect(discount?.endsAt).toBe('2026-12-06T22:59:59.000Z');
  expect([await pays(44), await pays(30), await pays(14), await pays(null)]).toEqual(['85.00', '85.00', '100.00', '100.00']); // prettier-ignore
}, 120_000);

test('on 25 November c044 is in the next band and still pays 85.00; after that order 100.00', async () => {
  await one.until('2026-11-23T00:00:00+01:00');
  await one.until('2026-11-24T00:00:00+01:00');
  await one.until('2026-11-25T10:00:00+01:00');
  expect(one.tagsOf(44)).toContain('regulars-win-back-90-179');
  expect(one.tagsOf(44)).toContain(TAG);
  // c029 came in on the 24th, by a date: it has the offer too. c014 came into another band.
  expect(await pays(29)).toBe('85.00');
  expect(await pays(14)).toBe('100.00');
  const order = await one.checkout(44, '100.00', { place: true });
  expect(order.total).toBe('85.00');
  await one.settle();
  expect(one.tagsOf(44)).not.toContain(TAG);
  expect(await pays(44)).toBe('100.00');
  expect(await pays(43)).toBe('85.00');
}, 120_000);

test('on 7 December nobody has it, and the discount is gone', async () => {
  await one.until('2026-12-06T12:00:00+01:00');
  expect(await pays(30)).toBe('85.00');
  await one.until('2026-12-07T00:00:00+01:00');
  expect(one.tagged(TAG)).toBe(0);
  expect(await pays(30)).toBe('100.00');
  expect([...one.world.store.discounts.all()]).toEqual([]);
  expect([...one.world.store.segments.all()]).toEqual([]);
}, 120_000);
