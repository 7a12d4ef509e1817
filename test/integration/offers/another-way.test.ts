/**
 * An offer that is moved to another kind of discount, or to another of the app's discounts, is in force on its old terms
 * until the new discount is there; what else the old one serves is changed meanwhile.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OfferStep } from '../../../app/activation/offers/change-state.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { createBandedOffers, noFaults, sayStep, sayTerms, standingOf } from '../../support/banded-offers.ts';
import type { OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createBandedOffers(4);
}, 240_000);
afterAll(() => one?.close());
afterEach(() => noFaults(one));

const refuse = (field: string, message = 'Title is odd', count = 20) =>
  one.control('faults', { fault: 'user-errors', message, code: 'INVALID', field, count });
/** What the first of each band pays. */
const pay = () => Promise.all([1, 7, 13, 19].map(async (k) => (await one.checkout(k, '100.00')).total));
const titles = () => [...one.world.store.discounts.all()].map(({ title }) => title).sort();
const standing = (name: string) => standingOf(one, name);
async function step(name: string, what: OfferStep['step']): Promise<void> {
  await sayStep(one, name, what);
  await one.sync();
}
async function change(name: string, form: Partial<OfferForm>): Promise<void> {
  await sayTerms(one, name, form);
  await one.sync();
}
/** Something is said again, so that what was refused is tried at once. */
async function goOn(name: string): Promise<void> {
  await noFaults(one);
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
  await noFaults(one);
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
