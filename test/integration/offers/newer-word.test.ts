/**
 * What a person says in the app after somebody changed a discount by hand is carried out, and new terms take the old
 * ones' place only when they are there.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OfferStep } from '../../../app/activation/offers/change-state.server.ts';
import { checkDiscounts } from '../../../app/activation/offers/check-discounts.server.ts';
import {
  patchDiscountRow,
  readDiscountRows,
  type DiscountRow,
} from '../../../app/activation/offers/discount-rows.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { handleSyncOffers } from '../../../app/jobs/handlers/sync-offers.server.ts';
import {
  createBandedOffers,
  noFaults,
  offerNamed,
  sayStep,
  sayTerms,
  standingOf,
} from '../../support/banded-offers.ts';
import type { OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createBandedOffers(5);
}, 240_000);
afterAll(() => one?.close());
afterEach(() => noFaults(one));

const pays = async (k: number) => (await one.checkout(k, '100.00')).total;
const standing = (name: string) => standingOf(one, name);
const titled = (name: string) => [...one.world.store.discounts.all()].filter(({ title }) => title === `${name} (Regulars)`); // prettier-ignore

async function step(name: string, what: OfferStep['step']): Promise<void> {
  await sayStep(one, name, what);
  await one.settle();
}

const change = (name: string, form: Partial<OfferForm>) => sayTerms(one, name, form);

/** Somebody changes the discount in Shopify's admin, and we see it. */
async function byHand(type: 'Basic' | 'App', id: string | null | undefined, discount: object): Promise<void> {
  const admin = await one.world.ctx.adminFor(one.shopId);
  await admin.requestComposed(
    `mutation Other($id: ID!, $discount: DiscountAutomatic${type}Input!) { discountAutomatic${type}Update(id: $id, automatic${type}Discount: $discount) { userErrors { message } } }`,
    { id: `gid://shopify/DiscountAutomaticNode/${id}`, discount },
  );
  await one.sync();
}

test('changed by hand, then paused: nobody gets it, and the change is still shown; resumed, what they changed is in force', async () => {
  const { id } = await offerNamed(one, 'Offer 1');
  const row = (await one.inShop(readDiscountRows)).find(({ offerId }) => offerId === id);
  await byHand('Basic', row?.discountId, { title: 'Renamed', customerGets: { value: { percentage: 0.5 } } });
  expect(await pays(1)).toBe('50.00');
  const says = 'title: “Renamed” instead of “Offer 1 (Regulars)”; what it gives: 50 % off everything instead of 10 % off everything'; // prettier-ignore
  expect((await standing('Offer 1'))?.edited).toMatchObject({ what: 'edited', says });
  await step('Offer 1', 'pause');
  expect(await pays(1)).toBe('100.00');
  expect((await standing('Offer 1'))?.edited).toMatchObject({ what: 'edited', says });
  await step('Offer 1', 'resume');
  expect(await pays(1)).toBe('50.00');
  expect((await standing('Offer 1'))?.edited).toMatchObject({ what: 'edited', says });
  // Another last day is newer than the change, the rest of which stays.
  await change('Offer 1', { percent: '10', endsOn: '2026-11-30' });
  await one.settle();
  expect(await pays(1)).toBe('50.00');
  expect((await standing('Offer 1'))?.edited).toMatchObject({ what: 'edited', says });
  const admin = [...one.world.store.discounts.all()].find(({ title }) => title === 'Renamed');
  expect(JSON.stringify(admin)).toContain('2026-11-30');
  await step('Offer 1', 'repair');
  expect(await pays(1)).toBe('90.00');
  expect((await standing('Offer 1'))?.edited).toBeNull();
}, 120_000);

