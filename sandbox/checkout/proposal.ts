/**
 * What one discount would take off a cart, before it is known which discounts go together. An order discount is a
 * rule, because it is on what product discounts leave.
 */
import { percentOf } from '../../app/money.ts';
import type { DiscountClass } from '../store/model.ts';

export type Proposal =
  /** By line number, minor units off the whole line. */
  | { class: 'PRODUCT'; lines: ReadonlyMap<number, number>; message: string | null }
  | {
      class: 'ORDER';
      /** Lines that it is not on. */
      excluded: ReadonlySet<number>;
      off: { share: number } | { minor: number };
      message: string | null;
    }
  | { class: 'SHIPPING'; off: { share: number } | { minor: number }; message: string | null };

export interface Offer {
  discountId: string;
  proposals: Proposal[];
}

export function classesOf({ proposals }: Offer): Set<DiscountClass> {
  return new Set(proposals.map((proposal) => proposal.class));
}

/** @param share 0.07 is 7 %; what it takes off a line, an order or shipping (assumption: rounded down, as `percentOf`) */
export function shareOf(minor: number, share: number): number {
  return Number(percentOf(BigInt(minor), share * 100));
}

/** Parts of an amount in the ratio of the weights; the last with a weight takes the rounding. */
export function spread(amount: number, weights: ReadonlyMap<number, number>): Map<number, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const parts = new Map<number, number>();
  let [left, behind] = [amount, total];
  for (const [key, weight] of weights) {
    const part = behind === 0 ? 0 : Math.round((left * weight) / behind);
    parts.set(key, part);
    left -= part;
    behind -= weight;
  }
  return parts;
}
