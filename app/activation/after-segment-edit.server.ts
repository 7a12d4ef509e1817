import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { queueMembersMetafields } from './metafields/queue-metafields.server.ts';
import { wakeNativeSegments } from './native-segments/wake-native-segments.server.ts';

/**
 * A segment may have another name, or is gone: what bears its name outside of the app follows. Call it last in the
 * transaction, or right after it. @param now business time
 */
export async function afterSegmentEdit(tx: ShopTx, key: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    sql`SELECT id FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}`,
  );
  if (rows[0]) await queueMembersMetafields(tx, rows[0].id, now);
  await wakeNativeSegments(tx);
}
