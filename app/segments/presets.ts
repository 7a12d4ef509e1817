/**
 * The segments that every shop starts with, as drafts, written in the rule language. Thresholds come from the
 * store's own published numbers, so none of them holds a figure of ours but the win-back bands.
 *
 * Life-cycle map: value (best, steady, one order) by rhythm (active, slowing, away, gone), and two groups of
 * customers without a counted order: every customer who is not left out is in exactly one of the fourteen.
 */
import type { Condition, Rule } from './rule.ts';

export type PresetFamily =
  | 'life-cycle'
  | 'rfm'
  | 'orders'
  | 'value'
  | 'win-back'
  | 'habits'
  | 'products'
  | 'places'
  | 'consent'
  | 'data';

export interface Preset {
  /** Also the tag, after the shop's prefix. */
  key: string;
  name: string;
  family: PresetFamily;
  rule: Rule;
  /** What to do with it, in plain words. */
  advice: string;
}

export const FAMILY_NAMES: Readonly<Record<PresetFamily, string>> = {
  'life-cycle': 'Life-cycle map',
  rfm: 'Classic RFM',
  orders: 'Orders',
  value: 'Value',
  'win-back': 'Win-back',
  habits: 'Habits',
  products: 'Products',
  places: 'Places',
  consent: 'Consent',
  data: 'Gaps in the data',
};

const is = (field: Condition['field'], value: string | boolean | number): Condition => ({
  field,
  op: 'eq',
  value,
});
const all = (...conditions: Condition[]): Rule => ({ v: 1, where: { all: conditions } });

const lifeCycle = (key: string, name: string, value: string, rhythm: string, advice: string): Preset => ({
  key,
  name,
  family: 'life-cycle',
  rule: all(is('value_class', value), is('rhythm', rhythm)),
  advice,
});

const withoutOrder = (key: string, name: string, refunded: boolean, advice: string): Preset => ({
  key,
  name,
  family: 'life-cycle',
  rule: all(is('value_class', 'no_order'), is('has_fully_refunded_order', refunded)),
  advice,
});

const top = (percent: 1 | 5 | 10 | 25, advice: string): Preset => ({
  key: `top-${percent}-percent`,
  name: `Top ${percent} %`,
  family: 'value',
  rule: all({ field: 'spends_more_than_percent_of_customers', op: 'gte', value: 100 - percent }),
  advice,
});

const winBack = (from: number, to: number | undefined, advice: string): Preset => ({
  key: to === undefined ? `win-back-${from}` : `win-back-${from}-${to}`,
  name: to === undefined ? `Win-back ${from}+ days` : `Win-back ${from}-${to} days`,
  family: 'win-back',
  rule: all(
    to === undefined
      ? { field: 'days_since_last_activity', op: 'gte', value: from }
      : { field: 'days_since_last_activity', op: 'between', value: [from, to] },
  ),
  advice,
});

export const PRESETS: readonly Preset[] = [
  lifeCycle(
    'best-customers',
    'Best customers',
    'best',
    'active',
    'Thank them, show them new things first, and ask them for reviews. They need no discount.',
  ),
  lifeCycle(
    'best-slowing',
    'Best slowing',
    'best',
    'slowing',
    'They are about due: remind them of what they like before they get used to being away.',
  ),
  lifeCycle(
    'best-away',
    'Best away',
    'best',
    'away',
    'Win them back while they still remember you: a personal message or a good offer pays here first.',
  ),
  lifeCycle(
    'best-lost',
    'Best lost',
    'best',
    'gone',
    'One last good offer, or a question why they left. After that, leave them in peace.',
  ),
  lifeCycle(
    'steady-customers',
    'Steady customers',
    'steady',
    'active',
    'Show them what goes with what they have; a threshold for free shipping raises the next order.',
  ),
  lifeCycle(
    'steady-slowing',
    'Steady slowing',
    'steady',
    'slowing',
    'A reminder at the right moment is enough for many of them.',
  ),
  lifeCycle(
    'steady-away',
    'Steady away',
    'steady',
    'away',
    'An offer with an end date brings some of them back.',
  ),
  lifeCycle('steady-lost', 'Steady lost', 'steady', 'gone', 'Write seldom, and only with something new.'),
  lifeCycle(
    'new',
    'New',
    'one_order',
    'active',
    'Welcome them, help them use what they bought, and hold back with discounts.',
  ),
  lifeCycle(
    'second-order-due',
    'Second order due',
    'one_order',
    'slowing',
    'The second order makes a regular: suggest what buyers of their first product bought next.',
  ),
  lifeCycle(
    'one-order-away',
    'One order away',
    'one_order',
    'away',
    'A small offer for the second order; most will not come without one.',
  ),
  lifeCycle(
    'one-order-gone',
    'One order gone',
    'one_order',
    'gone',
    'Do not spend much on them; leave them out of costly campaigns.',
  ),
  withoutOrder(
    'never-bought',
    'Never bought',
    false,
    'Show them best-sellers and what others say about them; a first-order offer can help.',
  ),
  withoutOrder(
    'returned-everything',
    'Returned everything',
    true,
    'Ask what was wrong before you send anything else.',
  ),
  {
    key: 'one-time-buyers',
    name: 'One-time buyers',
    family: 'orders',
    rule: all(is('orders', 1)),
    advice: 'Everything that leads to a second order: thanks, help, and what goes with it.',
  },
  {
    key: 'repeat-buyers',
    name: 'Repeat buyers',
    family: 'orders',
    rule: all({ field: 'orders', op: 'gte', value: 2 }),
    advice:
      'Leave them out of offers for new customers, and use them as a pattern for finding similar people.',
  },
  top(1, 'Know them by name: a letter, a call, a present.'),
  top(5, 'Early access and the best service you have.'),
  top(10, 'A good base for a loyalty programme, and for similar audiences in advertising.'),
  top(25, 'Keep them away from general discounts: they buy without.'),
  winBack(30, 59, 'A friendly reminder without an offer.'),
  winBack(60, 89, 'A reminder with a small offer.'),
  winBack(90, 179, 'The first real win-back offer, with an end date.'),
  winBack(180, 364, 'Your best offer, once.'),
  winBack(365, undefined, 'A last message; then stop writing, which also helps your mail to arrive.'),
];

/** The segments that every shop starts with; what is offered beside them is in presets-ideas.ts and classic-rfm.ts. */
export const PRESET_KEYS: readonly string[] = PRESETS.map((preset) => preset.key);

/** Bands that exclude each other also after somebody has changed one of them: the shorter absence wins. */
export const WIN_BACK_SET = {
  name: 'Win-back bands',
  keys: PRESETS.filter(({ family }) => family === 'win-back').map(({ key }) => key),
} as const;
