/**
 * The merchant's brake: from the next claim on nothing is written to the store, while facts and memberships are
 * kept up to date and what is to be written waits in the outbox. What Shopify has been given already is finished.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { recordBrake } from './record-brake.server.ts';

/** @param now business time. @returns false when writing was stopped before: nothing is recorded twice */
export async function stopWrites(tx: ShopTx, { actor, now }: { actor: string; now: Date }): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    UPDATE shop_settings SET writes_stopped_at = ${now}
     WHERE shop_id = ${tx.shopId} AND writes_stopped_at IS NULL`);
  if (rowCount === 0) return false;
  await recordBrake(tx, { at: now, actor, act: 'stop_writes' });
  return true;
}
