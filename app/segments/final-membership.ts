/**
 * From the answer of a rule to membership, as one expression a segment over a row of `subject` with the customer's
 * `standing`: what is remembered of the customer beside the facts.
 *
 *   rule (or keep rule, or a hold that runs) -> trial -> always in / never in -> who left waits to come back
 *     -> one segment a set: whoever's minimum stay runs, else the highest rank -> minimum stay
 *
 * Never in wins over everything, always in over the rule and the wait. Nothing here looks at another customer or asks
 * when it is evaluated, so touched customers, due ones, rebuilds, drift checks and reviews agree.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { compileRule, type OfOthers } from './compile-rule.ts';
import { isTierField, type TierFieldKey } from './fields/tiers.ts';
import { ONCE_A_ROW } from './order-pass.ts';
import { withReferences } from './references.ts';
import type { Rule } from './rule.ts';
import { isActive } from './segment-change.ts';
import { ownRulesOf, type Segment } from './segment.ts';
import { standingIn, type Word } from './standing.ts';
import { moneyToNext, stepsOfTiers, tiersAskedBy, tierColumn, tierUntil } from './tier-standing.ts';

export interface FinalMembership {
  final: Sql;
  /** Of members: deserved by a rule, not by a hold, a stay or a name: what a hold begins with. */
  earned: Sql;
}

/** For all of them at once: a set must be complete, or its segments are not exclusive. */
export function finalMemberships(segments: readonly Segment[]): Map<string, FinalMembership> {
  const { finalOf } = decisions(segments);
  return new Map(segments.map((segment) => [segment.id, finalOf(segment)]));
}

/** What the rules of these ask of other segments, over the same row: who is a member, who stands where in tiers. */
export function othersOf(segments: readonly Segment[]): OfOthers {
  return decisions(segments).ofOthers;
}

/**
 * The values that these ask of tiers, as columns beside a row of `subject` with its `standing`: each worked out once a
 * row, whoever asks for it, and after those that it rests on. Nothing when no rule asks for tiers.
 */
export function tierColumns(segments: readonly Segment[]): Sql {
  const universe = withReferences(segments);
  const { finalOf, inPlay } = decisions(segments);
  // Of one that is looked at as it is and as it would be, both.
  const rules = [...segments, ...universe].flatMap(ownRulesOf);
  const done = new Set<string>();
  const columns: Sql[] = [];
  const visit = (asking: readonly Rule[]): void => {
    for (const key of tiersAskedBy(asking)) {
      const all = stepsOfTiers(key, universe);
      const [{ setId } = { setId: null }] = all;
      if (setId === null || done.has(setId)) continue;
      done.add(setId);
      visit([...all, ...all.flatMap(({ refersTo }) => refersTo)].flatMap(ownRulesOf));
      // A step that is off is none: nobody can get into it.
      const steps = all.filter((step) => inPlay.includes(step));
      const standing = steps.map((segment) => ({ segment, ...finalOf(segment) }));
      const asksFor = (field: TierFieldKey) =>
        tiersAskedBy(rules, field).some((one) => all.some((step) => step.key === one));
      const values = [
        ...(asksFor('tier_until') ? [sql`${tierUntil(standing)} AS ${tierColumn('tier_until', setId)}`] : []),
        ...(asksFor('money_to_next_tier')
          ? [sql`${moneyToNext(standing)} AS ${tierColumn('money_to_next_tier', setId)}`]
          : []),
      ];
      const alias = raw(`"tiers_${columns.length}"`);
      columns.push(sql`CROSS JOIN LATERAL (SELECT ${join(values)}, ${ONCE_A_ROW}) ${alias}`);
    }
  };
  visit(rules);
  return columns.length === 0 ? raw('') : join(columns, ' ');
}

