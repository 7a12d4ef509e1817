/**
 * Values out of the purchase history, with and without a wait. Without one they lie in the profile, and orders are
 * not read; with one they are computed from the orders that are old enough. Windows are always computed from orders.
 */
import { join, raw, sql, type Sql } from '../../db/sql.ts';
import type { Field, Flip, Pass, Scope } from '../field.ts';
import type { Param, ParamName, ParamValues } from '../param.ts';

/** Days from the local date of the row's order to today; negative for a date to come. */
const ageIn = (pass: Pass, { context }: Scope): Sql =>
  pass.row(sql`(${context.today}::date - (o.processed_at AT TIME ZONE ${context.timeZone})::date)`);

/**
 * Whether the local date of an instant is this one or a later one: one comparison with the first instant of the date,
 * which PostgreSQL works out once a statement (all of it is constant), instead of the time zone a row. Where clocks go
 * back over midnight the local date does too, so that no instant parts the days: there the row's own date is asked.
 */
export function isOnOrAfter(instant: Sql, date: Sql, { context: { timeZone } }: Scope): Sql {
  const midnight = sql`(${date})::timestamp`;
  const at = sql`(${midnight} AT TIME ZONE ${timeZone})`;
  const later = (than: Sql, interval: Sql) =>
    sql`((${than} AT TIME ZONE 'UTC' + ${interval}) AT TIME ZONE 'UTC')`;
  const hourBefore = later(at, sql`interval '-1 hour'`);
  const local = (one: Sql) => sql`(${one} AT TIME ZONE ${timeZone})`;
  const first = sql`(CASE WHEN ${local(hourBefore)} >= ${midnight} THEN ${hourBefore} ELSE ${at} END)`;
  const parts = sql`(${local(later(first, sql`interval '30 minutes'`))} >= ${midnight})`;
  return sql`(CASE WHEN ${parts} THEN ${instant} >= ${first} ELSE ${local(instant)}::date >= ${date} END)`;
}

const daysAgo = ({ context }: Scope, days: number): Sql => sql`(${context.today}::date - ${days}::int)`;

/** When the row's order was placed; null for a date to come. */
const placedIn = (pass: Pass, s: Scope): Sql =>
  pass.row(
    sql`(CASE WHEN NOT ${isOnOrAfter(sql`o.processed_at`, daysAgo(s, -1), s)} THEN o.processed_at END)`,
  );

/** Whether the row's order is at least so many days old. */
const isAged = (pass: Pass, s: Scope, days: number): Sql =>
  days === 0
    ? sql`${placedIn(pass, s)} IS NOT NULL`
    : sql`NOT ${isOnOrAfter(placedIn(pass, s), daysAgo(s, days - 1), s)}`;

const dayIn = (pass: Pass, { context }: Scope): Sql =>
  pass.row(sql`(o.processed_at AT TIME ZONE ${context.timeZone})::date`);

export const spentOfOrder = (s: Scope): Sql => s.orders.row(s.order.spentMinor);

/** Whether the order of a row has waited long enough. */
export const waited = (pass: Pass, s: Scope): Sql => (s.wait === 0 ? sql`true` : isAged(pass, s, s.wait));

