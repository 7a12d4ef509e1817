/**
 * An offer that is moved to another kind of discount, or to another of the app's discounts, is in force on its old terms
 * until the new discount is there; what else the old one serves is changed meanwhile.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { changeOfferState, type OfferStep } from '../../../app/activation/offers/change-state.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { saveOffer } from '../../../app/activation/offers/save-offer.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
const KEYS = ['band-1', 'band-2', 'band-3', 'band-4'];
beforeAll(async () => {
  one = await createOfferWorld();
  await one.inShop(async (tx) => {
    for (const [i] of KEYS.entries()) {
      const where = { field: 'days_since_last_order', op: 'between', value: [12 * i + 1, 12 * i + 12] };
      await createSegment(tx, { name: `Band ${i + 1}`, rule: { v: 1, where }, actor: '42', now: one.now() });
    }
  });
  await one.turnOn(KEYS);
  // Customer k ordered 2k days ago: six to a band.
  for (const [i, key] of KEYS.entries()) {
    await one.offer(key, { name: `Offer ${i + 1}`, percent: String(10 * (i + 1)), way: i > 1 ? 'function' : 'native' }); // prettier-ignore
  }
  await one.settle();
}, 240_000);
afterAll(() => one?.close());
const noFaults = () => fetch(`${one.world.sandbox.url}/control/faults`, { method: 'DELETE' });
afterEach(noFaults);

const refuse = (field: string, message = 'Title is odd', count = 20) =>
  one.control('faults', { fault: 'user-errors', message, code: 'INVALID', field, count });
/** What the first of each band pays. */
const pay = () => Promise.all([1, 7, 13, 19].map(async (k) => (await one.checkout(k, '100.00')).total));
const titles = () => [...one.world.store.discounts.all()].map(({ title }) => title).sort();
const offerOf = async (name: string) => {
  const found = (await one.inShop(readOpenOffers)).find((offer) => offer.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const standing = async (name: string) => {
  const { id } = await offerOf(name);
  return (await one.inShop((tx) => readOfferStandings(tx, [id]))).get(id);
};
async function step(name: string, what: OfferStep['step']): Promise<void> {
  const { id } = await offerOf(name);
  await changeOfferState(one.world.ctx, one.shopId, { offerId: id, step: what, actor: '42', now: one.now() });
  await one.sync();
}
async function change(name: string, form: Partial<OfferForm>): Promise<void> {
  const { id: offerId, segmentKey } = await offerOf(name);
  const { segmentId, draft } = await one.draft(segmentKey ?? '', { name, way: 'native', ...form });
  const { fingerprint } = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft, offerId }),
  );
  const wish = { segmentId, draft, offerId, fingerprint, actor: '42', now: one.now() };
  expect((await saveOffer(one.world.ctx, one.shopId, wish)).outcome).toBe('done');
  await one.sync();
}
/** Something is said again, so that what was refused is tried at once. */
async function goOn(name: string): Promise<void> {
  await noFaults();
  await step(name, 'pause');
  await step(name, 'resume');
}
const ALL = ['90.00', '80.00', '70.00', '60.00'];

test('in a shared discount, with other combinations: the old one serves it until the new one is there', async () => {
  expect(await pay()).toEqual(ALL);
  await refuse('discountAutomaticAppCreate');
  await change('Offer 4', { percent: '45', way: 'function', combineOrder: 'yes' });
  expect(await pay()).toEqual(ALL);
  expect(await standing('Offer 4')).toMatchObject({ inShopify: 'refused', fault: 'Shopify refused it: Title is odd' }); // prettier-ignore
  // The other one in it is paused and resumed meanwhile, and with new terms it is on its way, too.
  await step('Offer 3', 'pause');
  expect(await pay()).toEqual(['90.00', '80.00', '100.00', '60.00']);
  await step('Offer 3', 'resume');
  expect(await pay()).toEqual(ALL);
  await change('Offer 3', { percent: '35', way: 'function' });
  expect(await pay()).toEqual(ALL);
  await step('Offer 4', 'pause');
  expect(await pay()).toEqual(['90.00', '80.00', '70.00', '100.00']);
  await noFaults();
  await step('Offer 4', 'resume');
  expect(await pay()).toEqual(['90.00', '80.00', '65.00', '55.00']);
  await change('Offer 3', { percent: '30', way: 'function' });
  expect(titles()).toEqual(['Offer 1 (Regulars)', 'Offer 2 (Regulars)', 'Segment offers 2 (Regulars)', 'Segment offers 3 (Regulars)']); // prettier-ignore
  await change('Offer 4', { percent: '40', way: 'function' });
  expect(await pay()).toEqual(ALL);
  expect(titles()).toEqual(['Offer 1 (Regulars)', 'Offer 2 (Regulars)', 'Segment offers 3 (Regulars)']);
}, 120_000);

test.each([
  ['a new one of the app’s', 'discountAutomaticAppCreate', { combineProduct: 'yes' }],
  ['one of the app’s that is there', 'discountAutomaticAppUpdate', {}],
] as const)(
  'its own discount stays while %s is refused',
  async (_, field, more) => {
    await refuse(field);
    await change('Offer 1', { percent: '15', way: 'function', ...more });
    expect(await pay()).toEqual(ALL);
    await one.sync();
    expect(await pay()).toEqual(ALL);
    await goOn('Offer 2');
    expect(await pay()).toEqual(['85.00', '80.00', '70.00', '60.00']);
    expect(titles()).not.toContain('Offer 1 (Regulars)');
    await change('Offer 1', { percent: '10' });
    expect(await pay()).toEqual(ALL);
    expect(titles()).toEqual(['Offer 1 (Regulars)', 'Offer 2 (Regulars)', 'Segment offers 3 (Regulars)']);
  },
  120_000,
);

test('the app’s discount serves it while one of its own is refused', async () => {
  await refuse('discountAutomaticBasicCreate');
  await change('Offer 3', { percent: '25' });
  await change('Offer 4', { percent: '50' });
  // Nothing is wanted of the app's discount any more, and it serves both.
  expect(await pay()).toEqual(ALL);
  await one.sync();
  expect(await pay()).toEqual(ALL);
  // Of the two only one is tried again.
  await goOn('Offer 4');
  expect(await pay()).toEqual(['90.00', '80.00', '70.00', '50.00']);
  await goOn('Offer 3');
  expect(await pay()).toEqual(['90.00', '80.00', '75.00', '50.00']);
  expect(titles()).toEqual([1, 2, 3, 4].map((n) => `Offer ${n} (Regulars)`));
}, 120_000);

test('where there is no room for both, the old one goes first', async () => {
  await refuse('discountAutomaticAppCreate', 'You can only have 25 active automatic discounts', 1);
  await change('Offer 1', { percent: '15', way: 'function' });
  expect(await pay()).toEqual(['85.00', '80.00', '75.00', '50.00']);
  expect(titles()).not.toContain('Offer 1 (Regulars)');
}, 120_000);
