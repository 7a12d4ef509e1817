/** The merchant's own discounts of a generated store: two that run, a code, one that is over and one to come. */
import { currencyExponent } from '../../app/money.ts';
import { blankDiscount } from '../discounts/blank-discount.ts';
import type { DiscountItems, SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const DAY_MS = 86_400_000;

/** @param today midnight of the day on which the store is made, so that one seed gives one store */
export function putMerchantDiscounts(store: Store, today: number, loadedAt: string): void {
  const unit = 10 ** currencyExponent(store.shop.currency);
  const day = (days: number) => new Date(today + days * DAY_MS).toISOString();
  const put = (
    given: Pick<SandboxDiscount, 'title' | 'method' | 'kind' | 'startsAt' | 'classes'> &
      Partial<SandboxDiscount>,
  ) =>
    store.discounts.put({
      ...blankDiscount(store, given.method, given.kind),
      createdAt: given.startsAt,
      updatedAt: loadedAt,
      combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: true },
      ...given,
    });
  const bags = [...store.collections.all()].find(({ title }) => title === 'Bags');
  const onBags: DiscountItems = bags ? { collections: [bags.id] } : { all: true };
  const share = (percentage: number, items: DiscountItems) => ({
    items,
    value: { kind: 'percentage' as const, percentage },
  });
  const common = { method: 'automatic', kind: 'basic' } as const;
  put({
    ...common,
    title: 'Bags 10 % off',
    classes: [bags ? 'PRODUCT' : 'ORDER'],
    startsAt: day(-60),
    endsAt: day(120),
    gets: share(0.1, onBags),
  });
  put({
    method: 'automatic',
    kind: 'free_shipping',
    title: 'Free shipping from 100',
    classes: ['SHIPPING'],
    startsAt: day(-400),
    minimum: { subtotalMinor: 100 * unit },
    combinesWith: { orderDiscounts: true, productDiscounts: true, shippingDiscounts: false },
  });
  put({
    method: 'code',
    kind: 'basic',
    title: 'WELCOME10',
    classes: ['ORDER'],
    startsAt: day(-700),
    codes: [{ id: store.newId('other'), code: 'WELCOME10' }],
    appliesOncePerCustomer: true,
    gets: share(0.1, { all: true }),
  });
  put({
    ...common,
    title: 'Spring sale',
    classes: ['ORDER'],
    startsAt: day(-220),
    endsAt: day(-206),
    gets: share(0.2, { all: true }),
  });
  put({
    ...common,
    title: 'Season opening',
    classes: ['ORDER'],
    startsAt: day(45),
    endsAt: day(59),
    gets: share(0.15, { all: true }),
  });
}
