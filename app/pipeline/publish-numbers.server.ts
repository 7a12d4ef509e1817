/** Puts proposed cut points in force: everybody is marked and evaluated by them in the background. */
import { wake } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readPublishedAt } from '../value/cut-points.server.ts';
import { putCutPointsInForce } from '../value/publish-cut-points.server.ts';
import { noteWayBack, startRun } from './background-run.server.ts';
import { markAllDue } from './review-due.server.ts';

/** With the shop's lock held. @returns false when newer numbers are in force already */
export async function publishNumbers(tx: ShopTx, version: number, now: Date): Promise<boolean> {
  const before = await readPublishedAt(tx);
  if (!(await putCutPointsInForce(tx, version, now))) return false;
  const total = await markAllDue(tx, now);
  await startRun(tx, { kind: 'cut_points', total, now });
  if (before) await noteWayBack(tx, 'cut_points', { cutPoints: [version], now });
  await wake(tx, tx.shopId, 'review', now);
  return true;
}
