/** Why Shopify refuses a discount, in words for the merchant. Pure. */
export interface Refusal {
  message: string;
  code: string | null;
}

/** Of a segment for a discount: Shopify gives no codes for those. */
export function refusalOf(said: string | undefined): Refusal {
  return { message: said?.slice(0, 300) ?? 'no reason', code: null };
}

/** Not Shopify's word: the new terms find nothing left of the code's uses in all. */
export const USED_UP = {
  ok: false,
  message: 'The code was used as often as it may be.',
  code: 'USED_UP',
} as const;

/** There is no room for one more. */
export const isFull = ({ code, message }: Refusal) =>
  code === 'ACTIVE_PERIOD_OVERLAP' || code === 'MAX_APP_DISCOUNTS' || /25 active/i.test(message);

/** Its name or code is another’s. */
export const isTaken = ({ code, message }: Refusal) => code === 'TAKEN' || /unique|taken/i.test(message);

/** Beside the offer. */
export function refusalWords(said: Refusal): string {
  if (said.code === USED_UP.code) {
    return 'The code was used as often as it may be in all, so nobody gets it any more. Allow more uses, or no limit, or end the offer.';
  }
  if (said.code === 'MAX_APP_DISCOUNTS') return 'The store has as many discounts of apps as Shopify allows.';
  if (isFull(said)) {
    return 'The store has 25 automatic discounts, Shopify’s limit. Choose a discount code or the app’s discount, or end one of the others.';
  }
  if (isTaken(said)) return 'Another discount of the store has this name or code.';
  return `Shopify refused it: ${said.message}`;
}
