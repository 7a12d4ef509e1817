/** The field groups of a customer, stamped alike whatever shape they came in. */
import type { CustomerCore, CustomerFact } from '../facts.ts';
import { stampOf } from '../stamp.ts';
import type { ReadTimes } from './wire.ts';

type Time = Date | string;
type Group<K extends keyof CustomerFact> = NonNullable<CustomerFact[K]>;

export function customerCore(
  content: Omit<CustomerCore, 'stamp' | 'updatedAt'>,
  updatedAt: Time,
  triggeredAt: Time,
): CustomerCore {
  return { ...content, updatedAt: new Date(updatedAt), stamp: stampOf(updatedAt, triggeredAt, content) };
}

export function customerAddress(
  content: Omit<Group<'address'>, 'stamp'>,
  { readAt, startedAt }: ReadTimes,
): Group<'address'> {
  return { ...content, stamp: stampOf(readAt, startedAt, content) };
}

/**
 * An e-mail or SMS consent: upper-case state; null when there is no address of that kind. The API's newer word
 * for SMS (NEVER_SUBSCRIBED) and the webhooks' (NOT_SUBSCRIBED) are one state.
 */
export function consent(word: string | null, { readAt, startedAt }: ReadTimes): Group<'emailConsent'> {
  const state = word === 'NEVER_SUBSCRIBED' ? 'NOT_SUBSCRIBED' : word;
  return { state, stamp: stampOf(readAt, startedAt, { state }) };
}

export function customerTags(tags: readonly string[], { readAt, startedAt }: ReadTimes): Group<'tags'> {
  const sorted = [...tags].sort();
  return { tags: sorted, stamp: stampOf(readAt, startedAt, sorted) };
}

export function shopifyTotals(
  content: Omit<Group<'shopifyTotals'>, 'stamp'>,
  { readAt, startedAt }: ReadTimes,
): Group<'shopifyTotals'> {
  return { ...content, stamp: stampOf(readAt, startedAt, content) };
}
