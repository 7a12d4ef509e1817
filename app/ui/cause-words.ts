import type { Cause } from '../intake/cause.ts';

const WORDS: Record<Cause, string> = {
  order: 'an order',
  refund: 'a refund',
  edit: 'an order was edited',
  merge: 'customers were merged',
  consent: 'consent changed',
  product: 'a product changed',
  clock: 'date',
  activation: 'the segment was turned on',
  rule: 'the rule was changed',
  policy: 'what counts as an order was changed',
  timezone: 'the time zone was changed',
  import: 'import',
  refit: 'your store’s numbers were renewed',
  undo: 'a change was undone',
  manual: 'by hand',
};

/** Why a membership changed, in a merchant's words. */
export function causeWords(cause: string): string {
  return cause in WORDS ? WORDS[cause as Cause] : cause;
}
