/** Facts for tests, stamped as the normalisers stamp them. */
import fc from 'fast-check';
import {
  customerAddress,
  customerCore,
  consent,
  customerTags,
} from '../../../app/intake/normalise/customer-groups.ts';
import { orderCore, type OrderContent } from '../../../app/intake/normalise/order-groups.ts';
import type { CustomerFact, Fact, OrderFact, OrderLineFact } from '../../../app/intake/facts.ts';

/** "12:00:05" on one day, for short tests. */
export const at = (second: number): Date => new Date(Date.UTC(2026, 10, 1, 12, 0, second));

export function customer(
  id: string,
  second: number,
  state: { country?: string; tags?: string[]; email?: string; account?: string } = {},
): CustomerFact {
  const times = { readAt: at(second), startedAt: at(second) };
  return {
    kind: 'customer',
    id,
    core: customerCore(
      { createdAt: at(0), state: state.account ?? 'ENABLED', verifiedEmail: true },
      at(second),
      at(second),
    ),
    ...(state.country && {
      address: customerAddress({ countryCode: state.country, provinceCode: null, city: null }, times),
    }),
    ...(state.email && { emailConsent: consent(state.email, times) }),
    ...(state.tags && { tags: customerTags(state.tags, times) }),
  };
}

export function line(id: string, state: Partial<OrderLineFact> = {}): OrderLineFact {
  return {
    id,
    productId: '900',
    variantId: null,
    title: 'Thing',
    sku: null,
    vendor: null,
    quantity: 1,
    currentQuantity: 1,
    totalMinor: 1000n,
    discountedMinor: 1000n,
    giftCard: false,
    ...state,
  };
}

export function order(
  id: string,
  second: number,
  state: Partial<OrderContent> = {},
  triggered = second,
): OrderFact {
  return {
    kind: 'order',
    id,
    core: orderCore(
      {
        name: `#${id}`,
        customerId: '1',
        createdAt: at(0),
        processedAt: at(0),
        cancelledAt: null,
        test: false,
        financialStatus: 'PAID',
        currency: 'EUR',
        presentmentCurrency: 'EUR',
        totalMinor: 1000n,
        currentTotalMinor: 1000n,
        netPaymentMinor: 1000n,
        refundedMinor: 0n,
        subtotalMinor: 1000n,
        taxMinor: 0n,
        shippingMinor: 0n,
        discountMinor: 0n,
        companyOrder: false,
        sourceName: 'web',
        tags: [],
        discountCodes: [],
        lines: [line(`${id}1`)],
        refunds: [],
        ...state,
      },
      at(second),
      at(triggered),
    ),
  };
}

/** A history, all of it twice in another order, and in how large batches that comes. */
export const reordered = (histories: fc.Arbitrary<Fact[]>) =>
  histories.chain((facts) =>
    fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray([...facts, ...facts], {
        minLength: facts.length * 2,
        maxLength: facts.length * 2,
      }),
      fc.integer({ min: 1, max: 5 }),
    ),
  );
