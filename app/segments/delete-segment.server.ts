import { assertNever } from '../app-error.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ChangeRun } from './change-run.ts';
import { readChangeUnderWay } from './change-run.server.ts';
import { loadSegment } from './load-segments.server.ts';
import { usedByRules } from './used-by-rules.server.ts';

export type DeletedSegment =
  | { outcome: 'done' }
  /** It is turned off first, so that its tags are taken off. */
  | { outcome: 'on' }
  /** It is a draft again, and its members and tags are still on their way out: deleted now, the tags would stay. */
  | { outcome: 'following' }
  /** A change that waits, or is being worked out, names it. */
  | { outcome: 'in_change' }
  /** Others ask for its members. */
  | { outcome: 'used'; by: { key: string; name: string }[] }
  | { outcome: 'unknown' };

/**
 * Forgets a draft with its versions, people and history. Who approved what stays. With the shop's lock held, so that none
 * is deleted that is turned on meanwhile. What else hangs on it: forget-segment.server.ts of the pipeline.
 */
export async function deleteSegment(tx: ShopTx, key: string): Promise<DeletedSegment> {
  await waitForShop(tx, tx.shopId);
  const segment = await loadSegment(tx, key);
  if (!segment) return { outcome: 'unknown' };
  if (segment.status !== 'draft') return { outcome: 'on' };
  const run = await readChangeUnderWay(tx);
  const named = run !== null && names(run, segment);
  if ((named && run.state === 'applying') || (await hasMembers(tx, segment.id)))
    return { outcome: 'following' };
  // One that is being given up does nothing to it any more.
  if (named && run.state !== 'cancelling') return { outcome: 'in_change' };
  const by = await usedByRules(tx, key);
  if (by.length > 0) return { outcome: 'used', by };
  const mine = sql`shop_id = ${tx.shopId} AND segment_id = ${segment.id}::bigint`;
  await tx.query(sql`DELETE FROM segment_person WHERE ${mine}`);
  await tx.query(sql`DELETE FROM segment_version WHERE ${mine}`);
  await tx.query(sql`DELETE FROM membership_left WHERE ${mine}`);
  await tx.query(sql`DELETE FROM membership_kept WHERE ${mine}`);
  await tx.query(sql`DELETE FROM membership_event WHERE ${mine}`);
  await tx.query(sql`
    DELETE FROM mass_member WHERE shop_id = ${tx.shopId}
       AND change_id IN (SELECT id FROM mass_change WHERE ${mine})`);
  await tx.query(sql`DELETE FROM mass_change WHERE ${mine}`);
  await tx.query(sql`
    DELETE FROM segment WHERE shop_id = ${tx.shopId} AND id = ${segment.id}::bigint AND status = 'draft'`);
  return { outcome: 'done' };
}

/** Whether the change is about this segment, by its own words or by what it was worked out to touch. */
function names({ change, review }: ChangeRun, { id, key }: { id: string; key: string }): boolean {
  if (review && id in review.segments) return true;
  switch (change.act) {
    case 'turn_on':
    case 'turn_off':
      return change.keys.includes(key);
    case 'resume':
    case 'change':
    case 'return':
    case 'try':
      return change.key === key;
    case 'arrange_set':
      return change.set.keys.includes(key);
    case 'dissolve_set':
    case 'undo':
      return false;
    default:
      return assertNever(change);
  }
}

async function hasMembers(tx: ShopTx, segmentId: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint LIMIT 1`);
  return rowCount === 1;
}
