/**
 * The fields of the rule language. Money is what the order policy counts as spent, after refunds.
 *
 * Predictions are as of the day of the fit and have no review time, so only what the clock alone cannot change is
 * offered: the day of the expected next order, not the days until it.
 */
import { sql } from '../db/sql.ts';
import { SPENT_PERCENTS, type SpentPercent } from '../value/cut-points.ts';
import { RISKS } from '../value/models/risk.ts';
import { EVENT_DATE, type EventDate, type Field, type RuleContext } from './field.ts';

const STEPS_OF_A_SCORE = [1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) }));

const CONSENT_STATES = [
  { value: 'SUBSCRIBED', label: 'subscribed' },
  { value: 'NOT_SUBSCRIBED', label: 'not subscribed' },
  { value: 'PENDING', label: 'waiting for confirmation' },
  { value: 'UNSUBSCRIBED', label: 'unsubscribed' },
  { value: 'REDACTED', label: 'erased' },
] as const;

const daysSince = (
  event: EventDate,
): Pick<Field, 'value' | 'countsFrom' | 'type' | 'unit' | 'mayBeMissing'> => ({
  type: 'days',
  unit: 'days',
  mayBeMissing: true,
  countsFrom: event,
  value: (context) => sql`(${context.today}::date - ${EVENT_DATE[event]})`,
});

const spentAbove = (context: RuleContext, percent: SpentPercent) =>
  sql`p.spent_minor::float8 > ${context.cutPoints.spentPercentiles[percent]}::float8`;

