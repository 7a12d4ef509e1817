/**
 * What the two input queries give (a test runs them on Shopify's schema of the discount function). Decimals are
 * strings in JSON; money is in the currency that the customer sees.
 */
export interface CartLine {
  id: string;
  quantity: number;
  cost: { amountPerQuantity: { amount: string } };
  merchandise:
    | {
        __typename: 'ProductVariant';
        product: {
          id: string;
          isGiftCard: boolean;
          inCollections: { collectionId: string; isMember: boolean }[];
        };
      }
    | { __typename: 'CustomProduct'; isGiftCard: boolean };
}

export interface CartLinesInput {
  /** Shop currency x rate = the customer's currency. */
  presentmentCurrencyRate: string;
  /** The shop's local date, "2026-11-22". */
  shop: { localTime: { date: string } };
  discount: {
    discountClasses: ('PRODUCT' | 'ORDER' | 'SHIPPING')[];
    metafield: { jsonValue: unknown } | null;
  };
  cart: {
    /** The currency that the customer sees. */
    cost: { subtotalAmount: { currencyCode: string } };
    buyerIdentity: { customer: { hasTags: { tag: string; hasTag: boolean }[] } | null } | null;
    lines: CartLine[];
  };
}

export interface CartDeliveryInput extends CartLinesInput {
  cart: CartLinesInput['cart'] & { deliveryGroups: { id: string }[] };
}
