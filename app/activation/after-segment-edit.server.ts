/** Segments say something else, are called something else or are gone: what bears them outside of the app follows. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { queueMembersMetafields } from './metafields/queue-metafields.server.ts';
import { wakeNativeSegments } from './native-segments/wake-native-segments.server.ts';

/**
 * One segment may have another name. Call it last in the transaction, or right after it. @param now business time
 */
export async function afterSegmentEdit(tx: ShopTx, key: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    sql`SELECT id FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}`,
  );
  await afterSegmentsChange(
    tx,
    rows.map(({ id }) => id),
    now,
  );
}

/**
 * Other rules, settings, tiers or states of segments: of members who stay, too, a tier and how long it is held may be
 * others. Call it last in the transaction.
 */
export async function afterSegmentsChange(tx: ShopTx, ids: readonly string[], now: Date): Promise<void> {
  for (const id of ids) await queueMembersMetafields(tx, id, now);
  await wakeNativeSegments(tx);
}

/** A draft is gone: what was chosen for it goes, and what is still in the store is removed. */
export async function afterSegmentDelete(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    DELETE FROM segment_reach r WHERE r.shop_id = ${tx.shopId}
       AND NOT EXISTS (SELECT FROM segment s WHERE s.shop_id = r.shop_id AND s.id = r.segment_id)`);
  await wakeNativeSegments(tx);
}
