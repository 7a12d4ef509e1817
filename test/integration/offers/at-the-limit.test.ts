/** 25 automatic discounts are in force: what fits into the app's one is offered there, and nothing that needs another. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyOfferForm, type OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOfferForm } from '../../../app/activation/offers/read-offer-form.ts';
import { readStoreDiscounts } from '../../../app/activation/offers/read-store-discounts.server.ts';
import {
  readOfferedSegment,
  readSurroundings,
} from '../../../app/activation/offers/read-surroundings.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(['repeat-buyers', 'win-back-60-89']);
  const made = await one.offer('repeat-buyers', { name: 'Thank you', percent: '10', way: 'function' });
  if (made.outcome !== 'done') throw new Error(made.outcome);
  for (let n = 1; n <= 24; n++) await one.control('create-discount', { title: `Sale ${n}`, percent: 5 });
}, 240_000);
afterAll(() => one?.close());

async function read(form: Partial<OfferForm>) {
  const store = await readStoreDiscounts(await one.world.ctx.adminFor(one.shopId), { priority: 'page' });
  return one.inShop(async (tx) => {
    const segment = await readOfferedSegment(tx, { key: 'win-back-60-89' });
    const day = await readShopDay(tx, one.now());
    if (!segment) throw new Error('no segment');
    const around = await readSurroundings(tx, day, { segment, offer: null, store });
    const given = { ...emptyOfferForm(day.today, 'Come back'), percent: '15', ...form };
    return { active: around.activeAutomatic, read: readOfferForm(given, around) };
  });
}

test('also before the app’s discount is made it counts, and so do those that are made', async () => {
  expect((await read({})).active).toBe(25);
  await one.settle();
  expect((await read({})).active).toBe(25);
});

test('what has room in the app’s discount is proposed there', async () => {
  expect((await read({ way: 'auto' })).read).toMatchObject({ ok: true, draft: { way: 'function' } });
});

test.each([
  ['free shipping', { kind: 'free_shipping', combineShipping: '' }],
  ['other combinations', { combineProduct: 'yes' }],
] as const)('%s would need one more: a sentence beside the field', async (_what, form) => {
  expect((await read({ ...form, way: 'function' })).read).toEqual({
    ok: false,
    faults: { way: expect.stringContaining('25 of 25') as unknown },
  });
  expect((await read({ ...form, way: 'code', code: 'COMEBACK' })).read).toMatchObject({ ok: true });
});
