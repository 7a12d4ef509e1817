/** Every difference with what the history keeps of it: cause, rule and the values that were looked at. */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { compileEvidence } from './compile-rule.ts';
import { tierColumns } from './final-membership.ts';
import { needsStanding } from './standing.ts';
import type { CompiledSegment } from './membership-difference.ts';

/**
 * `explained` (customer_id, segment_id, entered, held_until, cause, rule_version, live, evidence), after the clauses of
 * `membershipDifference` for the touched customers.
 */
export function explainDifference(segments: readonly CompiledSegment[]): Sql {
  const plain = segments.map(({ segment }) => segment);
  const asksForTiers = segments.some(({ standings }) => standings.size > 0);
  const tiers = asksForTiers
    ? sql`${needsStanding(plain) ? raw('LEFT JOIN standing ON standing.customer_id = d.customer_id') : raw('')} ${tierColumns(plain)}`
    : raw('');
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
        ${tiers}
    )`;
}

/** The evidence of a row of `difference`, by its segment; segments with the same fields share one branch. */
function evidenceOf(segments: readonly CompiledSegment[]): Sql {
  const bySet = new Map<string, { ids: string[] } & Pick<CompiledSegment, 'evidence' | 'standings'>>();
  for (const { id, evidence, standings } of segments) {
    if (evidence.length + standings.size === 0) continue;
    const key = [...evidence, ...standings.keys()].sort().join();
    const set = bySet.get(key) ?? { ids: [], evidence, standings };
    set.ids.push(id);
    bySet.set(key, set);
  }
  const branches = [...bySet.values()].map(
    ({ ids, evidence, standings }) =>
      sql`WHEN d.segment_id = ANY(${ids}::bigint[]) THEN ${compileEvidence(evidence, standings)}`,
  );
  if (branches.length === 0) return sql`NULL::jsonb`;
  // Without a subject (left out, deleted, merged away) there are no values to show.
  return sql`CASE WHEN subject.customer_id IS NULL THEN NULL ${join(branches, ' ')} END`;
}
