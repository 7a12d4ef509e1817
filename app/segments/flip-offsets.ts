/** After how many days a condition on a count of days, or on a date, can change its answer. */
import { assertNever } from '../app-error.ts';
import type { Asked } from './field.ts';

/** Days after the date that is counted from on which a condition on the days since can flip, ascending. */
export function flipOffsets({ op, value }: Asked): number[] {
  const [from, to = from] = (Array.isArray(value) ? value : [value]) as number[];
  if (from === undefined || to === undefined) return [];
  switch (op) {
    case 'lt':
    case 'gte':
      return [from];
    case 'lte':
    case 'gt':
      return [from + 1];
    case 'eq':
    case 'neq':
    case 'between':
      return [from, to + 1];
    case 'is_set':
    case 'is_not_set':
      return [];
    case 'in':
    case 'not_in':
    case 'before':
    case 'after':
    case 'in_last_days':
    case 'not_in_last_days':
    case 'more_than_days_ago':
    case 'in_next_days':
    case 'contains':
    case 'not_contains':
    case 'starts_with':
    case 'has_any':
    case 'has_all':
    case 'has_none':
      throw new TypeError('not an operator of a count of days');
    default:
      return assertNever(op);
  }
}

/** Days after a date on which a condition on the date itself can flip. */
export function dateOffsets({ op, value }: Asked): number[] {
  switch (op) {
    case 'in_last_days':
    case 'not_in_last_days':
      return [0, Number(value) + 1];
    case 'more_than_days_ago':
      return [Number(value) + 1];
    case 'in_next_days':
      return [-Number(value), 1];
    default:
      return [];
  }
}

/**
 * Days before and after the next anniversary on which a condition on the days until it can flip. The day after it the
 * count begins anew, whatever was asked.
 */
export function untilOffsets({ value }: Asked): number[] {
  const bounds = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'number');
  return [...bounds.flatMap((bound) => [-bound, 1 - bound]), 1];
}
