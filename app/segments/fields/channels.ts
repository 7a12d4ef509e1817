/** Where orders came from: tags, channels, visits. Orders placed are meant, counted or not, cancelled ones left aside. */
import { join, sql, type Sql } from '../../db/sql.ts';
import type { Field, Scope } from '../field.ts';
import { folded, foldedList, hasAnyText } from '../fold.ts';
import type { ParamValues } from '../param.ts';
import { collected } from './discounts.ts';
import { added, inWindow, waited, WINDOW, windowFlips } from './history.ts';

const OF_ORDERS = {
  source: 'orders',
  group: 'channels',
  fromOrders: 'placed',
  needsAllOrders: true,
} as const satisfies Partial<Field>;

/**
 * Texts of the orders placed in a window.
 * @param column text[]
 * @param hasAny whether an order has any of these texts
 */
export const listOfOrders = (column: Sql, hasAny: (texts: readonly string[]) => Sql) =>
  ({
    ...OF_ORDERS,
    type: 'list',
    mayBeMissing: false,
    params: WINDOW,
    value: (s: Scope, params: ParamValues) => collected(s.placed, column, inWindow(s, params)),
    anyOf: (s: Scope, params: ParamValues, texts: readonly string[]) =>
      sql`(${added(s.placed, sql`count(*)`, { ...inWindow(s, params), only: [hasAny(texts)] })} > 0)`,
    flips: (s: Scope, params: ParamValues) => windowFlips(s.placed, s, params),
  }) as const satisfies Partial<Field>;

/** Whether one of these texts of an order is any of those asked for. */
const isAny =
  (...ofOrder: readonly Sql[]) =>
  (texts: readonly string[]): Sql =>
    sql`(${join(
      ofOrder.map((one) => sql`btrim(${folded(one)}) = ANY(${foldedList(texts)})`),
      ' OR ',
    )})`;

/** The first or last text that is known, by the order's time. */
export const textOfVisit = (column: Sql, end: 'first' | 'last') =>
  ({
    ...OF_ORDERS,
    type: 'text',
    mayBeMissing: true,
    value: (s: Scope) => {
      const text = s.placed.row(sql`nullif(btrim(${column}), '')`);
      const at = s.placed.row(sql`o.processed_at`);
      const id = s.placed.row(sql`o.id`);
      const by = end === 'first' ? sql`${at}, ${id}` : sql`${at} DESC, ${id} DESC`;
      const known = sql`(nullif(btrim(${column}), '') IS NOT NULL)`;
      return sql`(${s.placed.aggregate(sql`array_agg(${text} ORDER BY ${by})`, { ...waited(s), only: [known] })})[1]`;
    },
    flips: (s: Scope) => (s.wait === 0 ? [] : windowFlips(s.placed, s, {})),
  }) as const satisfies Partial<Field>;

/** Whether and how often, of the orders placed in a window. */
const countOfOrders = (which: Sql) =>
  ({
    ...OF_ORDERS,
    type: 'count',
    unit: 'orders',
    mayBeMissing: false,
    params: WINDOW,
    value: (s: Scope, params: ParamValues) =>
      sql`${added(s.placed, sql`count(*)`, { ...inWindow(s, params), only: [which] })}::int`,
    flips: (s: Scope, params: ParamValues) => windowFlips(s.placed, s, params, [which]),
  }) as const satisfies Partial<Field>;

const LOCATION = sql`(CASE WHEN o.location_id IS NOT NULL THEN coalesce((SELECT nullif(btrim(location.name), '')
  FROM location WHERE location.shop_id = o.shop_id AND location.id = o.location_id), o.location_id::text) END)`;

const visit = (which: 'first' | 'last', what: string) => ({
  label: `${what} of the ${which} visit`,
  help: `The ${what} of the ${which} visit before the ${which} order of which Shopify knows one.`,
});