function decisions(segments: readonly Segment[]): {
  finalOf: (segment: Segment) => FinalMembership;
  ofOthers: OfOthers;
  /** Those that are on, or are looked at as if they were. */
  inPlay: readonly Segment[];
} {
  const universe = withReferences(segments);
  const byKey = new Map(universe.map((segment) => [segment.key, segment]));
  const given = new Set(segments.map(({ id }) => id));
  const inPlay = universe.filter((segment) => given.has(segment.id) || isActive(segment));
  const parts = new Map<string, Parts>();
  const finals = new Map<string, FinalMembership>();
  const ofOthers: OfOthers = ({ field, with: params }) => {
    const asked = byKey.get(params?.segment ?? '');
    if (!asked) throw new TypeError('a segment that is asked for comes with the one that asks');
    if (!isTierField(field)) return finalOf(asked).final;
    const { setKind, setId } = asked;
    if (setKind === 'tiers' && setId !== null) return tierColumn(field, setId);
    return raw(field === 'tier_until' ? 'NULL::date' : 'NULL::bigint');
  };
  const partOf = (segment: Segment): Parts => {
    const known = parts.get(segment.id) ?? partsOf(segment, inPlay, ofOthers);
    parts.set(segment.id, known);
    return known;
  };
  const finalOf = (segment: Segment): FinalMembership => {
    const known = finals.get(segment.id) ?? decide(segment, inPlay, partOf);
    finals.set(segment.id, known);
    return known;
  };
  return { finalOf, ofOthers, inPlay };
}

function decide(
  segment: Segment,
  inPlay: readonly Segment[],
  partOf: (segment: Segment) => Parts,
): FinalMembership {
  const { candidate, stay, earned } = partOf(segment);
  const mates = matesOf(segment, inPlay);
  if (mates.length === 0) return { final: either(candidate, stay), earned };
  const better = mates.filter(({ setRank }) => (setRank ?? 0) < (segment.setRank ?? 0));
  const staysOf = (some: readonly Segment[]) => some.flatMap((mate) => partOf(mate).stay ?? []);
  const beaten = better.map((mate) => partOf(mate).candidate);
  const wins = and(candidate, not(beaten), not(staysOf(mates)));
  return { final: stay === null ? wins : either(and(stay, not(staysOf(better))), wins), earned };
}

interface Parts {
  candidate: Sql;
  /** null: no minimum stay. */
  stay: Sql | null;
  earned: Sql;
}

function partsOf(segment: Segment, segments: readonly Segment[], ofOthers: OfOthers): Parts {
  const { id, kind, rule, settings, hasPeople, trial } = segment;
  const is = (word: Word, ids: readonly string[] = [id]) => standingIn(word, ids);
  const own = kind === 'list' ? is('member') : compileRule(rule, ofOthers);
  const softer = settings.keep && kind === 'rule' ? compileRule(settings.keep, ofOthers) : null;
  const keep = softer === null ? [] : [and(is('current', atOrAbove(segment, segments)), softer)];
  // Asked of those who are in it from now on, however they came: so it says the same when it is asked again.
  const earned = any(softer === null ? [own] : [own, softer]);
  const wanted = any([own, ...keep, ...(settings.hold ? [is('promised')] : [])]);
  const never = hasPeople ? [is('never')] : [];
  const named = hasPeople ? any([wanted, is('always')]) : wanted;
  const open =
    settings.rejoinAfterDays === undefined
      ? []
      : [hasPeople ? any([is('always'), not([is('waiting')])]) : not([is('waiting')])];
  const tried = trial ? [is('trial')] : [];
  return {
    candidate: and(named, not(never), ...open, ...tried),
    stay: settings.minimumStayDays === undefined ? null : and(is('staying'), not(never), ...tried),
    earned,
  };
}

/** Of tiers: the segment and those above it, for whoever falls keeps by the softer rule what is on the way down. */
function atOrAbove(segment: Segment, segments: readonly Segment[]): string[] {
  if (segment.setKind !== 'tiers') return [segment.id];
  return segments
    .filter(({ setId, setRank }) => setId === segment.setId && (setRank ?? 0) <= (segment.setRank ?? 0))
    .map(({ id }) => id);
}

function matesOf(segment: Segment, segments: readonly Segment[]): Segment[] {
  if (segment.setId === null) return [];
  return segments.filter(({ id, setId }) => setId === segment.setId && id !== segment.id);
}

const any = (terms: readonly Sql[]): Sql =>
  terms.length === 1 ? (terms[0] ?? sql`false`) : sql`(${join(terms, ' OR ')})`;
const and = (...terms: (Sql | null)[]): Sql => {
  const given = terms.filter((term) => term !== null);
  return given.length === 1 ? (given[0] ?? sql`true`) : sql`(${join(given, ' AND ')})`;
};
const not = <T extends readonly Sql[]>(terms: T): Sql =>
  terms.length === 0 ? sql`true` : sql`(NOT ${any(terms)})`;
const either = (one: Sql, other: Sql | null): Sql => (other === null ? one : any([one, other]));
