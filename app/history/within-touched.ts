import { raw, sql, type Sql } from '../db/sql.ts';

type CustomerColumn =
  | 'c.id'
  | 'o.customer_id'
  | 'p.customer_id'
  | 's.customer_id'
  | 'm.customer_id'
  | 'h.customer_id'
  | 'stored.customer_id';

/**
 * True for every customer of touched_customer, and lets an index find them: the chunks of a rebuild are
 * contiguous in id, so each reads its own range of a large shop and no more.
 */
export function withinTouched(column: CustomerColumn): Sql {
  return sql`${raw(column)} BETWEEN (SELECT min(customer_id) FROM touched_customer)
                                AND (SELECT max(customer_id) FROM touched_customer)`;
}