export const CHANNEL_FIELDS = {
  channels: {
    ...listOfOrders(
      sql`ARRAY[nullif(btrim(o.source_name), ''), nullif(btrim(o.channel), '')]`,
      isAny(sql`o.source_name`, sql`o.channel`),
    ),
    label: 'channels',
    help: 'The sales channels of the orders placed in the period: by name (Online Store, Point of Sale) where it is known, and as Shopify codes them (web, pos, shopify_draft_order).',
    example: 'channels have pos',
  },
  store_locations: {
    ...listOfOrders(sql`ARRAY[${LOCATION}]`, isAny(LOCATION)),
    label: 'store locations',
    help: 'The stores in which the orders of the period were placed, by name, or by number where the name is not known.',
    example: 'store locations have Berlin Mitte',
  },
  staff_orders: {
    ...countOfOrders(sql`o.staff_created`),
    label: 'orders made by staff',
    help: 'How many of the orders placed in the period the staff made as drafts.',
    example: 'orders made by staff is at least 1',
  },
  order_tags: {
    ...listOfOrders(sql`o.tags`, (texts) => hasAnyText(sql`o.tags`, texts)),
    label: 'order tags',
    help: 'Tags of the orders placed in the period.',
    example: 'order tags in the last 30 days have gift',
  },
  open_returns: {
    ...countOfOrders(sql`coalesce(o.return_open, false)`),
    group: 'discounts',
    label: 'orders with an open return',
    help: 'How many of the orders placed in the period have a return that is asked for or under way, when they were last read.',
    example: 'orders with an open return is 0',
  },
  lost_chargebacks: {
    ...countOfOrders(sql`coalesce(o.dispute_lost, false)`),
    group: 'discounts',
    label: 'orders with a lost chargeback',
    help: 'How many of the orders placed in the period were charged back and lost, when they were last read.',
    example: 'orders with a lost chargeback is at least 1',
  },
  first_visit_source: {
    ...textOfVisit(sql`o.journey_first_source`, 'first'),
    ...visit('first', 'source'),
    example: 'source of the first visit is google',
  },
  first_visit_utm_source: {
    ...textOfVisit(sql`o.journey_first_utm_source`, 'first'),
    ...visit('first', 'UTM source'),
    example: 'UTM source of the first visit is newsletter',
  },
  first_visit_utm_medium: {
    ...textOfVisit(sql`o.journey_first_utm_medium`, 'first'),
    ...visit('first', 'UTM medium'),
    example: 'UTM medium of the first visit is cpc',
  },
  first_visit_utm_campaign: {
    ...textOfVisit(sql`o.journey_campaign`, 'first'),
    ...visit('first', 'UTM campaign'),
    example: 'UTM campaign of the first visit contains summer',
  },
  first_visit_utm_content: {
    ...textOfVisit(sql`o.journey_first_utm_content`, 'first'),
    ...visit('first', 'UTM content'),
    example: 'UTM content of the first visit is banner',
  },
  first_visit_utm_term: {
    ...textOfVisit(sql`o.journey_first_utm_term`, 'first'),
    ...visit('first', 'UTM term'),
    example: 'UTM term of the first visit contains shoes',
  },
  last_visit_source: {
    ...textOfVisit(sql`o.journey_last_source`, 'last'),
    ...visit('last', 'source'),
    example: 'source of the last visit is email',
  },
  last_visit_utm_source: {
    ...textOfVisit(sql`o.journey_last_utm_source`, 'last'),
    ...visit('last', 'UTM source'),
    example: 'UTM source of the last visit is newsletter',
  },
  last_visit_utm_medium: {
    ...textOfVisit(sql`o.journey_last_utm_medium`, 'last'),
    ...visit('last', 'UTM medium'),
    example: 'UTM medium of the last visit is cpc',
  },
  last_visit_utm_campaign: {
    ...textOfVisit(sql`o.journey_last_utm_campaign`, 'last'),
    ...visit('last', 'UTM campaign'),
    example: 'UTM campaign of the last visit contains summer',
  },
  last_visit_utm_content: {
    ...textOfVisit(sql`o.journey_last_utm_content`, 'last'),
    ...visit('last', 'UTM content'),
    example: 'UTM content of the last visit is banner',
  },
  last_visit_utm_term: {
    ...textOfVisit(sql`o.journey_last_utm_term`, 'last'),
    ...visit('last', 'UTM term'),
    example: 'UTM term of the last visit contains shoes',
  },
} as const satisfies Record<string, Field>;
