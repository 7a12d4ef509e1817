/**
 * When a new good fit replaces the one in force: nothing in force yet, a number more than 5 % away, or the one in
 * force 30 days old; the same rule as for the cut points (app/value/cut-points.ts).
 */
import { PUBLISH_AFTER_DAYS, PUBLISH_DIFFERENCE, type PublicationReason } from '../cut-points.ts';
import type { FittedStore } from './store-fit.ts';

type Numbers = Pick<FittedStore, 'params' | 'amounts' | 'meanAmount'>;

/** @param daysInForce whole days between the two as-of dates; undefined: leave the one in force */
export function fitPublicationReason(
  inForce: Numbers | null,
  computed: Numbers,
  daysInForce: number,
): PublicationReason | undefined {
  if (!inForce) return 'first';
  if (daysInForce >= PUBLISH_AFTER_DAYS) return 'age';
  const [before, after] = [numbersOf(inForce), numbersOf(computed)];
  const differs =
    before.length !== after.length ||
    before.some((old, i) => Math.abs((after[i] ?? NaN) - old) > PUBLISH_DIFFERENCE * Math.abs(old));
  return differs ? 'changed' : undefined;
}

function numbersOf({ params, amounts, meanAmount }: Numbers): number[] {
  const { r, alpha, a, b } = params;
  return [r, alpha, a, b, ...(amounts ? [amounts.p, amounts.q, amounts.gamma] : []), meanAmount];
}
