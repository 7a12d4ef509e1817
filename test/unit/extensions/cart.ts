/** Carts for the discount function: what Shopify would hold, asked through the function's own input queries. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Offer } from '../../../extensions/segment-offers/src/offer.ts';
import type { CartDeliveryInput, CartLinesInput } from '../../../extensions/segment-offers/src/input.ts';
import { makeFunctionInput } from '../../../sandbox/functions/make-function-input.ts';

export const SOURCES = path.resolve(import.meta.dirname, '../../../extensions/segment-offers/src');

export interface TestLine {
  product?: number;
  price: string;
  quantity?: number;
  collections?: number[];
  giftCard?: boolean;
}

export interface TestCart {
  offers: unknown;
  /** Undefined: nobody has signed in. */
  tags?: string[];
  lines: TestLine[];
  date?: string;
  rate?: string;
  currency?: string;
  classes?: string[];
  deliveryGroups?: number;
}

export const productId = (n: number) => `gid://shopify/Product/${n}`;
export const collectionId = (n: number) => `gid://shopify/Collection/${n}`;
export const lineId = (n: number) => `gid://shopify/CartLine/${n}`;

export function cartLinesInput(cart: TestCart): CartLinesInput {
  return ask('cart_lines_discounts_generate_run', cart) as unknown as CartLinesInput;
}

export function cartDeliveryInput(cart: TestCart): CartDeliveryInput {
  return ask('cart_delivery_options_discounts_generate_run', cart) as unknown as CartDeliveryInput;
}

function ask(query: string, cart: TestCart): Record<string, unknown> {
  return makeFunctionInput(
    readFileSync(path.join(SOURCES, `${query}.graphql`), 'utf8'),
    rootOf(cart),
    variablesOf(cart.offers as Offer[]),
  );
}

/** What the app writes into the metafield of the variables. */
function variablesOf(offers: readonly Offer[]): { tags: string[]; collections: string[] } {
  const collections = JSON.stringify(offers).match(/gid:\/\/shopify\/Collection\/\d+/g) ?? [];
  return { tags: offers.map(({ tag }) => tag), collections: [...new Set(collections)] };
}

function rootOf({
  offers,
  tags,
  lines,
  date,
  rate,
  classes,
  currency = 'EUR',
  deliveryGroups = 1,
}: TestCart) {
  const money = (amount: string) => ({ amount, currencyCode: currency });
  const has = (tag: string) => (tags ?? []).some((held) => held.toLowerCase() === tag.toLowerCase());
  return {
    presentmentCurrencyRate: rate ?? '1.0',
    shop: { localTime: { date: date ?? '2026-11-22' } },
    discount: {
      discountClasses: classes ?? ['PRODUCT', 'ORDER', 'SHIPPING'],
      metafield: ({ key }: { key: string }) =>
        key === 'offers' ? { type: 'json', value: JSON.stringify({ offers }), jsonValue: { offers } } : null,
    },
    cart: {
      cost: { subtotalAmount: money('0.0'), totalAmount: money('0.0') },
      buyerIdentity: {
        isAuthenticated: tags !== undefined,
        customer: tags && {
          hasTags: (asked: { tags: string[] }) => asked.tags.map((tag) => ({ tag, hasTag: has(tag) })),
        },
      },
      lines: lines.map(({ price, quantity = 1, product = 1, collections = [], giftCard = false }, i) => ({
        id: lineId(i + 1),
        quantity,
        cost: { amountPerQuantity: money(price) },
        merchandise: {
          __typename: 'ProductVariant',
          product: {
            id: productId(product),
            isGiftCard: giftCard,
            inCollections: ({ ids }: { ids: string[] }) =>
              ids.map((id) => ({ collectionId: id, isMember: collections.map(collectionId).includes(id) })),
          },
        },
      })),
      deliveryGroups: Array.from({ length: deliveryGroups }, (_, i) => ({
        id: `gid://shopify/CartDeliveryGroup/${i + 1}`,
      })),
    },
  };
}
