import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * The shop has another currency than the one in which the amounts of some offers were given: ten euros are not ten yen,
 * so nothing is made of them before a person gives the amounts anew. They are paused, which is told as a matter for a
 * person (flow/read-matters.server.ts); holders stay. A percentage without amounts goes on.
 * Called before anything is given or written by the terms. @returns the offers that were paused
 */
export async function pauseForeignMoney(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(sql`
    UPDATE offer o SET state = 'paused' FROM shop_settings s
     WHERE o.shop_id = ${tx.shopId} AND s.shop_id = o.shop_id AND o.state = 'running' AND o.currency <> s.currency
    RETURNING o.id`);
  return rows.map(({ id }) => id);
}
