import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';

/**
 * The app was removed in the middle of a rename, came back, and its tags were taken over: those of before the rename
 * stand still until their segment is on and its members have the tag of now. Then they go, as the rename would have had it.
 * Called when a change of segments has brought over everybody. @param now business time
 */
export async function releaseFormerTags(tx: ShopTx, now: Date): Promise<void> {
  const { rows } = await tx.query<{ ref: string }>(sql`
    DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = 'tag' AND state = 'adopted'
       AND ref IN (SELECT f.tag_key FROM tag_former f
                     JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id AND s.status = 'live'
                    WHERE f.shop_id = ${tx.shopId})
    RETURNING ref`);
  if (rows.length === 0) return;
  const refs = rows.map(({ ref }) => ref);
  await queueSelected(
    tx,
    sql`SELECT customer_id FROM tag_owned WHERE shop_id = ${tx.shopId} AND tag_key = ANY(${refs}::text[])`,
    now,
  );
}
