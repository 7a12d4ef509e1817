/** What a member would pay: with the offer, and with each other discount of the store in its days, active or planned. */
import { describe, expect, test } from 'vitest';
import { memberPrice } from '../../../app/activation/offers/member-price.ts';
import type { Discount, StoreDiscount } from '../../../app/activation/offers/store-discount.ts';
import type { OfferTerms } from '../../../app/activation/offers/terms.ts';

const DAYS = { startsAt: '2026-11-22T00:00:00Z', endsAt: '2026-12-07T00:00:00Z' };

const terms = (more: Partial<OfferTerms> = {}): OfferTerms => ({
  gives: { kind: 'percentage', percent: 15, on: { all: true } },
  combines: { product: true, order: true, shipping: true },
  once: true,
  ...more,
});
const onProducts = (percent: number): OfferTerms['gives'] => ({ kind: 'percentage', percent, on: { products: ['1'] } }); // prettier-ignore

interface Other {
  status?: Discount['status'];
  startsAt?: string;
  endsAt?: string | null;
  percent?: number;
  amount?: string;
  on?: 'all' | 'products';
  combines?: boolean;
  minimum?: string;
  automatic?: boolean;
  kind?: StoreDiscount['kind'];
  segment?: boolean;
}

function other({ status = 'SCHEDULED', startsAt = '2026-11-27T00:00:00Z', endsAt = '2026-12-01T00:00:00Z', percent, amount, on = 'all', combines = false, minimum, automatic = true, kind = 'basic', segment = false }: Other): StoreDiscount {
  const money = (text: string) => ({ amount: text, currencyCode: 'EUR' });
  const value =
    percent === undefined
      ? { __typename: 'DiscountAmount', amount: money(amount ?? '0'), appliesOnEachItem: false }
      : { __typename: 'DiscountPercentage', percentage: percent / 100 };
  const items = { __typename: on === 'all' ? 'AllDiscountItems' : 'DiscountProducts' };
  return {
    id: '1',
    automatic,
    kind,
    shown: {
      __typename: 'DiscountAutomaticBasic',
      title: 'Theirs',
      status,
      startsAt,
      endsAt,
      tags: [],
      combinesWith: { orderDiscounts: combines, productDiscounts: combines, shippingDiscounts: combines },
      context: { __typename: segment ? 'DiscountCustomerSegments' : 'DiscountBuyerSelectionAll' },
      ...(kind === 'basic' ? { customerGets: { items, value } } : {}),
      ...(minimum === undefined
        ? {}
        : { minimumRequirement: { __typename: 'DiscountMinimumSubtotal', greaterThanOrEqualToSubtotal: money(minimum) } }),
    },
  };
} // prettier-ignore

const price = (ours: OfferTerms, ...others: Other[]) =>
  memberPrice(ours, 10_000n, others.map(other), { currency: 'EUR' }, DAYS);
const conflict = (ours: OfferTerms, one: Other) => price(ours, one).conflicts[0];

describe('a planned discount', () => {
  test('that begins while the offer runs is a conflict, with the price that a member pays then', () => {
    const said = price(terms(), { percent: 40 });
    expect(said).toMatchObject({ paysMinor: 8_500n, leastMinor: 6_000n });
    expect(said.conflicts).toEqual([
      { title: 'Theirs', status: 'planned', how: 'better_one', sure: true, paysMinor: 6_000n },
    ]);
    // Less than ours: the better one is ours.
    expect(conflict(terms(), { percent: 5 })).toMatchObject({ how: 'better_one', paysMinor: 8_500n });
  });

  test.each([
    ['before the offer', '2026-11-01T00:00:00Z', '2026-11-21T23:59:59Z', 0],
    ['over its first moment', '2026-11-01T00:00:00Z', '2026-11-22T00:00:00Z', 1],
    ['over its last moment', '2026-12-07T00:00:00Z', null, 1],
    ['after the offer', '2026-12-07T00:00:01Z', null, 0],
    ['all the time', '2026-01-01T00:00:00Z', null, 1],
  ])('%s', (_when, startsAt, endsAt, conflicts) => {
    expect(price(terms(), { percent: 40, startsAt, endsAt }).conflicts).toHaveLength(conflicts);
  });

  test('over is over, whatever its days say', () => {
    expect(price(terms(), { percent: 40, status: 'EXPIRED', endsAt: null }).conflicts).toEqual([]);
  });
});

