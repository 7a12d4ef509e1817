/**
 * Why a tag could not be written, in a closed set. Shopify's userErrors carry no code, so they are told apart
 * by their recorded texts; a text that is new to us is kept as `refused` and shown as Shopify said it.
 */
export type WriteFailure =
  | { kind: 'too_many_tags' }
  | { kind: 'too_long' }
  | { kind: 'comma' }
  | { kind: 'blank' }
  | { kind: 'customer_gone' }
  | { kind: 'not_confirmed' }
  | { kind: 'refused'; said: string };

/** What an answer says about one customer's write. */
export type WriteAnswer =
  /** Shopify answered with the customer's tags; `failure` when it also refused. */
  | { kind: 'answered'; tags: string[]; failure: WriteFailure | null }
  /** Refused, or without the customer's tags. */
  | { kind: 'refused'; failure: WriteFailure }
  /** No answer, or none that can be trusted: it may have happened. */
  | { kind: 'unknown'; reason: string };

export interface UserError {
  field?: readonly string[] | null;
  message: string;
}

/** The reason in a payload's userErrors, or null when there are none. */
export function failureOf(errors: readonly UserError[]): WriteFailure | null {
  const first = errors[0];
  if (!first) return null;
  const said = first.message;
  if (/does not exist|not found/i.test(said)) return { kind: 'customer_gone' };
  if (/cannot be more than 250|250 tags or less/i.test(said)) return { kind: 'too_many_tags' };
  if (/too long/i.test(said)) return { kind: 'too_long' };
  return { kind: 'refused', said };
}

const REFUSED = 'refused: ';

/** As it is stored in tag_write.reason: the kind, with Shopify's words where we have none of our own. */
export function failureText(failure: WriteFailure): string {
  return failure.kind === 'refused' ? `${REFUSED}${failure.said.slice(0, 300)}` : failure.kind;
}

/** For a merchant: a reason as it is stored in tag_write.reason or tag_outbox.last_error. */
export function explainFailure(reason: string): string {
  switch (reason) {
    case 'too_many_tags':
      return 'The customer already has 250 tags, which is Shopify’s limit.';
    case 'too_long':
      return 'The tag is longer than 255 characters, which is Shopify’s limit.';
    case 'comma':
      return 'The tag contains a comma, which Shopify would read as two tags.';
    case 'blank':
      return 'The tag is empty.';
    case 'customer_gone':
      return 'The customer no longer exists in Shopify.';
    case 'not_confirmed':
      return 'Shopify did not confirm the change.';
    default:
      if (reason.startsWith(REFUSED)) return `Shopify refused it: ${reason.slice(REFUSED.length)}`;
      if (reason.startsWith('bulk_')) return 'The bulk operation ended before it came to this customer.';
      return 'Shopify gave no answer that can be relied on.';
  }
}
