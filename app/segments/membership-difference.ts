/**
 * Wanted against stored memberships, for any number of segments, as the beginning of one statement: WITH subject,
 * held, stored, difference, renewed. Writing memberships, counting drift and reviewing a change all continue from
 * here, so they cannot disagree.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import { columnsOf, evidenceFields, subjectOf, termsOf, tierConditions } from './compile-rule.ts';
import type { RuleContext } from './field.ts';
import { finalMemberships, othersOf, tierColumns } from './final-membership.ts';
import { needsStanding, standingOf } from './standing.ts';
import { withReferences } from './references.ts';
import { ownRulesOf, type Segment } from './segment.ts';
import { termOf, type TermKey } from './term.ts';
import { undoneMoves } from './undone-moves.ts';
import { promiseFrom } from './tier-standing.ts';

type Evidence = ReturnType<typeof evidenceFields>;

/** A segment with its predicates over `subject`. */
export interface CompiledSegment {
  id: string;
  status: Segment['status'];
  ruleVersion: number;
  /** Membership, over `subject` with `standing`. */
  final: Sql;
  earned: Sql;
  evidence: Evidence;
  /** How they stand in tiers that its rules ask for, over `subject` with `standing`, by the terms. */
  standings: ReadonlyMap<TermKey, Sql>;
  segment: Segment;
}

/** @param segments with the whole of each set that one of them is in (`withMates`) */
export function compileSegments(segments: readonly Segment[]): CompiledSegment[] {
  const finals = finalMemberships(segments);
  const ofOthers = othersOf(segments);
  return segments.map((segment) => {
    const { id, status, ruleVersion } = segment;
    const { final, earned } = finals.get(id) ?? { final: sql`false`, earned: sql`false` };
    return {
      id,
      status,
      ruleVersion,
      final,
      earned,
      evidence: [...new Set(ownRulesOf(segment).flatMap((one) => evidenceFields(one)))],
      standings: new Map(
        ownRulesOf(segment)
          .flatMap(tierConditions)
          .map((asked) => [termOf(asked), ofOthers(asked)]),
      ),
      segment,
    };
  });
}

/**
 * One row with `sizes`: how many of the whole shop each of them would hold, in their order. The predicates of `held`
 * without writing down who.
 */
export function countMembers(
  shopId: string,
  segments: readonly CompiledSegment[],
  context: RuleContext,
): Sql {
  const plain = segments.map(({ segment }) => segment);
  const counts = segments.map(({ final }) => sql`count(*) FILTER (WHERE ${final})`);
  return sql`
    SELECT ARRAY[${join(counts)}]::int[] AS sizes
      FROM (${subjectOf(shopId, forAll(plain, termsOf), context, { onceARow: true })}) subject
      ${needsStanding(plain) ? sql`LEFT JOIN (${standingOf(shopId, plain, context, { touched: false })}) standing USING (customer_id)` : raw('')}
      ${tierColumns(plain)}`;
}

/** Of the rules that decide on their members. */
function forAll(segments: readonly Segment[], columns: typeof columnsOf): Evidence {
  return [...new Set(withReferences(segments).flatMap(ownRulesOf).flatMap(columns))];
}

/** WITH subject, held: who is a member by what is known now, of the touched customers or of all. */
export function heldMemberships(
  shopId: string,
  segments: readonly CompiledSegment[],
  context: RuleContext,
  { touched }: { touched: boolean },
): Sql {
  const plain = segments.map(({ segment }) => segment);
  const fields = forAll(plain, columnsOf);
  const answers = segments.map(({ id, final }) => sql`CASE WHEN ${final} THEN ${id}::bigint END`);
  const holding = segments.some(({ segment }) => segment.settings.hold !== undefined);
  const promises = segments.map(({ segment, earned }) => {
    const { hold } = segment.settings;
    if (!hold) return sql`NULL`;
    return sql`CASE WHEN ${earned} THEN ${promiseFrom(hold)} END`;
  });
  const promised = holding ? sql`unnest(ARRAY[${join(promises)}]::date[])` : sql`NULL::date`;
  const remembers = needsStanding(plain);
  return sql`
    WITH subject AS MATERIALIZED (${subjectOf(shopId, fields, context, { touched })}),
    ${remembers ? sql`standing AS MATERIALIZED (${standingOf(shopId, plain, context, { touched })}),` : raw('')}
    held AS MATERIALIZED (
      SELECT customer_id, segment_id, promised FROM (
        SELECT customer_id, unnest(ARRAY[${join(answers)}]::bigint[]) AS segment_id, ${promised} AS promised
          FROM subject ${remembers ? raw('LEFT JOIN standing USING (customer_id)') : raw('')} ${tierColumns(plain)}) answer
       WHERE segment_id IS NOT NULL
    )`;
}

/**
 * `subject` has one row for each customer who can be in a segment; `held` (customer_id, segment_id, promised: the last
 * day of a hold that would begin today) and `stored` (customer_id, segment_id, held_until); `difference` has
 * `entered` (false: left); `renewed` those who stay and whose hold ends on another day (or not at all) from now on.
 */
export function membershipDifference(
  shopId: string,
  segments: readonly CompiledSegment[],
  context: RuleContext,
  { touched = true }: { touched?: boolean } = {},
): Sql {
  const ids = segments.map(({ id }) => id);
  const holding = segments.filter(({ segment }) => segment.settings.hold).map(({ id }) => id);
  const among = touched
    ? sql`membership m JOIN touched_customer t ON t.customer_id = m.customer_id
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')}`
    : sql`membership m WHERE m.shop_id = ${shopId}`;
  const runs = (day: Sql) => sql`segment_id = ANY(${holding}::bigint[]) AND ${day} >= ${context.today}::date`;
  const until = sql`CASE WHEN ${runs(sql`stored.held_before`)} THEN stored.held_before ELSE held.promised END`;
  const { undoing } = context;
  // The hold of before what is undone: of those who are in again, and of those whose hold it changed.
  const before = (kind: 'left' | 'kept') => sql`
    LEFT JOIN (SELECT customer_id, segment_id, held_until AS was_until, true AS was FROM taken_back
                WHERE kind = ${kind}) back USING (customer_id, segment_id)`;
  return sql`
    ${heldMemberships(shopId, segments, context, { touched })},
    ${undoing ? sql`taken_back AS MATERIALIZED (${undoneMoves(shopId, undoing, { touched })}),` : raw('')}
    stored AS MATERIALIZED (
      SELECT customer_id, segment_id, held_until,
             ${undoing ? raw('CASE WHEN back.was THEN back.was_until ELSE held_until END') : raw('held_until')} AS held_before
        FROM (SELECT m.customer_id, m.segment_id, m.held_until FROM ${among} AND m.segment_id = ANY(${ids}::bigint[])) AS now
             ${undoing ? before('kept') : raw('')}
    ), difference AS MATERIALIZED (
      SELECT customer_id, segment_id, held.customer_id IS NOT NULL AS entered,
             ${undoing ? sql`CASE WHEN ${runs(raw('back.was_until'))} THEN back.was_until ELSE held.promised END` : raw('held.promised')} AS held_until
        FROM held FULL JOIN stored USING (customer_id, segment_id)
             ${undoing ? before('left') : raw('')}
       WHERE held.customer_id IS NULL OR stored.customer_id IS NULL
    ), renewed AS MATERIALIZED (
      SELECT customer_id, segment_id, ${until} AS held_until
        FROM held JOIN stored USING (customer_id, segment_id)
       WHERE stored.held_until IS DISTINCT FROM ${until}
    )`;
}