describe('both together', () => {
  const both = (ours: Partial<OfferTerms>, theirs: Other) =>
    conflict(terms(ours), { combines: true, ...theirs });

  test('two on the order: each on the whole, not one after the other', () => {
    expect(both({}, { percent: 10 })).toMatchObject({ how: 'together', paysMinor: 7_500n });
    expect(both({}, { amount: '20.00' })).toMatchObject({ paysMinor: 6_500n });
    expect(both({ gives: { kind: 'amount', amountMinor: '9000', on: { all: true } } }, { percent: 50 })).toMatchObject({ paysMinor: 0n }); // prettier-ignore
  });

  test('one on products, one on the order: the second on what the first leaves', () => {
    // 20.00 off the goods, then 15 % of 80.00.
    expect(both({}, { amount: '20.00', on: 'products' })).toMatchObject({ sure: false, paysMinor: 6_800n });
    // 50 % off the goods, then 10.00.
    expect(both({ gives: onProducts(50) }, { amount: '10.00' })).toMatchObject({ paysMinor: 4_000n });
    // 50 % off the goods, then 10 % of what is left.
    expect(both({ gives: onProducts(50) }, { percent: 10 })).toMatchObject({ paysMinor: 4_500n });
  });

  test('two on products: the better one on the line', () => {
    expect(both({ gives: onProducts(50) }, { percent: 20, on: 'products' })).toMatchObject({ paysMinor: 5_000n }); // prettier-ignore
  });

  test('a minimum that the cart does not reach takes nothing off', () => {
    expect(both({}, { percent: 10, minimum: '100.01' })).toMatchObject({ paysMinor: 8_500n });
    expect(both({}, { percent: 10, minimum: '100.00' })).toMatchObject({ paysMinor: 7_500n });
    expect(both({ minimum: { subtotalMinor: '10001' } }, { percent: 10 })).toMatchObject({ paysMinor: 9_000n }); // prettier-ignore
    expect(both({ gives: onProducts(50) }, { percent: 10, minimum: '80.00' })).toMatchObject({ paysMinor: 4_500n }); // prettier-ignore
  });

  test('free shipping of theirs leaves the goods as they are', () => {
    expect(both({}, { kind: 'free_shipping' })).toMatchObject({ how: 'together', paysMinor: 8_500n });
  });

  test('only where both say so', () => {
    expect(conflict(terms(), { percent: 10 })).toMatchObject({ how: 'better_one', paysMinor: 8_500n });
    expect(both({ combines: { product: true, order: false, shipping: true } }, { percent: 10 })).toMatchObject({ how: 'better_one' }); // prettier-ignore
  });
});

test('what is sure comes first, codes last; only what is sure counts for the least a member may pay', () => {
  const said = price(
    terms(),
    { percent: 90, automatic: false, status: 'ACTIVE' },
    { percent: 80, segment: true },
    { percent: 30, status: 'ACTIVE', startsAt: '2026-11-01T00:00:00Z', endsAt: null },
    { percent: 40 },
    { kind: 'app' },
  );
  expect(said.conflicts.map(({ how, sure, status, paysMinor }) => [how, sure, status, paysMinor])).toEqual([
    ['better_one', true, 'planned', 6_000n],
    ['better_one', true, 'active', 7_000n],
    ['better_one', false, 'planned', 2_000n],
    ['better_one', false, 'planned', null],
    ['by_code', true, 'active', 1_000n],
  ]);
  expect(said.leastMinor).toBe(6_000n);
});

test('the least a member may pay: all that stand together, or what is better alone', () => {
  const combines = (order: boolean) =>
    terms({ gives: { kind: 'percentage', percent: 10, on: { all: true } }, combines: { product: false, order, shipping: false } }); // prettier-ignore
  const two = [{ percent: 20, combines: true }, { percent: 30, combines: true }]; // prettier-ignore
  expect(price(combines(true), ...two).leastMinor, '10 + 20 + 30 %').toBe(4_000n);
  expect(price(combines(false), ...two).leastMinor, 'both sales, without the offer').toBe(5_000n);
  expect(price(combines(true), ...two, { percent: 70 }).leastMinor, 'the large one alone').toBe(3_000n);
});
