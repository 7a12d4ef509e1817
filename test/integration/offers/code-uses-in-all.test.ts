/** "So many uses in all" of a code are the offer's, whatever becomes of its terms: a discount made anew has what is left. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { sayTerms, standingOf } from '../../support/banded-offers.ts';
import { createOfferWorld, turnBuyersOn, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await turnBuyersOn(one);
}, 240_000);
afterAll(() => one?.close());

const formOf = (name: string, more: Partial<OfferForm>): Partial<OfferForm> => ({
  name, percent: '10', way: 'code', code: name.toUpperCase(), once: '', endsOn: '2026-12-20', ...more,
}); // prettier-ignore
async function offer(name: string, more: Partial<OfferForm>): Promise<void> {
  expect((await one.offer('buyers', formOf(name, more))).outcome).toBe('done');
  await one.settle();
}
async function change(name: string, more: Partial<OfferForm>): Promise<void> {
  await sayTerms(one, name, formOf(name, more));
  await one.settle();
}
async function buy(name: string, k: number): Promise<string> {
  const { total } = await one.checkout(k, '100.00', { place: true, codes: [name.toUpperCase()] });
  await one.settle();
  return total;
}
const discountOf = (name: string) =>
  [...one.world.store.discounts.all()].find(({ title }) => title === `${name} (Regulars)`);

test('other terms: what was used before is used', async () => {
  await offer('Three', { usageLimit: '3' });
  expect([await buy('Three', 1), await buy('Three', 2)]).toEqual(['90.00', '90.00']);
  await change('Three', { usageLimit: '3', percent: '11' });
  expect([await buy('Three', 3), await buy('Three', 4)]).toEqual(['89.00', '100.00']);
  // And once more, with more of them: three of the five are used.
  await change('Three', { usageLimit: '5', percent: '12' });
  expect([await buy('Three', 5), await buy('Three', 6), await buy('Three', 7)]).toEqual(['88.00', '88.00', '100.00']); // prettier-ignore
}, 120_000);

test('another number of uses is said of the discount that is there', async () => {
  await offer('Place', { usageLimit: '1' });
  const { id } = discountOf('Place') ?? {};
  expect([await buy('Place', 1), await buy('Place', 2)]).toEqual(['90.00', '100.00']);
  await change('Place', { usageLimit: '2' });
  expect([await buy('Place', 2), await buy('Place', 3)]).toEqual(['90.00', '100.00']);
  await change('Place', { usageLimit: '' });
  expect([await buy('Place', 3), await buy('Place', 4)]).toEqual(['90.00', '90.00']);
  expect(discountOf('Place')).toMatchObject({ id, usageLimit: null });
}, 120_000);

test('nothing is left for other terms: nobody gets them, also not the old ones, and the page says why', async () => {
  await offer('Two', { usageLimit: '4' });
  expect([await buy('Two', 1), await buy('Two', 2)]).toEqual(['90.00', '90.00']);
  await change('Two', { usageLimit: '2', percent: '11' });
  expect(await buy('Two', 3)).toBe('100.00');
  expect(discountOf('Two')).toBeUndefined();
  expect(await standingOf(one, 'Two')).toMatchObject({
    inShopify: 'refused',
    fault: expect.stringContaining('used as often as it may be') as unknown,
  });
  await change('Two', { usageLimit: '3', percent: '11' });
  expect([await buy('Two', 3), await buy('Two', 4)]).toEqual(['89.00', '100.00']);
}, 120_000);

test('uses from before it had a code are none of the code’s', async () => {
  await offer('Free', { way: 'native', code: '', percent: '20' });
  expect([await buy('none', 1), await buy('none', 2)]).toEqual(['80.00', '80.00']);
  await change('Free', { usageLimit: '1' });
  expect([await buy('Free', 1), await buy('Free', 2)]).toEqual(['90.00', '100.00']);
}, 120_000);
