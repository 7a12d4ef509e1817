/** Every difference with what the history keeps of it: cause, rule and the values that were looked at. */
import { join, sql, type Sql } from '../db/sql.ts';
import { compileEvidence } from './compile-rule.ts';
import type { CompiledSegment } from './membership-difference.ts';

/**
 * `explained` (customer_id, segment_id, entered, held_until, cause, rule_version, live, evidence), after the clauses of
 * `membershipDifference` for the touched customers.
 */
export function explainDifference(segments: readonly CompiledSegment[]): Sql {
  return sql`
    explained AS MATERIALIZED (
      SELECT d.customer_id, d.segment_id, d.entered, d.held_until, t.cause, g.rule_version, g.live,
             coalesce(${evidenceOf(segments)}, '{}') AS evidence
        FROM difference d JOIN touched_customer t ON t.customer_id = d.customer_id
        JOIN unnest(${segments.map(({ id }) => id)}::bigint[],
                    ${segments.map(({ ruleVersion }) => ruleVersion)}::int[],
                    ${segments.map(({ status }) => status === 'live')}::boolean[])
             AS g (segment_id, rule_version, live) ON g.segment_id = d.segment_id
        LEFT JOIN subject ON subject.customer_id = d.customer_id
    )`;
}

/** The evidence of a row of `difference`, by its segment; segments with the same fields share one branch. */
function evidenceOf(segments: readonly CompiledSegment[]): Sql {
  const bySet = new Map<string, { ids: string[]; fields: CompiledSegment['evidence'] }>();
  for (const { id, evidence } of segments) {
    if (evidence.length === 0) continue;
    const key = [...evidence].sort().join();
    const set = bySet.get(key) ?? { ids: [], fields: evidence };
    set.ids.push(id);
    bySet.set(key, set);
  }
  const branches = [...bySet.values()].map(
    ({ ids, fields }) => sql`WHEN d.segment_id = ANY(${ids}::bigint[]) THEN ${compileEvidence(fields)}`,
  );
  if (branches.length === 0) return sql`NULL::jsonb`;
  // Without a subject (left out, deleted, merged away) there are no values to show.
  return sql`CASE WHEN subject.customer_id IS NULL THEN NULL ${join(branches, ' ')} END`;
}
