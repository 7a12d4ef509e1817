import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { compileSegments, countMembers } from './membership-difference.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { withMates } from './segment.ts';

/**
 * How many customers each draft (of `keys`, when given) would hold now, all in one pass, with the same predicates that
 * keep their members once they are live. Of a set: as if all of it were on. Reads only. Keys of drafts whose rule
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
  // Joins of everybody with everybody's orders: see touched-customers.server.ts on what the planner expects.
  const { rows: settings } = await tx.query<{ before: string }>(
    `SELECT current_setting('enable_nestloop') AS before, set_config('enable_nestloop', 'off', true)`,
  );
  const { rows } = await tx.query<{ sizes: number[] }>(countMembers(tx.shopId, compiled, context));
  await tx.query(sql`SELECT set_config('enable_nestloop', ${settings[0]?.before ?? 'on'}, true)`);
  const sizes = new Map(compiled.map(({ id }, i) => [id, rows[0]?.sizes[i] ?? 0]));
  return new Map(wanted.map(({ id, key }) => [key, sizes.get(id) ?? 0]));
}
