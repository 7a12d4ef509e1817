/**
 * The segments that every shop starts with, as drafts, written in the rule language. Thresholds come from the
 * store's own published numbers, so none of them holds a figure of ours but the win-back bands.
 *
 * Life-cycle map: value (best, steady, one order) by rhythm (active, slowing, away, gone), and two groups of
 * customers without a counted order: every customer who is not left out is in exactly one of the fourteen.
 */
import type { Condition, Rule } from './rule.ts';

export type PresetFamily = 'life-cycle' | 'orders' | 'value' | 'win-back';

export interface Preset {
  /** Also the tag, after the shop's prefix. */
  key: string;
  name: string;
  family: PresetFamily;
  rule: Rule;
}

export const FAMILY_NAMES: Readonly<Record<PresetFamily, string>> = {
  'life-cycle': 'Life-cycle map',
  orders: 'Orders',
  value: 'Value',
  'win-back': 'Win-back',
};

const is = (field: Condition['field'], value: string | boolean | number): Condition => ({
  field,
  op: 'eq',
  value,
});
const all = (...conditions: Condition[]): Rule => ({ v: 1, where: { all: conditions } });

const lifeCycle = (key: string, name: string, value: string, rhythm: string): Preset => ({
  key,
  name,
  family: 'life-cycle',
  rule: all(is('value_class', value), is('rhythm', rhythm)),
});

const withoutOrder = (key: string, name: string, refunded: boolean): Preset => ({
  key,
  name,
  family: 'life-cycle',
  rule: all(is('value_class', 'no_order'), is('has_fully_refunded_order', refunded)),
});

const top = (percent: 1 | 5 | 10 | 25): Preset => ({
  key: `top-${percent}-percent`,
  name: `Top ${percent} %`,
  family: 'value',
  rule: all({ field: 'spends_more_than_percent_of_customers', op: 'gte', value: 100 - percent }),
});

const winBack = (from: number, to?: number): Preset => ({
  key: to === undefined ? `win-back-${from}` : `win-back-${from}-${to}`,
  name: to === undefined ? `Win-back ${from}+ days` : `Win-back ${from}-${to} days`,
  family: 'win-back',
  rule: all(
    to === undefined
      ? { field: 'days_since_last_activity', op: 'gte', value: from }
      : { field: 'days_since_last_activity', op: 'between', value: [from, to] },
  ),
});

export const PRESETS: readonly Preset[] = [
  lifeCycle('best-customers', 'Best customers', 'best', 'active'),
  lifeCycle('best-slowing', 'Best slowing', 'best', 'slowing'),
  lifeCycle('best-away', 'Best away', 'best', 'away'),
  lifeCycle('best-lost', 'Best lost', 'best', 'gone'),
  lifeCycle('steady-customers', 'Steady customers', 'steady', 'active'),
  lifeCycle('steady-slowing', 'Steady slowing', 'steady', 'slowing'),
  lifeCycle('steady-away', 'Steady away', 'steady', 'away'),
  lifeCycle('steady-lost', 'Steady lost', 'steady', 'gone'),
  lifeCycle('new', 'New', 'one_order', 'active'),
  lifeCycle('second-order-due', 'Second order due', 'one_order', 'slowing'),
  lifeCycle('one-order-away', 'One order away', 'one_order', 'away'),
  lifeCycle('one-order-gone', 'One order gone', 'one_order', 'gone'),
  withoutOrder('never-bought', 'Never bought', false),
  withoutOrder('returned-everything', 'Returned everything', true),
  { key: 'one-time-buyers', name: 'One-time buyers', family: 'orders', rule: all(is('orders', 1)) },
  {
    key: 'repeat-buyers',
    name: 'Repeat buyers',
    family: 'orders',
    rule: all({ field: 'orders', op: 'gte', value: 2 }),
  },
  top(1),
  top(5),
  top(10),
  top(25),
  winBack(30, 59),
  winBack(60, 89),
  winBack(90, 179),
  winBack(180, 364),
  winBack(365),
];

export const PRESET_KEYS: readonly string[] = PRESETS.map((preset) => preset.key);
