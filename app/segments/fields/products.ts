/**
 * What was bought: lines of orders that count, as far as they were kept. Title, vendor and SKU as sold; type, tags and
 * collections as the product is now. Gift cards are products here.
 */
import { sql, type Sql } from '../../db/sql.ts';
import { folded, foldedList } from '../fold.ts';
import type { Field, Scope } from '../field.ts';
import { chosen, type Param, type ParamValues, type What } from '../param.ts';
import { added, inWindow, waited, WINDOW, windowFlips } from './history.ts';

const WHAT = {
  what: {
    type: 'what',
    label: 'of',
    help: 'A product, variant, product title, SKU, vendor, product type, product tag or collection: one kind, any of those listed.',
    example: { vendor: ['Acme'] },
    required: true,
  },
} as const satisfies Record<string, Param>;

/** Whether a line is of what was asked for. */
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
  return test();
}

function asked(params: ParamValues): What {
  if (params.what === undefined) throw new TypeError('a validated rule names what was bought');
  return params.what;
}

/** Whether an order has a piece of it. */
const has = (s: Scope, params: ParamValues) => s.lines.any(isWhat(s, asked(params)));

/** What the lines that are of it come to, of the orders in the window that are `such`. */
function sumOf(s: Scope, params: ParamValues, value: Sql, such?: Sql): Sql {
  const ofOrder = s.lines.sum(value, isWhat(s, asked(params)));
  const rows = { ...inWindow(s, params), only: [sql`(${ofOrder} IS NOT NULL)`, ...(such ? [such] : [])] };
  return sql`${added(s.orders, sql`sum(${s.orders.row(ofOrder)})`, rows)}::bigint`;
}

const ordersWith = (s: Scope, params: ParamValues) =>
  added(s.orders, sql`count(*)`, { ...inWindow(s, params), only: [has(s, params)] });

const BOUGHT = {
  source: 'lines',
  group: 'products',
  fromOrders: 'counted',
  mayBeMissing: false,
  needsAllOrders: true,
  params: { ...WHAT, ...WINDOW },
  flips: (s: Scope, params: ParamValues) => windowFlips(s.orders, s, params, [has(s, params)]),
} as const satisfies Partial<Field>;

/** Whether an order with a piece of it is the customer's first that counts. */
const isFirstWith = (s: Scope, params: ParamValues) =>
  sql`(${has(s, params)} AND o.processed_at = (SELECT first.first_order_at FROM profile first
    WHERE first.shop_id = ${s.shopId} AND first.customer_id = o.customer_id))`;

export const PRODUCT_FIELDS = {
  bought: {
    ...BOUGHT,
    type: 'yes_no',
    label: 'bought',
    help: 'Whether at least one piece was bought and kept, in an order that counts.',
    example: 'bought of the vendor Acme in the last 90 days',
    says: { yes: 'bought', no: 'did not buy' },
    value: (s, params) => sql`(${ordersWith(s, params)} > 0)`,
  },
  bought_quantity: {
    ...BOUGHT,
    type: 'count',
    label: 'pieces bought',
    unit: 'pieces',
    help: 'How many pieces were bought and kept, in orders that count.',
    example: 'pieces bought of the collection 123 is at least 3',
    value: (s, params) => sumOf(s, params, sql`l.current_quantity`),
  },
  bought_amount: {
    ...BOUGHT,
    type: 'money',
    label: 'spent on products',
    help: 'What the pieces that were kept cost after discounts on their lines, in orders that count. Shipping and, where prices do not hold it, tax are not in.',
    example: 'spent on products of the type shoes is at least 200.00',
    value: (s, params) =>
      sumOf(
        s,
        params,
        sql`(CASE WHEN l.quantity > 0 THEN l.discounted_minor * l.current_quantity / l.quantity ELSE 0 END)`,
        sql`(o.currency = ${s.context.currency})`,
      ),
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
      const all = added(s.orders, sql`count(*)`, inWindow(s, params), sql`p.orders`);
      return sql`(100 * ${ordersWith(s, params)} / nullif(${all}, 0)::numeric)`;
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
      const rows = { ...waited(s), only: [isFirstWith(s, params)] };
      return sql`(${added(s.orders, sql`count(*)`, rows)} > 0)`;
    },
    flips: (s, params) => (s.wait === 0 ? [] : windowFlips(s.orders, s, {}, [has(s, params)])),
  },
} as const satisfies Record<string, Field>;
