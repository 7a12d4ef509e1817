/**
 * How many each draft would hold. In a large store counting takes longer than a page may, so it is done in the background
 * and pages show the last counts with their time; what is older, or was counted of another rule, is counted anew.
 */
import { createHash } from 'node:crypto';
import { sql } from '../db/sql.ts';
import { AT_ONCE, wakeUnlessDue } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { hasMoreCustomers } from '../history/has-more-customers.server.ts';
import { countDrafts } from './count-drafts.server.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay, type RuleDay } from './read-rule-day.server.ts';
import { canonical, stateOf } from './segment-change.ts';
import type { Segment } from './segment.ts';

export interface DraftSize {
  size: number;
  /** Business time; null: just now. */
  countedAt: Date | null;
}

/** Up to so many customers drafts are counted when they are shown. */
export const COUNTED_AT_ONCE = 20_000;
const FRESH_MS = 15 * 60_000;

/** @returns by key; drafts that were not counted yet are absent */
export async function readDraftSizes(
  tx: ShopTx,
  now: Date,
  keys?: readonly string[],
  { atOnce = COUNTED_AT_ONCE }: { atOnce?: number } = {},
): Promise<Map<string, DraftSize>> {
  if (!(await hasMoreCustomers(tx, atOnce))) {
    const counted = await countDrafts(tx, now, keys);
    return new Map([...counted].map(([key, size]) => [key, { size, countedAt: null }]));
  }
  const drafts = await loadReadableSegments(tx, { statuses: ['draft'], keys });
  if (drafts.length === 0) return new Map();
  const says = saysOf(await readRuleDay(tx, now));
  const { rows } = await tx.query<{ id: string; says: string; size: number; at: Date }>(sql`
    SELECT segment_id AS id, says, size, at FROM segment_size
     WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${drafts.map(({ id }) => id)}::bigint[])`);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const sizes = new Map<string, DraftSize>();
  let stale = false;
  for (const draft of drafts) {
    const known = stored.get(draft.id);
    const same = known?.says === says(draft);
    if (known && same) sizes.set(draft.key, { size: known.size, countedAt: known.at });
    stale ||= !same || now.getTime() - known.at.getTime() > FRESH_MS;
  }
  if (stale) await wakeUnlessDue(tx, tx.shopId, 'segment-sizes', AT_ONCE);
  return sizes;
}

/** Counts every draft and keeps the sizes. @returns how many drafts */
export async function storeDraftSizes(tx: ShopTx, now: Date): Promise<number> {
  const drafts = await loadReadableSegments(tx, { statuses: ['draft'] });
  const says = saysOf(await readRuleDay(tx, now));
  const counted = await countDrafts(tx, now);
  const sized = drafts.filter(({ key }) => counted.has(key));
  await tx.query(sql`DELETE FROM segment_size WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`
    INSERT INTO segment_size (shop_id, segment_id, says, size, at)
    SELECT ${tx.shopId}::bigint, id, says, size, ${now}::timestamptz
      FROM unnest(${sized.map(({ id }) => id)}::bigint[], ${sized.map(says)}::text[],
                  ${sized.map(({ key }) => counted.get(key) ?? 0)}::int[]) AS g (id, says, size)`);
  return sized.length;
}

function saysOf({ context }: RuleDay): (segment: Segment) => string {
  return (segment) =>
    createHash('sha256')
      .update(canonical([stateOf(segment), context.cutPoints.version, context.today, context.policy]))
      .digest('hex')
      .slice(0, 32);
}