test('one of two in a shared discount that was changed by hand is paused; a new one in it is given', async () => {
  expect([await pays(13), await pays(19)]).toEqual(['70.00', '60.00']);
  const row = (await one.inShop(readDiscountRows)).find(({ slot }) => slot !== null);
  await byHand('App', row?.discountId, { title: 'Renamed too' });
  await step('Offer 4', 'pause');
  expect([await pays(13), await pays(19)]).toEqual(['70.00', '100.00']);
  expect((await standing('Offer 3'))?.edited).toMatchObject({ what: 'edited' });
  await one.offer('band-5', { name: 'Offer 5', percent: '50', way: 'function' });
  await one.settle();
  expect(await pays(25)).toBe('50.00');
  expect((await standing('Offer 5'))?.edited).toMatchObject({ says: 'title: “Renamed too” instead of “Segment offers (Regulars)”' }); // prettier-ignore
}, 120_000);

test('new terms that Shopify refuses leave the old ones in force, run after run, and say why', async () => {
  expect(await pays(7)).toBe('80.00');
  await one.control('faults', { fault: 'user-errors', message: 'Title is odd', code: 'INVALID', field: 'discountAutomaticBasicCreate', count: 20 }); // prettier-ignore
  await change('Offer 2', { percent: '35' });
  await one.sync();
  expect(await pays(7)).toBe('80.00');
  await one.sync();
  expect(await pays(7)).toBe('80.00');
  expect(await standing('Offer 2')).toMatchObject({ inShopify: 'refused', fault: 'Shopify refused it: Title is odd' }); // prettier-ignore
  // Where there is no room for both, the old one goes first.
  await noFaults(one);
  await one.control('faults', { fault: 'user-errors', message: 'You can only have 25 active automatic discounts', code: 'INVALID', field: 'discountAutomaticBasicCreate', count: 1 }); // prettier-ignore
  await change('Offer 2', { percent: '40' });
  await one.sync();
  expect(await pays(7)).toBe('60.00');
  expect(titled('Offer 2')).toHaveLength(1);
}, 120_000);

test.each([
  { fault: 'server-error', status: 503, when: 'after' },
  { fault: 'reset', when: 'after' },
])(
  'the answer to new terms is lost ($fault): no refusal; within minutes only the new ones are in force',
  async (fault) => {
    const percent = fault.fault === 'reset' ? '45' : '55';
    await one.control('faults', { ...fault, field: 'discountAutomaticBasicCreate', count: 1 });
    await change('Offer 2', { percent });
    await one.sync();
    // Made, and not known: the old one stays until it is.
    expect(titled('Offer 2')).toHaveLength(2);
    expect(await standing('Offer 2')).toMatchObject({ fault: null });
    const made = titled('Offer 2').map(({ id }) => id);
    const clock = { ...one.world.ctx.clock, machineNow: () => new Date(Date.now() + 120_000) };
    const { signal } = new AbortController();
    await handleSyncOffers({ ...one.world.ctx, clock }, { data: { shopId: one.shopId }, signal });
    expect(titled('Offer 2')).toHaveLength(1);
    expect(made).toContain(titled('Offer 2')[0]?.id);
    expect(await pays(7)).toBe(`${100 - Number(percent)}.00`);
  },
  120_000,
);

test.each<[string, Partial<DiscountRow>]>([
  ['made again', { discountId: '999' }],
  ['written again', { written: 'newer', seen: null }],
])('%s while the discounts of the store were read: what was read says nothing about it', async (_, patch) => {
  const { id } = await offerNamed(one, 'Offer 1');
  const row = async () => (await one.inShop(readDiscountRows)).find(({ offerId }) => offerId === id);
  const before = await row();
  if (!before) throw new Error('no discount');
  const { ctx } = one.world;
  const admin = await ctx.adminFor(one.shopId);
  const request: typeof admin.request = async (...input) => {
    const read = await admin.request(...input);
    await one.inShop((tx) => patchDiscountRow(tx, { ...before }, patch));
    return read;
  };
  await checkDiscounts({ ...ctx, admin: { ...admin, request } }, one.shopId);
  expect(await row()).toEqual({ ...before, ...patch });
  const { discountId, written, seen, edited } = before;
  await one.inShop((tx) => patchDiscountRow(tx, before, { discountId, written, seen, edited }));
});
