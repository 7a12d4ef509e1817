import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

/**
 * The app is being removed: the tags that are ours stay in the store and stay known. Until somebody says what becomes of
 * them they stand still (leftover-tags.ts), whatever else is turned on after the app has come back.
 */
export async function keepTagsKnown(tx: ShopTx, now: Date): Promise<void> {
  await tx.query(sql`
    INSERT INTO leftover (shop_id, kind, ref, name, sure, found_at)
    SELECT ${tx.shopId}::bigint, 'tag', tag_key, min(tag), true, ${now}::timestamptz FROM tag_owned o
     WHERE shop_id = ${tx.shopId} AND ${STILL_OURS} GROUP BY tag_key
    ON CONFLICT (shop_id, kind, ref) DO UPDATE SET state = 'asked', found_at = excluded.found_at`);
}
