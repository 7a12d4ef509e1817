import { raw, sql, type Sql } from '../db/sql.ts';

type CustomerColumn =
  | 'c.id'
  | 'o.customer_id'
  | 'p.customer_id'
  | 's.customer_id'
  | 'f.customer_id'
  | 'm.customer_id'
  | 'h.customer_id'
  | 'stored.customer_id';

/**
 * True for every customer of touched_customer, and lets an index find them one by one, wherever they lie in a large
 * shop and however the tables are joined then: what is due or rebuilt costs by those who are, not by the shop.
 */
export function withinTouched(column: CustomerColumn | Sql): Sql {
  return sql`${typeof column === 'string' ? raw(column) : column} = ANY(ARRAY(SELECT customer_id FROM touched_customer))`;
}
