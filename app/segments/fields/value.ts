/** Who somebody is to the store: value, rhythm, scores, by the published numbers. */
import { sql } from '../../db/sql.ts';
import { SPENT_PERCENTS, type SpentPercent } from '../../value/cut-points.ts';
import type { Field, Scope } from '../field.ts';
import { FROM_ORDERS, FROM_PLACED, history } from './history.ts';

const STEPS_OF_A_SCORE = [1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) }));

const spentAbove = (s: Scope, percent: SpentPercent) =>
  sql`${history.spent(s)}::float8 > ${s.context.cutPoints.spentPercentiles[percent]}::float8`;

const SCORE = {
  type: 'step',
  source: 'score',
  group: 'value',
  fromOrders: false,
  options: STEPS_OF_A_SCORE,
  mayBeMissing: true,
  needsAllOrders: true,
} as const satisfies Partial<Field>;

/** Keys and names: the keys of the presets of the same names. */
const LIFE_CYCLE_GROUPS = [
  ['best-customers', 'Best customers'],
  ['best-slowing', 'Best slowing'],
  ['best-away', 'Best away'],
  ['best-lost', 'Best lost'],
  ['steady-customers', 'Steady customers'],
  ['steady-slowing', 'Steady slowing'],
  ['steady-away', 'Steady away'],
  ['steady-lost', 'Steady lost'],
  ['new', 'New'],
  ['second-order-due', 'Second order due'],
  ['one-order-away', 'One order away'],
  ['one-order-gone', 'One order gone'],
  ['never-bought', 'Never bought'],
  ['returned-everything', 'Returned everything'],
] as const;

const RFM_GROUPS = [
  ['champions', 'Champions'],
  ['loyal', 'Loyal'],
  ['potential-loyalists', 'Potential loyalists'],
  ['new', 'New'],
  ['promising', 'Promising'],
  ['need-attention', 'Need attention'],
  ['about-to-sleep', 'About to sleep'],
  ['cannot-lose-them', 'Cannot lose them'],
  ['at-risk', 'At risk'],
  ['hibernating', 'Hibernating'],
  ['lost', 'Lost'],
  ['prospects', 'Prospects'],
] as const;

/** By recency score, then by the mean of frequency and money scores, rounded up. */
export const RFM_ROWS = {
  5: ['new', 'potential-loyalists', 'potential-loyalists', 'loyal', 'champions'],
  4: ['promising', 'potential-loyalists', 'potential-loyalists', 'loyal', 'champions'],
  3: ['about-to-sleep', 'need-attention', 'need-attention', 'loyal', 'loyal'],
  2: ['hibernating', 'hibernating', 'at-risk', 'at-risk', 'cannot-lose-them'],
  1: ['lost', 'lost', 'at-risk', 'at-risk', 'cannot-lose-them'],
} as const;

/** What those of rows 3 to 5 are called who have been quiet for long: the nearest name below that promises nothing. */
export const RFM_QUIET = [
  'about-to-sleep',
  'need-attention',
  'need-attention',
  'at-risk',
  'cannot-lose-them',
] as const;

