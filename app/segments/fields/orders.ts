/** How much and how often: of all time, and in windows. Money is what the order policy counts as spent, after refunds. */
import { sql } from '../../db/sql.ts';
import type { Field, Scope } from '../field.ts';
import type { ParamValues } from '../param.ts';
import { added, FROM_ORDERS, history, inWindow, spentOfOrder, WINDOW, windowFlips } from './history.ts';

/** Fields that are an aggregate over the counted orders of a window. */
const WINDOWED = {
  source: 'orders',
  group: 'orders',
  fromOrders: 'counted',
  params: WINDOW,
  flips: (s: Scope, params: ParamValues) => windowFlips(s.orders, s, params),
} as const satisfies Partial<Field>;

export const ORDER_FIELDS = {
  orders: {
    ...FROM_ORDERS,
    type: 'count',
    group: 'orders',
    label: 'orders',
    unit: 'orders',
    help: 'How many orders of this customer count.',
    example: 'orders is at least 2',
    mayBeMissing: false,
    value: (s) => history.orders(s),
  },
  spent: {
    ...FROM_ORDERS,
    type: 'money',
    group: 'orders',
    label: 'spent',
    help: 'What this customer paid for orders that count, after refunds; with tax and shipping, unless the settings count products only.',
    example: 'spent is at least 500.00',
    mayBeMissing: false,
    value: (s) => history.spent(s),
  },
  average_order: {
    ...FROM_ORDERS,
    type: 'money',
    group: 'orders',
    label: 'average order',
    help: 'Spent divided by orders. Customers without a counted order have none.',
    example: 'average order is more than 80.00',
    mayBeMissing: true,
    value: (s) => sql`(${history.spent(s)} / nullif(${history.orders(s)}, 0)::numeric)`,
  },
  biggest_order: {
    ...FROM_ORDERS,
    type: 'money',
    group: 'orders',
    label: 'biggest order',
    help: 'The most this customer spent in one order, after refunds. Without a counted order there is none.',
    example: 'biggest order is at least 300.00',
    mayBeMissing: true,
    value: (s) => history.biggest(s),
  },
  orders_in: {
    ...WINDOWED,
    type: 'count',
    label: 'orders in a period',
    short: 'orders',
    unit: 'orders',
    help: 'How many orders that count were placed in the last days, before the last days, or between two dates.',
    example: 'orders in the last 90 days is at least 2',
    mayBeMissing: false,
    value: (s, params) => sql`${added(s.orders, sql`count(*)`, inWindow(s, params), sql`p.orders`)}::int`,
  },
  spent_in: {
    ...WINDOWED,
    type: 'money',
    label: 'spent in a period',
    short: 'spent',
    help: 'What was paid for orders placed in the last days, before the last days, or between two dates, after refunds.',
    example: 'spent in the last 365 days is at least 1,000.00',
    mayBeMissing: false,
    value: (s, params) =>
      sql`${added(s.orders, sql`sum(${spentOfOrder(s)})`, inWindow(s, params), sql`p.spent_minor`)}::bigint`,
  },
  biggest_order_in: {
    ...WINDOWED,
    type: 'money',
    label: 'biggest order in a period',
    short: 'biggest order',
    help: 'The most that was spent in one order of the period, after refunds. Without a counted order there is none.',
    example: 'biggest order in the last 30 days is at least 200.00',
    mayBeMissing: true,
    value: (s, params) => s.orders.aggregate(sql`max(${spentOfOrder(s)})`, inWindow(s, params)),
  },
} as const satisfies Record<string, Field>;
