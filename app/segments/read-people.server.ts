import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export interface NamedCustomer {
  customerId: ShopifyId;
  list: 'always' | 'never' | 'trial';
  at: Date;
  actor: string;
}

/** People named by hand for a segment, newest first. Members of a list are not among them: they are many. */
export async function readPeople(tx: ShopTx, key: string, limit = 250): Promise<NamedCustomer[]> {
  const { rows } = await tx.query<NamedCustomer & Record<string, unknown>>(sql`
    SELECT p.customer_id AS "customerId", p.list, p.at, p.actor
      FROM segment_person p JOIN segment s ON s.shop_id = p.shop_id AND s.id = p.segment_id
     WHERE p.shop_id = ${tx.shopId} AND s.key = ${key} AND p.list <> 'member'
     ORDER BY p.at DESC, p.customer_id LIMIT ${limit}`);
  return rows;
}
