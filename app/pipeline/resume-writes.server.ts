/**
 * Takes the brake of stop-writes.server.ts off: what waited is compared anew and written. Whatever is written to the
 * store is looked at, since a job that found the brake on may have ended its wish.
 */
import { AT_ONCE, wake, type Work } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { recordBrake } from './record-brake.server.ts';

/** Due at once by any clock: the outbox lives on machine time, `now` is business time. */
const WRITING: readonly Work[] = ['outbox', 'offers', 'native-segments', 'metafields', 'flow'];

/** @param now business time. @returns false when writing was not stopped */
export async function resumeWrites(
  tx: ShopTx,
  { actor, now }: { actor: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    UPDATE shop_settings SET writes_stopped_at = NULL
     WHERE shop_id = ${tx.shopId} AND writes_stopped_at IS NOT NULL`);
  if (rowCount === 0) return false;
  await recordBrake(tx, { at: now, actor, act: 'resume_writes' });
  for (const work of WRITING) await wake(tx, tx.shopId, work, AT_ONCE);
  return true;
}
