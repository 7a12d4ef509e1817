/**
 * "So many uses in all" are uses of the offer by its code; Shopify counts those of one discount, and other terms make
 * another one. So a new discount gets what the ones before it have left, and where nothing is left it is not made. Pure.
 */
import type { WantedDiscount } from './wanted-discounts.ts';

type Limited = Pick<WantedDiscount, 'input'>;
/** `spent`: used before this discount was made. */
interface Row {
  discountId: string | null;
  spent: number;
}

/** Shopify's field; Shopify knows no limit below 1. Empty: it is none for this discount. */
export function limitInput({ spent }: Pick<Row, 'spent'>, wanted: Limited): { usageLimit?: number | null } {
  const limit = limitOf(wanted);
  if (limit === undefined) return {};
  return { usageLimit: limit === null ? null : Math.max(1, limit - spent) };
}

/** Nothing is left for a discount that is still to be made. */
export function isUsedUp({ discountId, spent }: Row, wanted: Limited): boolean {
  const limit = limitOf(wanted);
  return discountId === null && typeof limit === 'number' && spent >= limit;
}

/** Null: a code without a limit. Undefined: no code. */
function limitOf({ input }: Limited): number | null | undefined {
  return input['usageLimit'] as number | null | undefined;
}
