/**
 * What an offer gives, on what, and under which conditions: stored as JSON in offer.terms. Money is minor units of the
 * currency that the shop had when the terms were given (offer.currency) as text; ids are Shopify's numbers as text.
 */
import { z } from 'zod';

const id = z.string().regex(/^[1-9]\d{0,18}$/);
const minor = z.string().regex(/^[1-9]\d{0,17}$/);
const count = z.number().int().positive().max(1_000_000);

export const offerItemsSchema = z.union([
  z.strictObject({ all: z.literal(true) }),
  z.strictObject({ products: z.array(id).min(1).max(100) }),
  z.strictObject({ collections: z.array(id).min(1).max(100) }),
]);
export type OfferItems = z.infer<typeof offerItemsSchema>;

const givesSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('percentage'),
    percent: z.number().positive().max(100),
    on: offerItemsSchema,
  }),
  z.strictObject({ kind: z.literal('amount'), amountMinor: minor, on: offerItemsSchema }),
  z.strictObject({
    kind: z.literal('buy_x_get_y'),
    buy: z.strictObject({ quantity: count, on: offerItemsSchema }),
    get: z.strictObject({ quantity: count, percent: z.number().positive().max(100), on: offerItemsSchema }),
  }),
  z.strictObject({ kind: z.literal('free_shipping') }),
]);
export type OfferGives = z.infer<typeof givesSchema>;
export type OfferKind = OfferGives['kind'];
export type BuyXGetY = Extract<OfferGives, { kind: 'buy_x_get_y' }>;

export const offerTermsSchema = z.strictObject({
  gives: givesSchema,
  minimum: z
    .union([z.strictObject({ subtotalMinor: minor }), z.strictObject({ quantity: count })])
    .optional(),
  /** Other discounts that it may be used together with. */
  combines: z.strictObject({ product: z.boolean(), order: z.boolean(), shipping: z.boolean() }),
  /** Ends for a customer with the order that used it. */
  once: z.boolean(),
  /** Of a code: how often it may be used by all together. */
  usageLimit: count.optional(),
});
export type OfferTerms = z.infer<typeof offerTermsSchema>;

/** native: an automatic discount of its own; code: a discount code; function: served by our function with others. */
export const OFFER_WAYS = ['native', 'code', 'function'] as const;
export type OfferWay = (typeof OFFER_WAYS)[number];

/** Shopify's limit a store, shared with the merchant's own. */
export const ACTIVE_AUTOMATIC_LIMIT = 25;
/** So many of them are left to the merchant when we choose the way. */
export const LEFT_TO_THE_MERCHANT = 5;

/** Shopify shows a discount in three classes; which of them this one is. */
export function classOf({ kind, ...gives }: OfferGives): 'PRODUCT' | 'ORDER' | 'SHIPPING' {
  if (kind === 'free_shipping') return 'SHIPPING';
  return 'on' in gives && 'all' in gives.on ? 'ORDER' : 'PRODUCT';
}

/** What is given is of the same things as what is bought. */
export function givesTheSame({ buy, get }: BuyXGetY): boolean {
  const named = (items: OfferItems) =>
    'all' in items
      ? 'all'
      : 'products' in items
        ? `products ${[...items.products].sort().join(' ')}`
        : `collections ${[...items.collections].sort().join(' ')}`;
  return named(buy.on) === named(get.on);
}

/** Whether it means something else in another currency. */
export function holdsMoney({
  terms: { gives, minimum },
  mostCostMinor,
}: {
  terms: OfferTerms;
  mostCostMinor: string | null;
}): boolean {
  return (
    gives.kind === 'amount' || (minimum !== undefined && 'subtotalMinor' in minimum) || mostCostMinor !== null
  );
}

/** As the title in Shopify says it: whoever looks at the discounts sees whose it is. */
export function titleOf(name: string): string {
  return `${name} (Regulars)`;
}
export const MAX_TITLE = 255;

/** Of the automatic discounts of the store: how many are in force or planned, of anybody. */
export function chooseOfferWay({
  activeAutomatic,
  servedByFunction,
}: {
  activeAutomatic: number;
  /** A discount of our function is there already: one more offer in it costs no further discount. */
  servedByFunction: boolean;
}): OfferWay {
  if (activeAutomatic < ACTIVE_AUTOMATIC_LIMIT - LEFT_TO_THE_MERCHANT) return 'native';
  if (servedByFunction || activeAutomatic < ACTIVE_AUTOMATIC_LIMIT) return 'function';
  return 'code';
}
