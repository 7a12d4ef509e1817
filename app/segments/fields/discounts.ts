/** What was taken off and what came back. */
import { sql, type Sql } from '../../db/sql.ts';
import type { Field, Pass, Rows, Scope } from '../field.ts';
import { BETWEEN, hasAnyText, listed } from '../fold.ts';
import type { ParamValues } from '../param.ts';
import { added, FROM_PLACED, history, inWindow, WINDOW, windowFlips } from './history.ts';

/** The texts of `column` (text[]) of the orders that `which` selects, as a list's column has them. */
export function collected(pass: Pass, column: Sql, rows: Rows): Sql {
  const texts = listed(column);
  return pass.aggregate(sql`string_agg(${pass.row(texts)}, ${BETWEEN})`, {
    ...rows,
    only: [sql`(${texts} <> '')`],
  });
}

export const DISCOUNT_FIELDS = {
  share_returned: {
    ...FROM_PLACED,
    type: 'percent',
    group: 'discounts',
    label: 'share returned',
    unit: '%',
    help: 'What was refunded, of what was spent and refunded together. Customers who paid nothing have none.',
    example: 'share returned is at least 50 %',
    mayBeMissing: true,
    value: (s) =>
      sql`(100 * ${history.refunded(s)} / nullif(${history.spent(s)} + ${history.refunded(s)}, 0)::numeric)`,
  },
  has_fully_refunded_order: {
    ...FROM_PLACED,
    type: 'yes_no',
    group: 'discounts',
    label: 'has a fully refunded order',
    help: 'Whether the money of at least one order went back in full. Cancelled orders are not meant.',
    example: 'an order was fully refunded',
    says: { yes: 'an order was fully refunded', no: 'no order was fully refunded' },
    mayBeMissing: false,
    value: (s) => sql`(${history.fullyRefunded(s)} > 0)`,
  },
  share_at_discount: {
    source: 'orders',
    group: 'discounts',
    fromOrders: 'counted',
    type: 'percent',
    label: 'share bought at a discount',
    unit: '%',
    help: 'Of the orders that count in the period, how many had anything taken off. Customers without a counted order in the period have none.',
    example: 'share bought at a discount is at least 80 %',
    params: WINDOW,
    mayBeMissing: true,
    needsAllOrders: true,
    value: (s, params) => {
      const rows = inWindow(s, params);
      const having = added(s.orders, sql`count(*)`, { ...rows, only: [sql`(o.discount_minor > 0)`] });
      const all = added(s.orders, sql`count(*)`, rows, sql`p.orders`);
      return sql`(100 * ${having} / nullif(${all}, 0)::numeric)`;
    },
    flips: (s, params) => windowFlips(s.orders, s, params),
  },
  codes_used: {
    source: 'orders',
    group: 'discounts',
    fromOrders: 'counted',
    type: 'list',
    label: 'codes used',
    help: 'Discount codes of the orders that count in the period.',
    example: 'codes used in the last 90 days have WELCOME10',
    params: WINDOW,
    mayBeMissing: false,
    needsAllOrders: true,
    value: (s, params: ParamValues) => collected(s.orders, sql`o.discount_codes`, inWindow(s, params)),
    anyOf: (s: Scope, params: ParamValues, texts: readonly string[]) => {
      const only = [hasAnyText(sql`o.discount_codes`, texts)];
      return sql`(${added(s.orders, sql`count(*)`, { ...inWindow(s, params), only })} > 0)`;
    },
    flips: (s, params) => windowFlips(s.orders, s, params),
  },
} as const satisfies Record<string, Field>;
