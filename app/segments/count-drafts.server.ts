import { join, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { compileSegments } from './membership-difference.ts';
import { subjectOf } from './compile-rule.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';

/**
 * How many customers each draft (of `keys`, when given) would hold now, all in one pass, with the same predicates that are used once
 * they are live. Reads only. Keys of drafts whose rule cannot be read are absent.
 */
export async function countDrafts(
  tx: ShopTx,
  now: Date,
  keys?: readonly string[],
): Promise<Map<string, number>> {
  const drafts = await loadReadableSegments(tx, { statuses: ['draft'], keys });
  if (drafts.length === 0) return new Map();
  const { context } = await readRuleDay(tx, now);
  const compiled = compileSegments(drafts);
  const fields = [...new Set(compiled.flatMap((segment) => segment.evidence))];
  const counts = compiled.map(({ predicate }) => sql`count(*) FILTER (WHERE ${predicate})::int`);
  const { rows } = await tx.query<{ sizes: number[] }>(sql`
    SELECT ARRAY[${join(counts)}] AS sizes FROM (${subjectOf(tx.shopId, fields, context)}) subject`);
  return new Map(drafts.map(({ key }, i) => [key, rows[0]?.sizes[i] ?? 0]));
}
