/** Wrong input gets a sentence beside its field; what customers would pay with other discounts. */
import { expect, test } from 'vitest';
import {
  emptyOfferForm,
  type OfferForm,
  type OfferSurroundings,
} from '../../../app/activation/offers/offer-form.ts';
import { shareOf } from '../../../app/activation/offers/most-cost.ts';
import { readOfferForm } from '../../../app/activation/offers/read-offer-form.ts';
import { chooseOfferWay, type OfferTerms } from '../../../app/activation/offers/terms.ts';
import type { LocalDate } from '../../../app/local-date.ts';

const today = '2026-11-22' as LocalDate;
const around = {
  currency: 'EUR', today, members: 15, namesTaken: ['Taken'], codesTaken: ['SAVE'], activeAutomatic: 3, servedByFunction: () => false,
  suggestedWay: 'native' as const,
}; // prettier-ignore
const good = { ...emptyOfferForm(today, 'Come back'), percent: '15' };
const read = (form: Partial<OfferForm>, more: Partial<OfferSurroundings> = {}) =>
  readOfferForm({ ...good, ...form }, { ...around, ...more });

test('what is right is read: 90 days, 14 days after leaving, once a customer', () => {
  expect(read({})).toMatchObject({
    ok: true,
    draft: {
      terms: { gives: { kind: 'percentage', percent: 15, on: { all: true } }, once: true },
      endsOn: '2027-02-20',
      keepDays: 14,
      way: 'native',
      present: true,
    },
  });
});

test.each<[string, Partial<OfferForm>, Partial<OfferSurroundings>, string]>([
  ['name', { name: ' ' }, {}, 'Give the offer a name'],
  ['name', { name: 'Come\u0000back' }, {}, 'cannot be shown'],
  ['name', { name: 'Come\u007fback' }, {}, 'cannot be shown'],
  ['name', { name: 'x'.repeat(250) }, {}, '250 characters'],
  ['name', { name: 'taken' }, {}, 'Another offer has this name'],
  ['percent', { percent: '101' }, {}, 'at most 100'],
  ['percent', { percent: '0' }, {}, 'above 0'],
  ['percent', { percent: '-5' }, {}, 'above 0'],
  ['amount', { kind: 'amount', amount: '-1' }, {}, 'above 0'],
  ['amount', { kind: 'amount', amount: '1.005' }, {}, '(EUR)'],
  ['minimum', { minimumKind: 'subtotal', minimum: '-20' }, {}, 'above 0'],
  ['minimum', { minimumKind: 'quantity', minimum: '-2' }, {}, 'from 1 on'],
  [
    'amount',
    { kind: 'amount', amount: '50.01', minimumKind: 'subtotal', minimum: '50' },
    {},
    'a cart of 50.00 would cost nothing',
  ],
  ['combineShipping', { kind: 'free_shipping' }, {}, 'no other discount on shipping'],
  ['endsOn', { endsOn: '2026-11-21' }, {}, 'before the first one'],
  ['endsOn', { endsOn: 'soon' }, {}, 'as a date'],
  ['endsOn', { endsOn: '2028-01-01' }, {}, 'within a year'],
  ['startsOn', { startsOn: '2026-11-01' }, {}, 'past'],
  ['items', { on: 'collections', items: '' }, {}, 'at least one collection'],
  ['way', { way: 'native' }, { activeAutomatic: 25 }, 'limit is 25'],
  ['way', { way: 'function' }, { activeAutomatic: 25 }, 'automatic one too'],
  ['code', { way: 'code', code: '' }, {}, 'Give the code'],
  ['code', { way: 'code', code: 'save' }, {}, 'has this code'],
  ['usageLimit', { usageLimit: '5' }, {}, 'for codes only'],
  ['mostHolders', { mostHolders: '0' }, {}, 'from 1 on'],
  ['present', {}, { members: 0 }, 'Nobody is in this segment'],
])('%s: %o', (field, form, more, words) => {
  const answer = read(form, more);
  expect(answer.ok).toBe(false);
  if (!answer.ok) expect(answer.faults).toEqual({ [field]: expect.stringContaining(words) as unknown });
});

const numbers = (from: number, count: number, digits = 1) =>
  Array.from({ length: count }, (_, i) => String(10n ** BigInt(digits - 1) + BigInt(from + i))).join(' ');
const buyAndGet = (on: 'collections' | 'products', buyItems: string, items: string) =>
  ({ kind: 'buy_x_get_y', on, items, buyOn: on, buyItems }) as const;

test('the app’s discount asks for 100 collections at most, those of both sides together', () => {
  const collections = (second: number) => buyAndGet('collections', numbers(1, 100), numbers(second, 100));
  const faults = { items: expect.stringContaining('at most 100 collections') as unknown };
  expect(read({ way: 'function', ...collections(2) })).toEqual({ ok: false, faults });
  expect(read({ way: 'auto', ...collections(2) }, { suggestedWay: 'function' })).toEqual({
    ok: false,
    faults,
  });
  // The same ones on both sides are asked for once; other ways are bound by Shopify's own limits.
  expect(read({ way: 'function', ...collections(1) })).toMatchObject({ ok: true });
  expect(read({ way: 'native', ...collections(2) })).toMatchObject({ ok: true });
  expect(read({ way: 'code', code: 'MANY', ...collections(2) })).toMatchObject({ ok: true });
});

test('the app’s discount holds 100 products on each side, unless all it has to say is too long', () => {
  const products = (digits: number) =>
    buyAndGet('products', numbers(0, 100, digits), numbers(100, 100, digits));
  expect(read({ way: 'function', ...products(14), name: '🎁'.repeat(240) })).toMatchObject({ ok: true });
  expect(read({ way: 'function', ...products(19) })).toMatchObject({ ok: true });
  expect(read({ way: 'function', ...products(19), name: '🎁'.repeat(240) })).toEqual({
    ok: false,
    faults: { items: expect.stringContaining('more products than the app’s discount can hold') as unknown },
  });
});

test('with 25 automatic discounts the app’s one is open to whoever fits into it, and to nobody else', () => {
  const full = {
    activeAutomatic: 25,
    servedByFunction: ({ terms }: { terms: OfferTerms }) => !terms.combines.product,
  };
  expect(read({ way: 'function' }, full)).toMatchObject({ ok: true });
  expect(read({ way: 'function', combineProduct: 'yes' }, full)).toEqual({
    ok: false,
    faults: { way: expect.stringContaining('25 of 25') as unknown },
  });
});

test('the way: of its own while there is room, then the app’s discount, then a code', () => {
  const way = (activeAutomatic: number, servedByFunction = false) =>
    chooseOfferWay({ activeAutomatic, servedByFunction });
  expect([way(0), way(19), way(20), way(24), way(25), way(25, true)]).toEqual([
    'native', 'native', 'function', 'function', 'code', 'function',
  ]); // prettier-ignore
});

test('the part of an order that an offer can take is a whole fraction: no cent more by a float', () => {
  const part = (gives: OfferTerms['gives'], usual: bigint) => {
    const { part: of, of: all } = shareOf({ gives } as OfferTerms);
    return (usual * BigInt(of) + BigInt(all) - 1n) / BigInt(all);
  };
  const percentage = (percent: number) => ({
    kind: 'percentage' as const,
    percent,
    on: { all: true as const },
  });
  expect([7, 14, 28, 12.5, 0.07].map((percent) => part(percentage(percent), 10_000n))).toEqual([
    700n, 1_400n, 2_800n, 1_250n, 7n,
  ]); // prettier-ignore
});
