/** When: dates of orders, days since them, the usual gap, the anniversary. All in the shop's local dates. */
import { sql, type Sql } from '../../db/sql.ts';
import { addDays } from '../../local-date.ts';
import { dateOffsets, flipOffsets, untilOffsets } from '../flip-offsets.ts';
import type { Field, Scope } from '../field.ts';
import type { ParamValues } from '../param.ts';
import { FROM_ORDERS, FROM_PLACED, history } from './history.ts';

/** A date of a customer, in SQL. */
type DateOf = (s: Scope, params: ParamValues) => Sql;

/** Days from `date` to today. */
const since = (s: Scope, date: Sql) => sql`(${s.context.today}::date - ${date})`;

/** A date that the operators which count from today can flip. */
export const dateField = (date: DateOf) =>
  ({
    type: 'date',
    mayBeMissing: true,
    value: (s, params) => date(s, params),
    flips: (s, params, asked) => {
      const offsets = dateOffsets(asked);
      return offsets.length === 0 ? [] : [{ from: date(s, params), offsets }];
    },
  }) as const satisfies Partial<Field>;

export const daysSince = (date: DateOf) =>
  ({
    type: 'days',
    unit: 'days',
    mayBeMissing: true,
    value: (s, params) => since(s, date(s, params)),
    flips: (s, params, asked) => [{ from: date(s, params), offsets: flipOffsets(asked) }],
  }) as const satisfies Partial<Field>;

/**
 * The next anniversary of a date, today included; the date itself is none. 29 February is kept on the 28th in years
 * without it, which is what adding years means to PostgreSQL.
 */
export function nextAnniversary(s: Scope, date: Sql): Sql {
  const today = sql`${s.context.today}::date`;
  const years = sql`greatest(1, (extract(year FROM ${today}) - extract(year FROM ${date}))::int)`;
  const inYears = (n: Sql) => sql`(${date} + make_interval(years => ${n}))::date`;
  return sql`(CASE WHEN ${inYears(years)} >= ${today} THEN ${inYears(years)} ELSE ${inYears(sql`${years} + 1`)} END)`;
}

/** The next anniversary after today. */
export function anniversaryAfterToday(s: Scope, date: Sql): Sql {
  const tomorrow = addDays(s.context.today, 1);
  return nextAnniversary({ ...s, context: { ...s.context, today: tomorrow } }, date);
}

/** Whole years from `date` to today: one more on each anniversary. */
export function wholeYears(s: Scope, date: Sql): Sql {
  const today = sql`${s.context.today}::date`;
  const years = sql`(extract(year FROM ${today}) - extract(year FROM ${date}))::int`;
  return sql`(CASE WHEN ${date} IS NULL THEN NULL ELSE greatest(0, ${years} - CASE
    WHEN (${date} + make_interval(years => ${years}))::date > ${today} THEN 1 ELSE 0 END) END)`;
}

export const daysToAnniversary = (date: DateOf) =>
  ({
    type: 'days',
    unit: 'days',
    mayBeMissing: true,
    value: (s, params) => sql`(${nextAnniversary(s, date(s, params))} - ${s.context.today}::date)`,
    flips: (s, params, asked) => [
      { from: nextAnniversary(s, date(s, params)), offsets: untilOffsets(asked) },
    ],
  }) as const satisfies Partial<Field>;

const first = (s: Scope) => history.firstOn(s);
const last = (s: Scope) => history.lastOn(s);
const active = (s: Scope) => history.lastActivityOn(s);

export const TIME_FIELDS = {
  first_order_on: {
    ...FROM_ORDERS,
    ...dateField(first),
    group: 'time',
    label: 'first order',
    help: 'The day of the first order that counts, in the time zone of the shop.',
    example: 'first order was before 2026-01-01',
    needsAllOrders: true,
  },
  last_order_on: {
    ...FROM_ORDERS,
    ...dateField(last),
    group: 'time',
    label: 'last order',
    help: 'The day of the last order that counts, in the time zone of the shop.',
    example: 'last order was after 2026-01-01',
  },
  days_since_first_order: {
    ...FROM_ORDERS,
    ...daysSince(first),
    group: 'time',
    label: 'days since first order',
    help: 'Days since the first order that counts; 0 on the same day. Never true of customers without one.',
    example: 'days since first order is at most 30',
    needsAllOrders: true,
  },
  days_since_last_order: {
    ...FROM_ORDERS,
    ...daysSince(last),
    group: 'time',
    label: 'days since last order',
    help: 'Days since the last order that counts; 0 on the same day. Never true of customers without one.',
    example: 'days since last order is at least 60',
  },
  days_since_last_activity: {
    ...FROM_PLACED,
    ...daysSince(active),
    group: 'time',
    label: 'days since last activity',
    help: 'Days since the customer last placed an order, paid or not, later returned or not; cancelled ones left aside. Never true of customers who never ordered.',
    example: 'days since last activity is between 30 and 59',
  },
  days_between_orders: {
    ...FROM_ORDERS,
    type: 'decimal',
    group: 'time',
    label: 'days between orders',
    unit: 'days',
    help: 'The average gap: days from the first to the last order that counts, divided by the number of gaps. Customers with fewer than two orders have none.',
    example: 'days between orders is at most 30',
    mayBeMissing: true,
    needsAllOrders: true,
    value: (s) =>
      sql`(CASE WHEN ${history.orders(s)} > 1 THEN (${last(s)} - ${first(s)}) / (${history.orders(s)} - 1)::numeric END)`,
  },
  first_order_anniversary_in: {
    ...FROM_ORDERS,
    ...daysToAnniversary(first),
    group: 'time',
    label: 'days to the anniversary of the first order',
    help: 'Days until the first order that counts is one more year old; 0 on the day itself. An order of 29 February is remembered on the 28th in other years.',
    example: 'days to the anniversary of the first order is at most 7',
    needsAllOrders: true,
  },
  customer_since: {
    source: 'customer',
    fromOrders: false,
    ...dateField(({ context }) => sql`(c.created_at AT TIME ZONE ${context.timeZone})::date`),
    group: 'time',
    label: 'customer since',
    help: 'The day on which Shopify first knew this customer.',
    example: 'customer since is after 2026-01-01',
  },
} as const satisfies Record<string, Field>;
