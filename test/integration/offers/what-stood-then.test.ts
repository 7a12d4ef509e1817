/**
 * An order uses the offer for which its discount stood when it was placed, whatever the offer is called and whichever way
 * it goes by the time that we hear of the order.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { saveOffer } from '../../../app/activation/offers/save-offer.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import {
  createBandedOffers,
  noFaults,
  offerNamed,
  sayTerms,
  standingOf,
} from '../../support/banded-offers.ts';
import type { OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createBandedOffers(4);
}, 240_000);
afterAll(() => one?.close());
afterEach(() => noFaults(one));

const order = async (k: number) => (await one.checkout(k, '100.00', { place: true })).total;
const price = async (k: number, more = {}) => (await one.checkout(k, '100.00', more)).total;
async function lastUse() {
  const { rows } = await one.inShop((tx) =>
    tx.query<{ state: string; offerId: string | null }>(sql`
      SELECT state, offer_id AS "offerId" FROM offer_order WHERE shop_id = ${one.shopId} ORDER BY order_id DESC LIMIT 1`),
  );
  return rows[0];
}
/** Said in the app before anything of the order was heard. */
async function rename(from: string, form: Partial<OfferForm> & { name: string }): Promise<string> {
  const { id: offerId, segmentKey } = await offerNamed(one, from);
  const { segmentId, draft } = await one.draft(segmentKey ?? '', { way: 'native', ...form });
  const { fingerprint } = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft, offerId }),
  );
  const wish = { segmentId, draft, offerId, fingerprint, actor: '42', now: one.now() };
  expect((await saveOffer(one.world.ctx, one.shopId, wish)).outcome).toBe('done');
  return offerId;
}

test('its move to a code is refused: who uses the discount that is in force has used it', async () => {
  const { id } = await offerNamed(one, 'Offer 1');
  await one.control('faults', { fault: 'user-errors', message: 'Code must be unique', code: 'TAKEN', field: 'discountCodeBasicCreate', count: 50 }); // prettier-ignore
  await sayTerms(one, 'Offer 1', { percent: '10', way: 'code', code: 'HELLO10' });
  await one.sync();
  expect(await standingOf(one, 'Offer 1')).toMatchObject({ inShopify: 'refused' });
  expect(await order(1)).toBe('90.00');
  await one.settle();
  expect(await lastUse()).toEqual({ state: 'used', offerId: id });
  expect(await price(1), 'once').toBe('100.00');
}, 120_000);

test.each([
  ['of its own', 'Offer 2', '20', 'native', 7],
  ['of the app, which shows the name of the offer', 'Offer 3', '30', 'function', 13],
] as const)(
  'renamed before the order is read: a discount %s',
  async (_, name, percent, way, k) => {
    expect(await order(k)).toBe(`${100 - Number(percent)}.00`);
    const id = await rename(name, { name: `${name} anew`, percent, way });
    // The new name is in Shopify before the order is asked about.
    await one.sync();
    await one.settle();
    expect(await lastUse()).toEqual({ state: 'used', offerId: id });
    expect(await price(k), 'once').toBe('100.00');
  },
  120_000,
);

test('moved to a code between the order and our reading of it', async () => {
  const { id } = await offerNamed(one, 'Offer 2 anew');
  expect(await order(8)).toBe('80.00');
  await sayTerms(one, 'Offer 2 anew', { percent: '20', way: 'code', code: 'TWO20' });
  await one.settle();
  expect(await lastUse()).toEqual({ state: 'used', offerId: id });
  expect(await price(8, { codes: ['TWO20'] }), 'once').toBe('100.00');
}, 120_000);

test('another code between the order and our reading of it', async () => {
  const { id } = await offerNamed(one, 'Offer 2 anew');
  expect((await one.checkout(9, '100.00', { place: true, codes: ['TWO20'] })).total).toBe('80.00');
  await sayTerms(one, 'Offer 2 anew', { percent: '20', way: 'code', code: 'OTHER20' });
  await one.settle();
  expect(await lastUse()).toEqual({ state: 'used', offerId: id });
}, 120_000);
