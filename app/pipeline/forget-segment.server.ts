/** A draft is deleted with everything that hangs on it: who was held out for it, what was chosen for it in the store. */
import { afterSegmentDelete } from '../activation/after-segment-edit.server.ts';
import { forgetControl } from '../activation/control/set-control.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { deleteSegment, type DeletedSegment } from '../segments/delete-segment.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';

export async function forgetSegment(tx: ShopTx, key: string): Promise<DeletedSegment> {
  await waitForShop(tx, tx.shopId);
  const segment = await loadSegment(tx, key);
  if (!segment) return { outcome: 'unknown' };
  const deleted = await deleteSegment(tx, key);
  if (deleted.outcome === 'done') {
    await forgetControl(tx, segment.id);
    await afterSegmentDelete(tx);
  }
  return deleted;
}
