/** The part of the function's output that we use (a test holds every answer to Shopify's schema). */
interface Candidate<Target, Value> {
  message: string;
  targets: Target[];
  value: Value;
}

interface Percentage {
  percentage: { value: string };
}

export interface CartOperation {
  productDiscountsAdd?: {
    selectionStrategy: 'FIRST';
    candidates: Candidate<
      { cartLine: { id: string; quantity?: number } },
      Percentage | { fixedAmount: { amount: string; appliesToEachItem: boolean } }
    >[];
  };
  orderDiscountsAdd?: {
    selectionStrategy: 'FIRST';
    candidates: Candidate<
      { orderSubtotal: { excludedCartLineIds: string[] } },
      Percentage | { fixedAmount: { amount: string } }
    >[];
  };
}

export interface CartLinesResult {
  operations: CartOperation[];
}

export interface CartDeliveryResult {
  operations: {
    deliveryDiscountsAdd: {
      selectionStrategy: 'ALL';
      candidates: Candidate<{ deliveryGroup: { id: string } }, Percentage>[];
    };
  }[];
}
