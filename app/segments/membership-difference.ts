/**
 * Wanted against stored memberships of the touched customers, for any number of segments, as the beginning of
 * one statement: WITH subject, held, stored, difference. Writing memberships, counting drift and reviewing a
 * change all continue from here, so they cannot disagree.
 */
import { join, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import { compileRule, evidenceFields, subjectOf } from './compile-rule.ts';
import type { RuleContext } from './field.ts';
import type { FieldKey } from './fields.ts';
import type { Segment } from './segment.ts';

/** A segment with its predicate over `subject`. */
export interface CompiledSegment {
  id: string;
  status: Segment['status'];
  ruleVersion: number;
  predicate: Sql;
  evidence: FieldKey[];
}

export function compileSegments(segments: readonly Segment[]): CompiledSegment[] {
  return segments.map(({ id, status, ruleVersion, rule }) => ({
    id,
    status,
    ruleVersion,
    predicate: compileRule(rule),
    evidence: evidenceFields(rule),
  }));
}

/**
 * `subject` has one row for each touched customer who can be in a segment; `held` and `stored` (customer_id,
 * segment_id); `difference` adds `entered` (false: left).
 */
export function membershipDifference(
  shopId: string,
  segments: readonly CompiledSegment[],
  context: RuleContext,
): Sql {
  const fields = [...new Set(segments.flatMap((segment) => segment.evidence))];
  return sql`
    WITH subject AS MATERIALIZED (${subjectOf(shopId, fields, context, { touched: true })}),
    held AS MATERIALIZED (
      SELECT customer_id, segment_id FROM (
        SELECT customer_id, unnest(${heldSegments(segments)}) AS segment_id FROM subject) answer
       WHERE segment_id IS NOT NULL
    ), stored AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id
        FROM membership m JOIN touched_customer t ON t.customer_id = m.customer_id
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = ANY(${segments.map((segment) => segment.id)}::bigint[])
    ), difference AS MATERIALIZED (
      SELECT customer_id, segment_id, held.customer_id IS NOT NULL AS entered
        FROM held FULL JOIN stored USING (customer_id, segment_id)
       WHERE held.customer_id IS NULL OR stored.customer_id IS NULL
    )`;
}

/** The ids of the segments that a `subject` row is in, with nulls between, as one array. */
function heldSegments(segments: readonly CompiledSegment[]): Sql {
  const answers = segments.map(
    (segment) => sql`CASE WHEN ${segment.predicate} THEN ${segment.id}::bigint END`,
  );
  return sql`ARRAY[${join(answers)}]::bigint[]`;
}