export const FIELDS = {
  orders: {
    type: 'count',
    source: 'profile',
    label: 'orders',
    unit: 'orders',
    help: 'How many orders of this customer count.',
    example: 'orders is at least 2',
    mayBeMissing: false,
    value: () => sql`p.orders`,
  },
  spent: {
    type: 'money',
    source: 'profile',
    label: 'spent',
    help: 'What this customer paid for orders that count, after refunds, tax and shipping included.',
    example: 'spent is at least 500.00',
    mayBeMissing: false,
    value: () => sql`p.spent_minor`,
  },
  average_order: {
    type: 'money',
    source: 'profile',
    label: 'average order',
    help: 'Spent divided by orders. Customers without a counted order have none.',
    example: 'average order is more than 80.00',
    mayBeMissing: true,
    value: () => sql`(p.spent_minor / nullif(p.orders, 0)::numeric)`,
  },
  biggest_order: {
    type: 'money',
    source: 'profile',
    label: 'biggest order',
    help: 'The most this customer spent in one order, after refunds. Without a counted order there is none.',
    example: 'biggest order is at least 300.00',
    mayBeMissing: true,
    value: () => sql`(CASE WHEN p.orders > 0 THEN p.biggest_order_minor END)`,
  },
  first_order_on: {
    type: 'date',
    source: 'profile',
    label: 'first order',
    help: 'The day of the first order that counts, in the time zone of the shop.',
    example: 'first order was before 2026-01-01',
    mayBeMissing: true,
    value: () => sql`p.first_order_on`,
  },
  last_order_on: {
    type: 'date',
    source: 'profile',
    label: 'last order',
    help: 'The day of the last order that counts, in the time zone of the shop.',
    example: 'last order was after 2026-01-01',
    mayBeMissing: true,
    value: () => sql`p.last_order_on`,
  },
  days_since_first_order: {
    ...daysSince('first_order_on'),
    source: 'profile',
    label: 'days since first order',
    help: 'Days since the first order that counts; 0 on the same day. Never true of customers without one.',
    example: 'days since first order is at most 30',
  },
  days_since_last_order: {
    ...daysSince('last_order_on'),
    source: 'profile',
    label: 'days since last order',
    help: 'Days since the last order that counts; 0 on the same day. Never true of customers without one.',
    example: 'days since last order is at least 60',
  },
  days_since_last_activity: {
    ...daysSince('last_activity_on'),
    source: 'profile',
    label: 'days since last activity',
    help: 'Days since the customer last placed an order, paid or not, later returned or not; cancelled ones left aside. Never true of customers who never ordered.',
    example: 'days since last activity is between 30 and 59',
  },
  customer_since: {
    type: 'date',
    source: 'customer',
    label: 'customer since',
    help: 'The day on which Shopify first knew this customer.',
    example: 'customer since is after 2026-01-01',
    mayBeMissing: true,
    value: ({ timeZone }) => sql`(c.created_at AT TIME ZONE ${timeZone})::date`,
  },
  value_class: {
    type: 'choice',
    source: 'profile',
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
    value: (
      context,
    ) => sql`(CASE WHEN p.orders = 0 THEN 'no_order' WHEN ${spentAbove(context, 80)} THEN 'best'
      WHEN p.orders > 1 THEN 'steady' ELSE 'one_order' END)`,
  },
  rhythm: {
    type: 'choice',
    source: 'profile',
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
    countsFrom: 'last_activity_on',
    value: ({ today, cutPoints: { rhythmDays } }) => {
      const days = sql`(${today}::date - p.last_activity_on)`;
      return sql`(CASE WHEN p.last_activity_on IS NULL THEN NULL
        WHEN ${days} <= ${rhythmDays[0]}::float8 THEN 'active'
        WHEN ${days} <= ${rhythmDays[1]}::float8 THEN 'slowing'
        WHEN ${days} <= ${rhythmDays[2]}::float8 THEN 'away' ELSE 'gone' END)`;
    },
  },
  has_fully_refunded_order: {
    type: 'yes_no',
    source: 'profile',
    label: 'has a fully refunded order',
    help: 'Whether the money of at least one order went back in full. Cancelled orders are not meant.',
    example: 'an order was fully refunded',
    says: { yes: 'an order was fully refunded', no: 'no order was fully refunded' },
    mayBeMissing: false,
    value: () => sql`(p.fully_refunded_orders > 0)`,
  },
  r: {
    type: 'step',
    source: 'score',
    label: 'recency score',
    help: '5: among the fifth of buyers whose last order was most recent when the cut points were published; 1: the longest ago. Buyers only.',
    example: 'recency score is at least 4',
    options: STEPS_OF_A_SCORE,
    mayBeMissing: true,
    value: () => sql`s.r`,
  },
  f: {
    type: 'step',
    source: 'score',
    label: 'frequency score',
    help: '5: among the buyers with the most orders; 1: with the fewest. Equal numbers score equal. Buyers only.',
    example: 'frequency score is at least 4',
    options: STEPS_OF_A_SCORE,
    mayBeMissing: true,
    value: () => sql`s.f`,
  },
  m: {
    type: 'step',
    source: 'score',
    label: 'money score',
    help: '5: among the buyers who spent the most; 1: the least. Equal amounts score equal. Buyers only.',
    example: 'money score is 5',
    options: STEPS_OF_A_SCORE,
    mayBeMissing: true,
    value: () => sql`s.m`,
  },
  spends_more_than_percent_of_customers: {
    type: 'step',
    source: 'profile',
    label: 'spends more than x % of customers',
    unit: '%',
    help: 'Compared with all buyers, at the published percentiles. People tied at the edge are left out, so the top 10 % never hold more than one buyer in ten (rounded up to a whole person).',
    example: 'spends more than 90 % of customers',
    options: [0, ...SPENT_PERCENTS].map((value) => ({ value, label: `${value} %` })),
    mayBeMissing: false,
    basedOn: ['spent'],
    value: (context) => sql`(CASE WHEN p.orders = 0 THEN 0 WHEN ${spentAbove(context, 99)} THEN 99
      WHEN ${spentAbove(context, 95)} THEN 95 WHEN ${spentAbove(context, 90)} THEN 90
      WHEN ${spentAbove(context, 80)} THEN 80 WHEN ${spentAbove(context, 75)} THEN 75 ELSE 0 END)`,
  },
  still_a_customer_chance: {
    type: 'percent',
    source: 'prediction',
    label: 'still a customer (chance)',
    unit: '%',
    help: 'How likely this customer is to order again at all, in whole percent rounded down, as of the day of the fit. Never true of customers without a prediction.',
    example: 'still a customer (chance) is at least 80 %',
    mayBeMissing: true,
    value: () => sql`floor(f.alive * 100)::int`,
  },
  predicted_orders_12_months: {
    type: 'decimal',
    source: 'prediction',
    label: 'orders expected (next 12 months)',
    help: 'Days with an order to expect in the 365 days after the fit: the mean of customers with the same history, so 0.2 means one in five orders once. Never true of customers without a prediction.',
    example: 'orders expected (next 12 months) is at least 1.5',
    mayBeMissing: true,
    value: () => sql`round(f.expected_orders::numeric, 2)`,
  },
  predicted_value_12_months: {
    type: 'money',
    source: 'prediction',
    label: 'spend expected (next 12 months)',
    help: 'Orders expected in the 365 days after the fit, times what an order of this customer is likely to be worth. Never true of customers without a prediction.',
    example: 'spend expected (next 12 months) is at least 200.00',
    mayBeMissing: true,
    value: () => sql`f.expected_value_minor`,
  },
  risk_of_losing: {
    type: 'choice',
    source: 'prediction',
    label: 'risk of losing them',
    help: 'The chance of being a customer still, in words: low from 80 %, medium from 50 %, high below. Never true of customers without a prediction.',
    example: 'risk of losing them is high',
    options: RISKS.map((risk) => ({ value: risk, label: risk })),
    mayBeMissing: true,
    basedOn: ['still_a_customer_chance'],
    value: () => sql`f.risk`,
  },
  expected_next_order_on: {
    type: 'date',
    source: 'prediction',
    label: 'expected next order',
    help: 'The day by which half of the customers with the same history have ordered again, if they do, seen from the day of the fit. Never true of customers without a prediction, or when it is more than ten years off.',
    example: 'expected next order is before 2027-01-01',
    mayBeMissing: true,
    value: () => sql`f.next_order_on`,
  },
  country: {
    type: 'choice',
    source: 'customer',
    label: 'country',
    help: 'The country of the default address, as a two-letter code.',
    example: 'country is DE',
    pattern: /^[A-Z]{2}$/,
    mayBeMissing: true,
    value: () => sql`c.country_code`,
  },
  email_consent: {
    type: 'choice',
    source: 'customer',
    label: 'e-mail consent',
    help: 'Whether the customer agreed to marketing by e-mail. Customers without an address have none.',
    example: 'e-mail consent is subscribed',
    options: [...CONSENT_STATES, { value: 'INVALID', label: 'address invalid' }],
    mayBeMissing: true,
    value: () => sql`c.email_consent`,
  },
  sms_consent: {
    type: 'choice',
    source: 'customer',
    label: 'SMS consent',
    help: 'Whether the customer agreed to marketing by SMS. Customers without a phone number have none.',
    example: 'SMS consent is subscribed',
    options: CONSENT_STATES,
    mayBeMissing: true,
    value: () => sql`c.sms_consent`,
  },
} as const satisfies Record<string, Field>;

export type FieldKey = keyof typeof FIELDS;

export const FIELD_KEYS = Object.keys(FIELDS) as FieldKey[];

export function fieldOf(key: FieldKey): Field {
  return FIELDS[key];
}

export function isFieldKey(key: unknown): key is FieldKey {
  return typeof key === 'string' && Object.hasOwn(FIELDS, key);
}
