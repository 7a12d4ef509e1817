/**
 * Free shipping, once, without a code: it is in no order's discounts, and yet ends with the order that used it. So
 * does one that another offer was combined with, and one whose order is heard of after the offer's end.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { readCustomerOffers } from '../../../app/activation/offers/read-customer-offers.server.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const SHIPPING = { shipping: '7.00' };
let one: OfferWorld;
let shipping: string;
let ten: string;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(['win-back-60-89']);
  shipping = await offer('win-back-60-89', {
    name: 'Ship',
    kind: 'free_shipping',
    combineShipping: '',
    combineProduct: 'yes',
    combineOrder: 'yes',
  });
}, 240_000);
afterAll(() => one?.close());

async function offer(segment: string, form: Parameters<OfferWorld['offer']>[1]): Promise<string> {
  const made = await one.offer(segment, { way: 'native', once: 'yes', endsOn: '2026-12-20', ...form });
  if (made.outcome !== 'done') throw new Error(made.outcome);
  await one.settle();
  return made.offerId;
}
const standing = (id: string) => one.inShop(async (tx) => (await readOfferStandings(tx, [id])).get(id));
async function endOf(k: number, offerId: string): Promise<string | null | undefined> {
  const id = [...one.world.store.customers()].find(({ email }) => email === arithmeticEmail(k))?.id ?? '0';
  const had = await one.inShop((tx) => readCustomerOffers(tx, id));
  return had.find((held) => held.offerId === offerId)?.endCause;
}
const pays = async (k: number, more = {}) =>
  (await one.checkout(k, '100.00', { ...SHIPPING, ...more })).total;

test('used by an order, with what was taken off shipping', async () => {
  expect(await standing(shipping)).toMatchObject({ holders: 15, used: 0 });
  expect(await pays(44, { place: true })).toBe('100.00');
  await one.settle();
  expect(await standing(shipping)).toMatchObject({ holders: 14, used: 1, takenMinor: '700' });
  expect(one.tagsOf(44)).not.toContain('regulars-offer-win-back-60-89');
  expect(await pays(44)).toBe('107.00');
  expect(await pays(43), 'nobody else').toBe('100.00');
}, 120_000);

test('combined with another one-time offer: the same order uses up both', async () => {
  await one.inShop((tx) => storeOfferGap(tx, 0));
  ten = await offer('win-back-60-89', { name: 'Ten', percent: '10', combineShipping: 'yes' });
  expect(await pays(43, { place: true })).toBe('90.00');
  await one.settle();
  expect(await standing(ten)).toMatchObject({ used: 1, takenMinor: '1000' });
  expect([await endOf(43, shipping), await endOf(43, ten)]).toEqual(['used', 'used']);
  expect(await pays(43)).toBe('107.00');
  expect(await pays(42), 'nobody else').toBe('90.00');
}, 120_000);

test('an order without shipping used only the other one', async () => {
  expect(await pays(42, { shipping: '0', place: true })).toBe('90.00');
  await one.settle();
  expect(await endOf(42, shipping), 'by the order, which took them out of the segment').toBe('left');
  expect(await endOf(42, ten)).toBe('used');
}, 120_000);

test('placed before the offer’s end, heard of when no offer is open', async () => {
  expect(await pays(41, { place: true })).toBe('90.00');
  for (const offerId of [shipping, ten]) {
    await changeOfferState(one.world.ctx, one.shopId, { offerId, step: 'end', actor: '42', now: one.now() });
  }
  expect(await endOf(41, shipping)).toBe('offer');
  await one.settle();
  expect([await endOf(41, shipping), await endOf(41, ten)]).toEqual(['used', 'used']);
  expect(await endOf(40, shipping)).toBe('offer');
}, 120_000);
