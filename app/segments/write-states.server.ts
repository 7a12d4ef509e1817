/** Puts the segments into the states that were proposed: a new version where rule or settings are others. */
import { AppError } from '../app-error.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { noteAvailability } from './note-availability.server.ts';
import { saysOther, type ProposedSegment } from './segment-change.ts';
import { NEW_SET } from './propose-change.server.ts';

/**
 * With the shop's lock held.
 * @param options.newSet the id of the set that was made for it
 * @throws AppError 'invariant' when a segment says something else than what was planned with
 */
export async function writeStates(
  tx: ShopTx,
  targets: readonly ProposedSegment[],
  { now, actor, note, newSet }: { now: Date; actor: string; note: string; newSet: string | null },
): Promise<void> {
  for (const { before, after } of targets) {
    const other = saysOther(before, after);
    await keepVersion(tx, before.id);
    const { rowCount } = await tx.query(sql`
      UPDATE segment
         SET status = ${after.status}, trial = ${after.trial}, failure = NULL,
             live_since = CASE WHEN ${after.status} = 'draft' THEN NULL
                               WHEN ${before.status} = 'live' AND ${after.status} = 'live' THEN live_since
                               WHEN ${after.status} = 'live' THEN ${now} ELSE live_since END,
             rule = ${JSON.stringify(after.rule)}::jsonb, settings = ${JSON.stringify(after.settings)}::jsonb,
             rule_version = rule_version + ${other ? 1 : 0}::int, draft = CASE WHEN ${other} THEN NULL ELSE draft END,
             set_id = ${after.setId === NEW_SET ? newSet : after.setId}::bigint, set_rank = ${after.setRank}::int
       WHERE shop_id = ${tx.shopId} AND id = ${before.id}::bigint
         AND rule_version = ${before.ruleVersion}::int AND status = ${before.status}`);
    if (rowCount !== 1) {
      throw new AppError(
        'invariant',
        'A segment was changed meanwhile. Nothing was done: look at it and try again.',
        {
          context: { shopId: tx.shopId, segmentId: before.id },
          retryable: true,
        },
      );
    }
    if (other) await keepVersion(tx, before.id, { at: now, actor, note });
    if (!after.trial) {
      await tx.query(sql`
        DELETE FROM segment_person
         WHERE shop_id = ${tx.shopId} AND segment_id = ${before.id}::bigint AND list = 'trial'`);
    }
  }
  await noteAvailability(tx, { now, release: 'wish', evaluated: targets.map(({ before }) => before.id) });
}

/** Notes what the segment says now as its version, unless that is noted; without a person: as what it said when it was made. */
export async function keepVersion(
  tx: ShopTx,
  segmentId: string,
  { at, actor, note }: { at: Date | null; actor: string; note: string } = { at: null, actor: '', note: '' },
): Promise<void> {
  await tx.query(sql`
    INSERT INTO segment_version (shop_id, segment_id, version, rule, settings, at, actor, note)
    SELECT shop_id, id, rule_version, rule, settings, coalesce(${at}::timestamptz, created_at), ${actor}, ${note}
      FROM segment WHERE shop_id = ${tx.shopId} AND id = ${segmentId}::bigint
    ON CONFLICT (shop_id, segment_id, version) DO NOTHING`);
}
