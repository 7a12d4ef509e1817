import { fieldOf } from './fields.ts';
import { conditionsOf, type Rule } from './rule.ts';

/** Whether a rule asks for anything that only a fit of the value models can answer. */
export function usesPredictions(rule: Rule): boolean {
  return conditionsOf(rule.where).some(({ field }) => fieldOf(field).source === 'prediction');
}
