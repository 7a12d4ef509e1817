/** Why Shopify refuses a discount, in words for the merchant. Pure. */
export interface Refusal {
  message: string;
  code: string | null;
}

/** Of a segment for a discount: Shopify gives no codes for those. */
export function refusalOf(said: string | undefined): Refusal {
  return { message: said?.slice(0, 300) ?? 'no reason', code: null };
}

/** There is no room for one more. */
export const isFull = ({ code, message }: Refusal) =>
  code === 'ACTIVE_PERIOD_OVERLAP' || code === 'MAX_APP_DISCOUNTS' || /25 active/i.test(message);

/** Its name or code is another’s. */
export const isTaken = ({ code, message }: Refusal) => code === 'TAKEN' || /unique|taken/i.test(message);

/** Beside the offer. */
export function refusalWords(said: Refusal): string {
  if (said.code === 'MAX_APP_DISCOUNTS') return 'The store has as many discounts of apps as Shopify allows.';
  if (isFull(said)) {
    return 'The store has 25 automatic discounts, Shopify’s limit. Choose a discount code or the app’s discount, or end one of the others.';
  }
  if (isTaken(said)) return 'Another discount of the store has this name or code.';
  return `Shopify refused it: ${said.message}`;
}
