/** Forty rules, fifteen of them hard: windows of many lengths with and without a wait, products, tags, channels. */
import { DEFAULT_ORDER_POLICY } from '../../app/history/order-policy.ts';
import type { RuleContext } from '../../app/segments/field.ts';
import { PRESETS } from '../../app/segments/presets.ts';
import type { Condition, Rule } from '../../app/segments/rule.ts';
import { noCutPoints } from '../../app/value/cut-points.ts';
import { STORE } from './simulate.ts';

export const context: RuleContext = {
  today: STORE.today,
  timeZone: STORE.timeZone,
  currency: STORE.currency,
  policy: DEFAULT_ORDER_POLICY,
  salt: 'benchmark',
  cutPoints: {
    ...noCutPoints(STORE.today),
    version: 1,
    rhythmDays: [91, 196, 392],
    spentPercentiles: { 75: 30_000, 80: 31_000, 90: 34_000, 95: 36_000, 99: 40_000 },
  },
};

const one = (where: Rule['where'], countAfterDays?: number): Rule => ({
  v: 1,
  where,
  ...(countAfterDays === undefined ? {} : { countAfterDays }),
});
const window = (lastDays: number): Condition => ({
  field: 'spent_in',
  with: { lastDays },
  op: 'gte',
  value: 10_000,
});

export const rules: Rule[] = [
  ...PRESETS.slice(0, 25).map(({ rule }) => rule),
  ...[30, 90, 180, 365].map((lastDays) => one(window(lastDays))),
  ...[90, 365].map((lastDays) => one({ field: 'orders_in', with: { lastDays }, op: 'gte', value: 2 }, 14)),
  one({ field: 'orders_in', with: { beforeDays: 365 }, op: 'gte', value: 1 }),
  one({ field: 'share_at_discount', op: 'gte', value: 80 }),
  one({ field: 'bought', with: { what: { vendor: ['Vendor 3'] }, lastDays: 365 }, op: 'eq', value: true }),
  one({ field: 'bought_quantity', with: { what: { collection: ['7'] } }, op: 'gte', value: 2 }),
  one({
    all: [
      { field: 'bought', with: { what: { product: ['17'] } }, op: 'eq', value: true },
      { field: 'bought', with: { what: { product: ['18'] } }, op: 'eq', value: false },
    ],
  }),
  one({ field: 'customer_tags', op: 'has_any', value: ['wholesale', 'loyal-1'] }),
  one({
    all: [
      { field: 'email_consent', op: 'eq', value: 'SUBSCRIBED' },
      { field: 'country', op: 'in', value: ['DE', 'AT'] },
      { field: 'days_since_last_order', op: 'lte', value: 180 },
    ],
  }),
  one({ field: 'order_tags', with: { lastDays: 365 }, op: 'has_any', value: ['gift'] }),
  one({ field: 'channels', op: 'has_any', value: ['pos'] }),
];

export const fiveConditions: Rule = one({
  all: [
    { field: 'orders', op: 'gte', value: 2 },
    { field: 'spent', op: 'gte', value: 10_000 },
    { field: 'days_since_last_order', op: 'between', value: [10, 300] },
    { field: 'biggest_order', op: 'gte', value: 9_000 },
    { any: [{ field: 'value_class', op: 'eq', value: 'best' }] },
  ],
});
