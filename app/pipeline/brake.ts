/**
 * The brake: what nobody has just approved and would change the tags of this many customers waits for a person.
 * Only for causes that have had no review: refit, import, time zone, rebuild.
 */
import type { Cause } from '../intake/cause.ts';

export const BRAKE = { share: 0.02, customers: 100 } as const;

/** @param affected customers whose tags would change; @param buyers customers with an order that counts */
export function needsPerson(affected: number, buyers: number): boolean {
  return affected >= BRAKE.customers && affected > BRAKE.share * buyers;
}

/** Whether a computation of the whole shop with this cause goes through the brake at the outbox. */
export function isBraked(cause: Cause): boolean {
  return cause === 'import' || cause === 'timezone' || cause === 'refit';
}
