/** The operators in the words of the editor. */
import type { Field, Operator } from '../../segments/field.ts';

const WORDS: Record<Operator, string> = {
  eq: 'is',
  neq: 'is not',
  lt: 'is less than',
  lte: 'is at most',
  gt: 'is more than',
  gte: 'is at least',
  between: 'is between',
  in: 'is one of',
  not_in: 'is none of',
  before: 'is before',
  after: 'is after',
  is_set: 'is known',
  is_not_set: 'is not known',
  in_last_days: 'is in the last days',
  not_in_last_days: 'is not in the last days',
  more_than_days_ago: 'is more than days ago',
  in_next_days: 'is in the next days',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  has_any: 'has any of',
  has_all: 'has all of',
  has_none: 'has none of',
};

export function operatorWords(op: Operator, { type }: Pick<Field, 'type'>): string {
  if (type === 'date' && op === 'eq') return 'is on';
  return WORDS[op];
}