/** What a profile knows, as of the wait. */
export const history = {
  orders: (s: Scope): Sql =>
    s.wait === 0
      ? sql`p.orders`
      : sql`coalesce(${s.orders.aggregate(sql`count(*) FILTER (WHERE ${waited(s.orders, s)})::int`)}, 0)`,
  spent: (s: Scope): Sql =>
    s.wait === 0
      ? sql`p.spent_minor`
      : sql`coalesce(${s.orders.aggregate(
          sql`sum(${spentOfOrder(s)}) FILTER (WHERE ${waited(s.orders, s)})`,
        )}, 0)::bigint`,
  biggest: (s: Scope): Sql =>
    s.wait === 0
      ? sql`(CASE WHEN p.orders > 0 THEN p.biggest_order_minor END)`
      : s.orders.aggregate(sql`max(${spentOfOrder(s)}) FILTER (WHERE ${waited(s.orders, s)})`),
  firstOn: (s: Scope): Sql =>
    s.wait === 0
      ? sql`p.first_order_on`
      : s.orders.aggregate(sql`min(${dayIn(s.orders, s)}) FILTER (WHERE ${waited(s.orders, s)})`),
  lastOn: (s: Scope): Sql =>
    s.wait === 0
      ? sql`p.last_order_on`
      : s.orders.aggregate(sql`max(${dayIn(s.orders, s)}) FILTER (WHERE ${waited(s.orders, s)})`),
  lastActivityOn: (s: Scope): Sql =>
    s.wait === 0
      ? sql`p.last_activity_on`
      : s.placed.aggregate(sql`max(${dayIn(s.placed, s)}) FILTER (WHERE ${waited(s.placed, s)})`),
  fullyRefunded: (s: Scope): Sql => {
    if (s.wait === 0) return sql`p.fully_refunded_orders`;
    const refunded = s.placed.row(s.order.isFullyRefunded);
    return sql`coalesce(${s.placed.aggregate(sql`count(*) FILTER (WHERE ${refunded} AND ${waited(s.placed, s)})`)}, 0)`;
  },
  refunded: (s: Scope): Sql => {
    if (s.wait === 0) return sql`p.refunded_minor`;
    const { currency } = s.context;
    const refunded = s.placed.row(sql`(CASE WHEN o.currency = ${currency} THEN o.refunded_minor ELSE 0 END)`);
    return sql`coalesce(${s.placed.aggregate(sql`sum(${refunded}) FILTER (WHERE ${waited(s.placed, s)})`)}, 0)::bigint`;
  },
};

/** The parameters of fields that look at a stretch of time; without any of them, at all of it. */
export const WINDOW = {
  lastDays: {
    type: 'days',
    label: 'in the last (days)',
    help: 'Orders of today and of this many days before.',
    example: 90,
  },
  beforeDays: {
    type: 'days',
    label: 'before the last (days)',
    help: 'Orders that are older than this many days.',
    example: 30,
  },
  from: { type: 'date', label: 'from', help: 'Orders of this day and later.', example: '2026-01-01' },
  to: { type: 'date', label: 'to', help: 'Orders up to and including this day.', example: '2026-03-31' },
} as const satisfies Partial<Record<ParamName, Param>>;

/** Whether a row's order lies in the window, is not of a day to come, and has waited. */
export function inWindow(pass: Pass, s: Scope, params: ParamValues): Sql {
  const { lastDays, beforeDays, from, to } = params;
  const placed = placedIn(pass, s);
  const least = Math.max(s.wait, beforeDays === undefined ? 0 : beforeDays + 1);
  const tests = lastDays === undefined ? [] : [isOnOrAfter(placed, daysAgo(s, lastDays), s)];
  if (lastDays === undefined || least > 0) tests.push(isAged(pass, s, least));
  if (from !== undefined) tests.push(isOnOrAfter(placed, sql`${from}::date`, s));
  if (to !== undefined) tests.push(sql`NOT ${isOnOrAfter(placed, sql`(${to}::date + 1)`, s)}`);
  return join(tests, ' AND ');
}

/**
 * When rows come into the window and fall out of it: the earliest of the dates on which one of the rows (that `asked`
 * selects) does.
 */
export function windowFlips(pass: Pass, s: Scope, params: ParamValues, asked?: Sql): Flip[] {
  const { lastDays, beforeDays } = params;
  const age = ageIn(pass, s);
  const day = dayIn(pass, s);
  const comesIn = Math.max(s.wait, beforeDays === undefined ? 0 : beforeDays + 1);
  const at = (offset: number): Flip => ({
    on: sql`(${pass.aggregate(sql`min(${day}) FILTER (WHERE ${asked ? sql`${asked} AND ` : raw('')}${age} < ${offset}::int)`)} + ${offset}::int)`,
  });
  return [at(comesIn), ...(lastDays === undefined ? [] : [at(lastDays + 1)])];
}

/** When the next order has waited long enough: for fields of the profile. */
export function waitFlips(s: Scope, pass: Pass): Flip[] {
  if (s.wait === 0) return [];
  const day = dayIn(pass, s);
  const age = ageIn(pass, s);
  const next = pass.aggregate(sql`min(${day}) FILTER (WHERE ${age} < ${s.wait}::int)`);
  return [{ on: sql`(${next} + ${s.wait}::int)` }];
}

/** What all fields of the profile that come from orders that count have in common. */
export const FROM_ORDERS = { source: 'profile', fromOrders: 'counted' } as const satisfies Partial<Field>;

/** The same, of orders placed: counted or not. */
export const FROM_PLACED = { source: 'profile', fromOrders: 'placed' } as const satisfies Partial<Field>;
