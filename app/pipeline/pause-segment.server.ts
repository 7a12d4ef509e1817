/** Members are kept up to date, the store stays as it is: nothing is added or removed until it goes on. */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import { recordApproval } from './record-approval.server.ts';

/** Going on is the act "resume" of apply-change.server.ts. @returns false when it is not live */
export async function pauseSegment(
  ctx: { db: Db },
  shopId: ShopId,
  { key, actor, now }: { key: string; actor: string; now: Date },
): Promise<boolean> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const segment = await loadSegment(tx, key);
    if (segment?.status !== 'live') return false;
    await tx.query(sql`
      UPDATE segment SET status = 'paused' WHERE shop_id = ${shopId} AND id = ${segment.id}::bigint`);
    await recordApproval(tx, {
      at: now,
      actor,
      act: 'pause',
      segments: [segment],
      shown: [],
      done: { segments: [], customersAffected: 0, tagRemovals: 0 },
    });
    return true;
  });
}
