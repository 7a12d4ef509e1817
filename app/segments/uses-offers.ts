import { fieldOf } from './fields.ts';
import { conditionsOf, type Rule } from './rule.ts';

/** Whether a rule asks for the offers that a customer was given: then giving one can change the answer. */
export function usesOffers(rule: Rule): boolean {
  return conditionsOf(rule.where).some(({ field }) => fieldOf(field).source === 'offer');
}
