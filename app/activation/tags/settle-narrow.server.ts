import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * Nothing of an offer that is over is left to take off: they wait on, for their decision or for the next day; those
 * whose waiting was discarded go.
 * @param which of tag_outbox, rows of which only such tags were written
 */
export async function settleNarrow(tx: ShopTx, which: Sql): Promise<void> {
  await tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId} AND only_over AND ${which}`);
  await tx.query(sql`
    UPDATE tag_outbox SET offer_over = false, claimed_by = NULL, claimed_until = NULL, bulk_id = NULL, attempts = 0, last_error = NULL
     WHERE shop_id = ${tx.shopId} AND ${which}`);
}
