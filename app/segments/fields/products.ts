/**
 * What was bought: lines of orders that count, as far as they were kept. Title, vendor and SKU as sold; type, tags and
 * collections as the product is now. Gift cards are products here.
 */
import { sql, type Sql } from '../../db/sql.ts';
import { folded, foldedList } from '../fold.ts';
import type { Field, Scope } from '../field.ts';
import { chosen, type Param, type ParamValues, type What } from '../param.ts';
import { inWindow, waited, WINDOW, windowFlips } from './history.ts';

const WHAT = {
  what: {
    type: 'what',
    label: 'of',
    help: 'A product, variant, product title, SKU, vendor, product type, product tag or collection: one kind, any of those listed.',
    example: { vendor: ['Acme'] },
    required: true,
  },
} as const satisfies Record<string, Param>;

/** Whether a line is of what was asked for; true or false, worked out once a line. */
function isWhat(s: Scope, what: What): Sql {
  const [kind, list] = chosen(what);
  const ofProducts = (test: Sql) =>
    sql`(l.product_id IS NOT NULL AND l.product_id IN
      (SELECT id FROM product WHERE shop_id = ${s.shopId} AND ${test}))`;
  const test = (): Sql => {
    switch (kind) {
      case 'product':
        return sql`(l.product_id = ANY(${list}::bigint[]))`;
      case 'variant':
        return sql`(l.variant_id = ANY(${list}::bigint[]))`;
      case 'title':
        return sql`(${folded(sql`l.title`)} = ANY(${foldedList(list)}))`;
      case 'sku':
        return sql`(${folded(sql`l.sku`)} = ANY(${foldedList(list)}))`;
      case 'vendor':
        return sql`(${folded(sql`l.vendor`)} = ANY(${foldedList(list)}))`;
      case 'type':
        return ofProducts(sql`${folded(sql`product_type`)} = ANY(${foldedList(list)})`);
      case 'tag':
        return ofProducts(
          sql`EXISTS (SELECT FROM unnest(tags) tag WHERE ${folded(sql`tag`)} = ANY(${foldedList(list)}))`,
        );
      case 'collection':
        return sql`(l.product_id IS NOT NULL AND l.product_id IN (SELECT product_id FROM product_collection
          WHERE shop_id = ${s.shopId} AND collection_id = ANY(${list}::bigint[])))`;
    }
  };
  return s.lines.only(sql`coalesce(${test()}, false)`);
}

function asked(params: ParamValues): What {
  if (params.what === undefined) throw new TypeError('a validated rule names what was bought');
  return params.what;
}

const which = (s: Scope, params: ParamValues) =>
  sql`${isWhat(s, asked(params))} AND ${inWindow(s.lines, s, params)}`;

const BOUGHT = {
  source: 'lines',
  group: 'products',
  fromOrders: 'counted',
  mayBeMissing: false,
  needsAllOrders: true,
  params: { ...WHAT, ...WINDOW },
  flips: (s: Scope, params: ParamValues) => windowFlips(s.lines, s, params, isWhat(s, asked(params))),
} as const satisfies Partial<Field>;

/** Local day and instant of the order of a line. */
const isOfFirstOrder = (s: Scope) =>
  s.lines.row(sql`(o.processed_at = (SELECT first.first_order_at FROM profile first
    WHERE first.shop_id = ${s.shopId} AND first.customer_id = o.customer_id))`);

export const PRODUCT_FIELDS = {
  bought: {
    ...BOUGHT,
    type: 'yes_no',
    label: 'bought',
    help: 'Whether at least one piece was bought and kept, in an order that counts.',
    example: 'bought of the vendor Acme in the last 90 days',
    says: { yes: 'bought', no: 'did not buy' },
    value: (s, params) => sql`coalesce(${s.lines.aggregate(sql`bool_or(${which(s, params)})`)}, false)`,
  },
  bought_quantity: {
    ...BOUGHT,
    type: 'count',
    label: 'pieces bought',
    unit: 'pieces',
    help: 'How many pieces were bought and kept, in orders that count.',
    example: 'pieces bought of the collection 123 is at least 3',
    value: (s, params) => {
      const pieces = s.lines.row(sql`l.current_quantity`);
      return sql`coalesce(${s.lines.aggregate(sql`sum(${pieces}) FILTER (WHERE ${which(s, params)})`)}, 0)::bigint`;
    },
  },
  bought_amount: {
    ...BOUGHT,
    type: 'money',
    label: 'spent on products',
    help: 'What the pieces that were kept cost after discounts on their lines, in orders that count. Shipping and, where prices do not hold it, tax are not in.',
    example: 'spent on products of the type shoes is at least 200.00',
    value: (s, params) => {
      const amount = s.lines.row(sql`(CASE WHEN o.currency = ${s.context.currency} AND l.quantity > 0
        THEN l.discounted_minor * l.current_quantity / l.quantity ELSE 0 END)`);
      return sql`coalesce(${s.lines.aggregate(sql`sum(${amount}) FILTER (WHERE ${which(s, params)})`)}, 0)::bigint`;
    },
  },
  share_of_orders_with: {
    ...BOUGHT,
    type: 'percent',
    label: 'share of orders with',
    unit: '%',
    help: 'Of the orders that count in the period, how many have at least one piece of it that was kept. Customers without a counted order in the period have none.',
    example: 'share of orders with the vendor Acme is at least 50 %',
    mayBeMissing: true,
    value: (s, params) => {
      const order = s.lines.row(sql`l.order_id`);
      const having = s.lines.aggregate(sql`count(DISTINCT ${order}) FILTER (WHERE ${which(s, params)})`);
      const all = s.orders.aggregate(sql`count(*) FILTER (WHERE ${inWindow(s.orders, s, params)})`);
      return sql`(100 * coalesce(${having}, 0) / nullif(${all}, 0)::numeric)`;
    },
    flips: (s, params) => windowFlips(s.orders, s, params),
  },
  first_order_had: {
    ...BOUGHT,
    type: 'yes_no',
    label: 'first order had',
    help: 'Whether the first order that counts had at least one piece of it that was kept.',
    example: 'the first order had product 123',
    says: { yes: 'first order had', no: 'first order did not have' },
    params: WHAT,
    value: (s, params) => {
      const mark = sql`${isWhat(s, asked(params))} AND ${isOfFirstOrder(s)} AND ${waited(s.lines, s)}`;
      return sql`coalesce(${s.lines.aggregate(sql`bool_or(${mark})`)}, false)`;
    },
    flips: (s, params) => (s.wait === 0 ? [] : windowFlips(s.lines, s, {}, isWhat(s, asked(params)))),
  },
} as const satisfies Record<string, Field>;
