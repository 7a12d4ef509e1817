/** Takes the brake of stop-writes.server.ts off: what waited is compared anew and written. */
import { wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { recordBrake } from './record-brake.server.ts';

/** Due at once by any clock: the outbox lives on machine time, `now` is business time. */
const AT_ONCE = new Date(0);

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
  await wake(tx, tx.shopId, 'outbox', AT_ONCE);
  return true;
}
