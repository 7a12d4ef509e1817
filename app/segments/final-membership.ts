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
import { withinTouched } from '../history/within-touched.ts';
import { localDateOf, type LocalDate } from '../local-date.ts';
import { compileRule } from './compile-rule.ts';
import type { RuleContext } from './field.ts';
import { withReferences } from './references.ts';
import type { Rule } from './rule.ts';
import { isActive } from './segment-change.ts';
import { holdUntil } from './segment-settings.ts';
import type { Segment } from './segment.ts';
import { undoneMoves } from './undone-moves.ts';

/** What `standing` has of a segment: arrays of segment ids. */
type Word =
  'always' | 'never' | 'member' | 'trial' | 'current' | 'promised' | 'staying' | 'waiting' | 'returning';
const WORDS: readonly Word[] = [
  'always',
  'never',
  'member',
  'trial',
  'current',
  'promised',
  'staying',
  'waiting',
];
/** Had a hold when they left by what is undone. */
const OF_UNDOING: readonly Word[] = ['returning'];

export interface FinalMembership {
  final: Sql;
  /** Deserved by a rule, not by a hold, a stay or a name: what a hold begins with. */
  earned: Sql;
}

/** For all of them at once: a set must be complete, or its segments are not exclusive. */
export function finalMemberships(segments: readonly Segment[]): Map<string, FinalMembership> {
  const universe = withReferences(segments);
  const byKey = new Map(universe.map((segment) => [segment.key, segment]));
  const given = new Set(segments.map(({ id }) => id));
  const inPlay = universe.filter((segment) => given.has(segment.id) || isActive(segment));
  const parts = new Map<string, Parts>();
  const finals = new Map<string, FinalMembership>();
  const memberOf = (key: string): Sql => {
    const asked = byKey.get(key);
    if (!asked) throw new TypeError('a segment that is asked for comes with the one that asks');
    return finalOf(asked).final;
  };
  const partOf = (segment: Segment): Parts => {
    const known = parts.get(segment.id) ?? partsOf(segment, inPlay, memberOf);
    parts.set(segment.id, known);
    return known;
  };
  const finalOf = (segment: Segment): FinalMembership => {
    const known = finals.get(segment.id) ?? decide(segment, inPlay, partOf);
    finals.set(segment.id, known);
    return known;
  };
  return new Map(segments.map((segment) => [segment.id, finalOf(segment)]));
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

function partsOf(segment: Segment, segments: readonly Segment[], memberOf: (key: string) => Sql): Parts {
  const compile: (rule: Rule, memberOf: (key: string) => Sql) => Sql = compileRule;
  const { id, kind, rule, settings, hasPeople, trial } = segment;
  const is = (word: Word, ids: readonly string[] = [id]) => standingIn(word, ids);
  const own = kind === 'list' ? is('member') : compile(rule, memberOf);
  const keep =
    settings.keep && kind === 'rule'
      ? [and(is('current', atOrAbove(segment, segments)), compile(settings.keep, memberOf))]
      : [];
  const earned = any([own, ...keep]);
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

/** Whether anything of these is remembered; without it no `standing` is needed. */
export function needsStanding(segments: readonly Segment[]): boolean {
  return withReferences(segments).some(
    ({ kind, hasPeople, trial, settings }) =>
      kind === 'list' ||
      hasPeople ||
      trial ||
      settings.keep !== undefined ||
      settings.hold !== undefined ||
      settings.minimumStayDays !== undefined ||
      settings.rejoinAfterDays !== undefined,
  );
}

/** customer_id and one array for each word; customers of whom nothing is remembered have no row. */
export function standingOf(
  shopId: string,
  asked: readonly Segment[],
  context: Pick<RuleContext, 'today' | 'timeZone' | 'undoing'>,
  { touched }: { touched: boolean },
): Sql {
  const { today, timeZone, undoing } = context;
  const segments = withReferences(asked);
  const named = segments.filter(({ kind, hasPeople, trial }) => kind === 'list' || hasPeople || trial);
  const over = segments
    .filter(({ kind, settings }) => kind === 'list' && (settings.lastDay ?? today) < today)
    .map(({ id }) => id);
  const ids = (chosen: readonly Segment[]) => chosen.map(({ id }) => id);
  const having = <K extends 'minimumStayDays' | 'rejoinAfterDays'>(key: K) => {
    const chosen = segments.filter(({ settings }) => settings[key] !== undefined);
    return { ids: ids(chosen), days: chosen.map(({ settings }) => settings[key] ?? 0) };
  };
  const stay = having('minimumStayDays');
  const rejoin = having('rejoinAfterDays');
  const holding = ids(segments.filter(({ settings }) => settings.hold !== undefined));
  // Of tiers the whole set: the softer rule asks for those above.
  const keeping = new Set(
    segments.flatMap(({ settings, setId, id }) => (settings.keep ? [setId ?? id] : [])),
  );
  const current = ids(segments.filter(({ id, setId }) => keeping.has(setId ?? id)));
  const only = (column: 'm.customer_id') =>
    touched
      ? sql`AND ${withinTouched(column)} AND EXISTS (SELECT FROM touched_customer t WHERE t.customer_id = m.customer_id)`
      : raw('');
  // What is undone is left out, or counts as never having happened: see undone-moves.ts.
  const apartFrom = (kind: 'entered' | 'left') =>
    undoing
      ? sql`AND NOT EXISTS (SELECT FROM undone u WHERE u.customer_id = m.customer_id
                               AND u.segment_id = m.segment_id AND u.kind = ${kind})`
      : raw('');
  const returning = ids(segments.filter((segment) => undonePromiseOf(segment, context) !== null));
  const sources = [
    ...(undoing
      ? [
          sql`SELECT u.customer_id, u.segment_id, said.word FROM undone u
                JOIN (VALUES ('current', ${current}::bigint[]), ('promised', ${returning}::bigint[]),
                             ('returning', ${returning}::bigint[])) AS said (word, ids) ON u.segment_id = ANY(said.ids)
               WHERE u.kind = 'left'`,
        ]
      : []),
    ...(named.length > 0
      ? [
          sql`SELECT m.customer_id, m.segment_id, m.list AS word FROM segment_person m
               WHERE m.shop_id = ${shopId} AND m.segment_id = ANY(${ids(named)}::bigint[]) ${only('m.customer_id')}
                 AND NOT (m.list = 'member' AND m.segment_id = ANY(${over}::bigint[]))`,
        ]
      : []),
    ...(current.length > 0
      ? [
          sql`SELECT m.customer_id, m.segment_id, 'current' FROM membership m
               WHERE m.shop_id = ${shopId} AND m.segment_id = ANY(${current}::bigint[]) ${only('m.customer_id')}
                 ${apartFrom('entered')}`,
        ]
      : []),
    ...(holding.length > 0
      ? [
          sql`SELECT m.customer_id, m.segment_id, 'promised' FROM membership m
               WHERE m.shop_id = ${shopId} AND m.segment_id = ANY(${holding}::bigint[]) ${only('m.customer_id')}
                 AND m.held_until >= ${today}::date ${apartFrom('entered')}`,
        ]
      : []),
    ...(stay.ids.length > 0
      ? [
          sql`SELECT m.customer_id, m.segment_id, 'staying' FROM membership m
                JOIN unnest(${stay.ids}::bigint[], ${stay.days}::int[]) AS stay (id, days) ON stay.id = m.segment_id
               WHERE m.shop_id = ${shopId} ${only('m.customer_id')}
                 AND (m.since AT TIME ZONE ${timeZone})::date + stay.days > ${today}::date ${apartFrom('entered')}`,
        ]
      : []),
    ...(rejoin.ids.length > 0
      ? [
          sql`SELECT m.customer_id, m.segment_id, 'waiting' FROM membership_left m
                JOIN unnest(${rejoin.ids}::bigint[], ${rejoin.days}::int[]) AS wait (id, days) ON wait.id = m.segment_id
               WHERE m.shop_id = ${shopId} ${only('m.customer_id')} AND m.left_on + wait.days > ${today}::date
                 ${apartFrom('left')}`,
        ]
      : []),
  ];
  if (sources.length === 0) sources.push(sql`SELECT NULL::bigint, NULL::bigint, NULL WHERE false`);
  const words = [...WORDS, ...(undoing ? OF_UNDOING : [])].map(
    (word) => sql`array_agg(segment_id) FILTER (WHERE word = ${word}) AS ${column(word)}`,
  );
  const undone = undoing
    ? sql`WITH undone AS MATERIALIZED (${undoneMoves(shopId, undoing, { touched })})`
    : raw('');
  return sql`
    ${undone} SELECT customer_id, ${join(words)}
      FROM (${join(sources, ' UNION ALL ')}) AS remembered (customer_id, segment_id, word) GROUP BY customer_id`;
}

/** The last day of a hold that begins today; null without one. */
export function promiseOf(segment: Segment, today: LocalDate): LocalDate | null {
  return segment.settings.hold ? holdUntil(segment.settings.hold, today) : null;
}

/**
 * The last day of the hold of who left by what is undone: nothing keeps that day, so the latest that it can have been, as
 * if it had begun on the day they left. null without one, or when it has run out since.
 */
export function undonePromiseOf(
  segment: Segment,
  { today, timeZone, undoing }: Pick<RuleContext, 'today' | 'timeZone' | 'undoing'>,
): LocalDate | null {
  if (!undoing) return null;
  const promise = promiseOf(segment, localDateOf(undoing.at, timeZone));
  return promise !== null && promise >= today ? promise : null;
}

/** Whether such a hold is given back; only while something is undone. */
export function returningIn({ id }: Segment): Sql {
  return standingIn('returning', [id]);
}

function standingIn(word: Word, ids: readonly string[]): Sql {
  return ids.length === 1
    ? sql`coalesce(${ids[0]}::bigint = ANY(standing.${column(word)}), false)`
    : sql`coalesce(${[...ids]}::bigint[] && standing.${column(word)}, false)`;
}

const column = (word: Word) => raw(`"${word}_in"`);

const any = (terms: readonly Sql[]): Sql =>
  terms.length === 1 ? (terms[0] ?? sql`false`) : sql`(${join(terms, ' OR ')})`;
const and = (...terms: (Sql | null)[]): Sql => {
  const given = terms.filter((term) => term !== null);
  return given.length === 1 ? (given[0] ?? sql`true`) : sql`(${join(given, ' AND ')})`;
};
const not = <T extends readonly Sql[]>(terms: T): Sql =>
  terms.length === 0 ? sql`true` : sql`(NOT ${any(terms)})`;
const either = (one: Sql, other: Sql | null): Sql => (other === null ? one : any([one, other]));
