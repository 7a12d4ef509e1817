/** What the ideas of all families are written with: conditions in few words, and names with something of the store. */
import type { Preset } from './presets.ts';
import type { Condition, Rule, RuleNode } from './rule.ts';
import { NAME_LIMITS, keyFromName } from './segment-names.ts';

/** An idea of one family; a text instead of the rule says why there is none. */
export type Take = Omit<Preset, 'rule'> & { rule: Rule | string };

export const all = (...conditions: RuleNode[]): Rule => ({ v: 1, where: { all: conditions } });
export const atLeast = (field: Condition['field'], value: number): Condition => ({ field, op: 'gte', value });
/** As with the top x %: people tied at the percentile are left out. */
export const moreThan = (field: Condition['field'], value: number): Condition => ({ field, op: 'gt', value });
export const between = (field: Condition['field'], from: number, to: number): Condition => ({
  field,
  op: 'between',
  value: [from, to],
});
export const is = (field: Condition['field'], value: string | number | boolean): Condition => ({
  field,
  op: 'eq',
  value,
});
export const bought = (what: NonNullable<Condition['with']>['what'], value = true): Condition => ({
  field: 'bought',
  with: { what },
  op: 'eq',
  value,
});
export const REPEAT = atLeast('orders', 2);
export const BEST: Condition = { field: 'spends_more_than_percent_of_customers', op: 'gte', value: 80 };

/** Key and name with something of the store in them, within the limits of both. */
export function named(kind: string, name: string): { key: string; name: string } {
  const short = [...name].slice(0, NAME_LIMITS.name).join('').trim();
  const key = keyFromName(
    `${kind} ${short.replace(/^(Bought|Fans of|Early buyers of|Buys|Customers in) /, '')}`,
  );
  return { key, name: short };
}