export const VALUE_FIELDS = {
  value_class: {
    ...FROM_ORDERS,
    type: 'choice',
    group: 'value',
    label: 'value',
    help: 'Best: spent more than four in five buyers. Steady: other buyers with two or more orders. One order: the rest of the buyers.',
    example: 'value is best',
    options: [
      { value: 'best', label: 'best' },
      { value: 'steady', label: 'steady' },
      { value: 'one_order', label: 'one order' },
      { value: 'no_order', label: 'no counted order' },
    ],
    mayBeMissing: false,
    basedOn: ['orders', 'spent'],
    value: (s) =>
      sql`(CASE WHEN ${history.orders(s)} = 0 THEN 'no_order' WHEN ${spentAbove(s, 80)} THEN 'best'
        WHEN ${history.orders(s)} > 1 THEN 'steady' ELSE 'one_order' END)`,
  },
  rhythm: {
    ...FROM_PLACED,
    type: 'choice',
    group: 'value',
    label: 'rhythm',
    help: 'How long the customer has been quiet, against the gaps between orders that are usual in this store. Customers who never ordered have none.',
    example: 'rhythm is slowing',
    options: [
      { value: 'active', label: 'active' },
      { value: 'slowing', label: 'slowing' },
      { value: 'away', label: 'away' },
      { value: 'gone', label: 'gone' },
    ],
    mayBeMissing: true,
    basedOn: ['days_since_last_activity'],
    value: (s) => {
      const [active, slowing, away] = s.context.cutPoints.rhythmDays;
      const on = history.lastActivityOn(s);
      const days = sql`(${s.context.today}::date - ${on})`;
      return sql`(CASE WHEN ${on} IS NULL THEN NULL
        WHEN ${days} <= ${active}::float8 THEN 'active' WHEN ${days} <= ${slowing}::float8 THEN 'slowing'
        WHEN ${days} <= ${away}::float8 THEN 'away' ELSE 'gone' END)`;
    },
    flips: (s) => [
      { from: history.lastActivityOn(s), offsets: rhythmOffsets(s.context.cutPoints.rhythmDays) },
    ],
  },
  life_cycle_group: {
    ...FROM_PLACED,
    type: 'choice',
    group: 'value',
    label: 'group of the life-cycle map',
    help: 'Value by rhythm: every customer is in exactly one of the fourteen groups.',
    example: 'group of the life-cycle map is Best slowing',
    options: LIFE_CYCLE_GROUPS.map(([value, label]) => ({ value, label })),
    mayBeMissing: false,
    basedOn: ['orders', 'spent', 'days_since_last_activity'],
    value: (s) => {
      const on = history.lastActivityOn(s);
      const [active, slowing, away] = s.context.cutPoints.rhythmDays;
      const days = sql`(${s.context.today}::date - ${on})`;
      const by = (...keys: string[]) => sql`(CASE WHEN ${days} <= ${active}::float8 THEN ${keys[0]}
        WHEN ${days} <= ${slowing}::float8 THEN ${keys[1]} WHEN ${days} <= ${away}::float8 THEN ${keys[2]} ELSE ${keys[3]} END)`;
      return sql`(CASE WHEN ${history.orders(s)} = 0
          THEN CASE WHEN ${history.fullyRefunded(s)} > 0 THEN 'returned-everything' ELSE 'never-bought' END
        WHEN ${spentAbove(s, 80)} THEN ${by('best-customers', 'best-slowing', 'best-away', 'best-lost')}
        WHEN ${history.orders(s)} > 1 THEN ${by('steady-customers', 'steady-slowing', 'steady-away', 'steady-lost')}
        ELSE ${by('new', 'second-order-due', 'one-order-away', 'one-order-gone')} END)`;
    },
    flips: (s) => [
      { from: history.lastActivityOn(s), offsets: rhythmOffsets(s.context.cutPoints.rhythmDays) },
    ],
  },
  rfm_group: {
    type: 'choice',
    source: 'score',
    group: 'value',
    fromOrders: false,
    label: 'RFM group',
    help: 'The classic groups by recency, frequency and money scores. Groups whose names promise activity also ask for a rhythm of active or slowing: others get the nearest lower name. Customers without a counted order are prospects.',
    example: 'RFM group is champions',
    options: RFM_GROUPS.map(([value, label]) => ({ value, label })),
    mayBeMissing: true,
    needsAllOrders: true,
    basedOn: ['r', 'f', 'm', 'days_since_last_activity'],
    value: (s) => {
      const [, slowing] = s.context.cutPoints.rhythmDays;
      const isActive = sql`(${s.context.today}::date - p.last_activity_on) <= ${slowing}::float8`;
      const fm = sql`((s.f + s.m + 1) / 2)`;
      const row = (names: readonly string[]) =>
        sql`(CASE ${fm} WHEN 1 THEN ${names[0]} WHEN 2 THEN ${names[1]} WHEN 3 THEN ${names[2]}
          WHEN 4 THEN ${names[3]} ELSE ${names[4]} END)`;
      return sql`(CASE WHEN p.orders = 0 THEN 'prospects' WHEN s.r IS NULL THEN NULL
        WHEN s.r = 1 THEN ${row(RFM_ROWS[1])} WHEN s.r = 2 THEN ${row(RFM_ROWS[2])}
        WHEN NOT ${isActive} THEN ${row(RFM_QUIET)}
        WHEN s.r = 3 THEN ${row(RFM_ROWS[3])} WHEN s.r = 4 THEN ${row(RFM_ROWS[4])} ELSE ${row(RFM_ROWS[5])} END)`;
    },
    flips: (s) => [{ from: sql`p.last_activity_on`, offsets: rhythmOffsets(s.context.cutPoints.rhythmDays) }],
  },
  spends_more_than_percent_of_customers: {
    ...FROM_ORDERS,
    type: 'step',
    group: 'value',
    label: 'spends more than x % of customers',
    unit: '%',
    help: 'Compared with all buyers, at the published percentiles. People tied at the edge are left out, so the top 10 % never hold more than one buyer in ten (rounded up to a whole person).',
    example: 'spends more than 90 % of customers',
    options: [0, ...SPENT_PERCENTS].map((value) => ({ value, label: `${value} %` })),
    mayBeMissing: false,
    basedOn: ['spent'],
    value: (s) => sql`(CASE WHEN ${history.orders(s)} = 0 THEN 0 WHEN ${spentAbove(s, 99)} THEN 99
      WHEN ${spentAbove(s, 95)} THEN 95 WHEN ${spentAbove(s, 90)} THEN 90
      WHEN ${spentAbove(s, 80)} THEN 80 WHEN ${spentAbove(s, 75)} THEN 75 ELSE 0 END)`,
  },
  r: {
    ...SCORE,
    label: 'recency score',
    help: '5: among the fifth of buyers whose last order was most recent when the cut points were published; 1: the longest ago. Buyers only.',
    example: 'recency score is at least 4',
    value: () => sql`s.r`,
  },
  f: {
    ...SCORE,
    label: 'frequency score',
    help: '5: among the buyers with the most orders; 1: with the fewest. Equal numbers score equal. Buyers only.',
    example: 'frequency score is at least 4',
    value: () => sql`s.f`,
  },
  m: {
    ...SCORE,
    label: 'money score',
    help: '5: among the buyers who spent the most; 1: the least. Equal amounts score equal. Buyers only.',
    example: 'money score is 5',
    value: () => sql`s.m`,
  },
} as const satisfies Record<string, Field>;

/** The rhythm changes on the day after its (fractional) bounds. */
export function rhythmOffsets(rhythmDays: readonly number[]): number[] {
  return rhythmDays.map((bound) => Math.floor(bound) + 1);
}
