import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { compileSegments, heldMemberships } from './membership-difference.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { withMates } from './segment.ts';

/**
 * How many customers each draft (of `keys`, when given) would hold now, all in one pass, with the same statement that
 * keeps their members once they are live. Of a set: as if all of it were on. Reads only. Keys of drafts whose rule
 * cannot be read are absent.
 */
export async function countDrafts(
  tx: ShopTx,
  now: Date,
  keys?: readonly string[],
): Promise<Map<string, number>> {
  const all = await loadReadableSegments(tx, { statuses: ['draft', 'live', 'paused'] });
  const wanted = all.filter(({ status, key }) => status === 'draft' && (keys?.includes(key) ?? true));
  if (wanted.length === 0) return new Map();
  const ids = new Set(wanted.map(({ id }) => id));
  const { context } = await readRuleDay(tx, now);
  const compiled = compileSegments(withMates(all, ({ id }) => ids.has(id)));
  const { rows } = await tx.query<{ id: string; size: number }>(sql`
    ${heldMemberships(tx.shopId, compiled, context, { touched: false })}
    SELECT segment_id AS id, count(*)::int AS size FROM held GROUP BY segment_id`);
  const sizes = new Map(rows.map(({ id, size }) => [id, size]));
  return new Map(wanted.map(({ id, key }) => [key, sizes.get(id) ?? 0]));
}
