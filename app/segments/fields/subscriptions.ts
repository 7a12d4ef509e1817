/** Subscriptions, as far as orders and Shopify's subscriber status tell. */
import { sql, type Sql } from '../../db/sql.ts';
import type { Field, Scope } from '../field.ts';
import type { ParamValues } from '../param.ts';
import { added, inWindow, WINDOW, windowFlips } from './history.ts';

const ordersOf = (kind: 'first' | 'renewal') =>
  ({
    source: 'orders',
    group: 'subscriptions',
    fromOrders: 'counted',
    needsAllOrders: true,
    type: 'count',
    unit: 'orders',
    mayBeMissing: false,
    params: WINDOW,
    value: (s: Scope, params: ParamValues): Sql =>
      sql`${added(s.orders, sql`count(*)`, { ...inWindow(s, params), only: [isOf(kind)] })}::int`,
    flips: (s: Scope, params: ParamValues) => windowFlips(s.orders, s, params, [isOf(kind)]),
  }) as const satisfies Partial<Field>;

const isOf = (kind: 'first' | 'renewal'): Sql => sql`coalesce(o.subscription = ${kind}, false)`;

export const SUBSCRIPTION_FIELDS = {
  subscription_status: {
    type: 'choice',
    source: 'customer',
    group: 'subscriptions',
    fromOrders: false,
    mayBeMissing: true,
    label: 'subscription',
    help: "Shopify's status of the customer as a subscriber, when it was last read.",
    example: 'subscription is active',
    options: [
      { value: 'ACTIVE', label: 'active' },
      { value: 'PAUSED', label: 'paused' },
      { value: 'FAILED', label: 'failed' },
      { value: 'CANCELLED', label: 'cancelled' },
      { value: 'EXPIRED', label: 'expired' },
      { value: 'NEVER_SUBSCRIBED', label: 'never subscribed' },
    ],
    value: () => sql`c.subscriber_status`,
  },
  first_subscription_orders: {
    ...ordersOf('first'),
    label: 'first subscription orders',
    help: 'How many orders that count began a subscription, of all time or in a period.',
    example: 'first subscription orders in the last 30 days is at least 1',
  },
  renewal_orders: {
    ...ordersOf('renewal'),
    label: 'renewal orders',
    help: 'How many orders that count were made by a subscription, of all time or in a period.',
    example: 'renewal orders in the last 60 days is 0',
  },
} as const satisfies Record<string, Field>;
