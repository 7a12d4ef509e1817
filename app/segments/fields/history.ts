/**
 * Values out of the purchase history, with and without a wait. Without one they lie in the profile, and orders are
 * not read; with one they are computed from the orders that are old enough. Windows are always computed from orders.
 */
import { sql, type Sql } from '../../db/sql.ts';
import { addDays, type LocalDate } from '../../local-date.ts';
import type { Field, Flip, Pass, Rows, Scope } from '../field.ts';
import type { Param, ParamName, ParamValues } from '../param.ts';

const dayIn = (pass: Pass, { context }: Scope): Sql =>
  pass.row(sql`(o.processed_at AT TIME ZONE ${context.timeZone})::date`);

export const spentOfOrder = (s: Scope): Sql => s.orders.row(s.order.spentMinor);

/** Orders that have waited long enough; none of a day to come. */
export const waited = (s: Scope): Rows => ({ before: addDays(s.context.today, 1 - s.wait) });

/**
 * An aggregate that adds up, over rows of a customer. Those up to a day are all that the profile knows without those
 * since then, which are few: so the others are not read.
 * @param total what the profile knows of all such rows, of any day
 */
export function added(pass: Pass, call: Sql, rows: Rows, total?: Sql): Sql {
  const { since, before, ...rest } = rows;
  if (total === undefined || since !== undefined || before === undefined)
    return sql`coalesce(${pass.aggregate(call, rows)}, 0)`;
  return sql`(${total} - coalesce(${pass.aggregate(call, { ...rest, since: before })}, 0))`;
}

/** What a profile knows, as of the wait. */
export const history = {
  orders: (s: Scope): Sql =>
    s.wait === 0 ? sql`p.orders` : sql`${added(s.orders, sql`count(*)`, waited(s), sql`p.orders`)}::int`,
  spent: (s: Scope): Sql =>
    s.wait === 0
      ? sql`p.spent_minor`
      : sql`${added(s.orders, sql`sum(${spentOfOrder(s)})`, waited(s), sql`p.spent_minor`)}::bigint`,
  biggest: (s: Scope): Sql =>
    s.wait === 0
      ? sql`(CASE WHEN p.orders > 0 THEN p.biggest_order_minor END)`
      : s.orders.aggregate(sql`max(${spentOfOrder(s)})`, waited(s)),
  firstOn: (s: Scope): Sql =>
    s.wait === 0 ? sql`p.first_order_on` : s.orders.aggregate(sql`min(${dayIn(s.orders, s)})`, waited(s)),
  lastOn: (s: Scope): Sql =>
    s.wait === 0 ? sql`p.last_order_on` : s.orders.aggregate(sql`max(${dayIn(s.orders, s)})`, waited(s)),
  lastActivityOn: (s: Scope): Sql =>
    s.wait === 0 ? sql`p.last_activity_on` : s.placed.aggregate(sql`max(${dayIn(s.placed, s)})`, waited(s)),
  fullyRefunded: (s: Scope): Sql => {
    const total = sql`p.fully_refunded_orders`;
    if (s.wait === 0) return total;
    return added(s.placed, sql`count(*)`, { ...waited(s), only: [s.order.isFullyRefunded] }, total);
  },
  refunded: (s: Scope): Sql => {
    const total = sql`p.refunded_minor`;
    if (s.wait === 0) return total;
    const { currency } = s.context;
    const refunded = s.placed.row(sql`(CASE WHEN o.currency = ${currency} THEN o.refunded_minor ELSE 0 END)`);
    return sql`${added(s.placed, sql`sum(${refunded})`, waited(s), total)}::bigint`;
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

/** Orders that lie in the window, are not of a day to come, and have waited. */
export function inWindow(s: Scope, params: ParamValues): Rows {
  const { lastDays, beforeDays, from, to } = params;
  const { today } = s.context;
  const least = Math.max(s.wait, beforeDays === undefined ? 0 : beforeDays + 1);
  const ends = [addDays(today, 1 - least), ...(to === undefined ? [] : [addDays(to as LocalDate, 1)])];
  const begins = [
    ...(lastDays === undefined ? [] : [addDays(today, -lastDays)]),
    ...(from === undefined ? [] : [from as LocalDate]),
  ];
  return {
    before: ends.sort()[0] as LocalDate,
    ...(begins.length > 0 ? { since: begins.sort().at(-1) as LocalDate } : {}),
  };
}

/**
 * When orders come into the window and fall out of it: the earliest of the dates on which one of them (that `only`
 * selects) does.
 */
export function windowFlips(pass: Pass, s: Scope, params: ParamValues, only: readonly Sql[] = []): Flip[] {
  const { lastDays, beforeDays } = params;
  const comesIn = Math.max(s.wait, beforeDays === undefined ? 0 : beforeDays + 1);
  return [comesIn, ...(lastDays === undefined ? [] : [lastDays + 1])].map((offset) => ({
    on: sql`(${youngerThan(pass, s, offset, only)} + ${offset}::int)`,
  }));
}

/** The earliest day of the orders that are less than so many days old. */
function youngerThan(pass: Pass, s: Scope, days: number, only: readonly Sql[]): Sql {
  const since = addDays(s.context.today, 1 - days);
  return pass.aggregate(sql`min(${dayIn(pass, s)})`, { since, only });
}

/** When the next order has waited long enough: for fields of the profile. */
export function waitFlips(s: Scope, pass: Pass): Flip[] {
  return s.wait === 0 ? [] : [{ on: sql`(${youngerThan(pass, s, s.wait, [])} + ${s.wait}::int)` }];
}

/** What all fields of the profile that come from orders that count have in common. */
export const FROM_ORDERS = { source: 'profile', fromOrders: 'counted' } as const satisfies Partial<Field>;

/** The same, of orders placed: counted or not. */
export const FROM_PLACED = { source: 'profile', fromOrders: 'placed' } as const satisfies Partial<Field>;
