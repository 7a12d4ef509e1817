/** An offer that was taken by hand is given back to somebody who stands elsewhere by then. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readCustomerOffers } from '../../../app/activation/offers/read-customer-offers.server.ts';
import { giveBackOffer, takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { makeOffer } from '../../support/make-offer.ts';
import { createQuietShop } from '../../support/quiet-shop.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

beforeEach(async () => {
  shop = await createQuietShop(t);
});

const wish = (offerId: string, k: number) => ({
  offerId,
  customerId: String(k),
  actor: '42',
  now: shop.clock.now(),
});
const take = (id: string, k: number) => takeOffer(shop.ctx, shop.shopId, wish(id, k));
const giveBack = (id: string, k: number) => giveBackOffer(shop.ctx, shop.shopId, wish(id, k));
const standing = async (k: number) => (await shop.in((tx) => readCustomerOffers(tx, String(k))))[0];
const acts = async () =>
  (
    await shop.in((tx) =>
      tx.query<{ act: string }>(sql`SELECT act FROM approval WHERE shop_id = ${shop.shopId} ORDER BY id`),
    )
  ).rows.map(({ act }) => act);

async function goTo(day: string): Promise<void> {
  shop.clock.set(startOfDay(day as LocalDate, ARITHMETIC_TIME_ZONE));
  await reviewDue(shop.ctx, shop.shopId);
}

test('left the segment since: kept so many days from now', async () => {
  const id = await makeOffer(shop, 'quiet', { keepDays: '5' });
  expect(await take(id, 44)).toBe(true);
  await goTo('2026-11-24');
  expect(await giveBack(id, 44)).toBe(true);
  expect(await standing(44)).toMatchObject({ endedAt: null, until: '2026-11-29' });
});

test('still in the segment: without an end', async () => {
  const id = await makeOffer(shop, 'quiet');
  await take(id, 43);
  await goTo('2026-11-24');
  expect(await giveBack(id, 43)).toBe(true);
  expect(await standing(43)).toMatchObject({ endedAt: null, until: null });
});

test('left the segment of an offer that nobody keeps after leaving: refused, and nothing is recorded', async () => {
  const id = await makeOffer(shop, 'quiet', { keepDays: '0' });
  await take(id, 44);
  await goTo('2026-11-24');
  expect(await giveBack(id, 44)).toBe(false);
  expect(await standing(44)).toMatchObject({ endCause: 'hand' });
  expect(await acts()).toEqual(['make_offer', 'take_offer']);
});

test('the days that it was kept are over: refused', async () => {
  const id = await makeOffer(shop, 'quiet', { keepDays: '5' });
  await goTo('2026-11-24');
  await take(id, 44);
  await goTo('2026-11-29');
  expect(await giveBack(id, 44), 'the last day').toBe(true);
  await take(id, 44);
  await goTo('2026-11-30');
  expect(await giveBack(id, 44)).toBe(false);
  expect(await standing(44)).toMatchObject({ endCause: 'hand', until: '2026-11-29' });
});

test('named “never in” since: refused', async () => {
  const id = await makeOffer(shop, 'quiet');
  await take(id, 33);
  const never = { key: 'quiet', customerIds: ['33'], list: 'never' as const };
  await namePerson(shop.ctx, shop.shopId, { ...never, actor: '42', now: shop.clock.now() });
  expect(await giveBack(id, 33)).toBe(false);
  expect(await standing(33)).toMatchObject({ endCause: 'hand' });
  expect(await acts()).not.toContain('give_back_offer');
});
