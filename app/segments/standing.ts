/**
 * What is remembered of customers beside the facts, as a row a customer: who is named, listed, tried, a member already,
 * held by a promise or a minimum stay, waiting to come back. Set beside a row of `subject`.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { RuleContext } from './field.ts';
import { withReferences } from './references.ts';
import type { Segment } from './segment.ts';
import { askedForDays, daysOf, idsOf, type DatedWord } from './tier-standing.ts';
import { undoneMoves } from './undone-moves.ts';

/** What `standing` has of a segment: arrays of segment ids. */
export type Word = 'always' | 'never' | 'member' | 'trial' | 'current' | 'promised' | 'staying' | 'waiting';
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
/** Whether anything of these is remembered; without it no `standing` is needed. */
export function needsStanding(segments: readonly Segment[]): boolean {
  // Of one that is looked at as it is and as it would be, both.
  return [...segments, ...withReferences(segments)].some(
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
  // What is undone is left out, and what was before it is there again: see undone-moves.ts.
  const apartFrom = (...kinds: readonly ('entered' | 'left' | 'kept')[]) =>
    undoing
      ? sql`AND NOT EXISTS (SELECT FROM undone u WHERE u.customer_id = m.customer_id
                               AND u.segment_id = m.segment_id AND u.kind = ANY(${[...kinds]}::text[]))`
      : raw('');
  const daysOfEach = ({ ids: of, days }: typeof stay) =>
    sql`unnest(${of}::bigint[], ${days}::int[]) AS of_each (id, days) ON of_each.id = u.segment_id`;
  const before = [
    sql`SELECT u.customer_id, u.segment_id, 'current' AS word FROM undone u
         WHERE u.kind = 'left' AND u.segment_id = ANY(${current}::bigint[])`,
    sql`SELECT u.customer_id, u.segment_id, 'promised' FROM undone u
         WHERE u.kind IN ('left', 'kept') AND u.segment_id = ANY(${holding}::bigint[]) AND u.held_until >= ${today}::date`,
    sql`SELECT u.customer_id, u.segment_id, 'staying' FROM undone u JOIN ${daysOfEach(stay)}
         WHERE u.kind = 'left' AND (u.since AT TIME ZONE ${timeZone})::date + of_each.days > ${today}::date`,
    sql`SELECT u.customer_id, u.segment_id, 'waiting' FROM undone u JOIN ${daysOfEach(rejoin)}
         WHERE u.kind IN ('entered', 'kept') AND u.left_on + of_each.days > ${today}::date`,
  ];
  const sources = [
    ...(undoing ? before : []),
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
                 AND m.held_until >= ${today}::date ${apartFrom('entered', 'kept')}`,
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
  const dated = datedSources(shopId, [...asked, ...segments], context, only('m.customer_id'));
  const words = [
    ...WORDS.map((word) => sql`array_agg(segment_id) FILTER (WHERE word = ${word}) AS ${column(word)}`),
    ...(dated.length > 0 ? DATED : []).flatMap((word) => [
      sql`array_agg(segment_id) FILTER (WHERE word = ${word}) AS ${idsOf(word)}`,
      sql`array_agg(day) FILTER (WHERE word = ${word}) AS ${daysOf(word)}`,
    ]),
  ];
  const rows = dated.length > 0 ? [...sources.map(withoutDay), ...dated] : sources;
  const undone = undoing
    ? sql`WITH undone AS MATERIALIZED (${undoneMoves(shopId, undoing, { touched })})`
    : raw('');
  return sql`
    ${undone} SELECT customer_id, ${join(words)}
      FROM (${join(rows, ' UNION ALL ')}) AS remembered (customer_id, segment_id, word${raw(dated.length > 0 ? ', day' : '')}) GROUP BY customer_id`;
}

const DATED: readonly DatedWord[] = ['until', 'undone'];

const withoutDay = (source: Sql) => sql`SELECT one.*, NULL::date FROM (${source}) AS one`;

/** The last days of holds that somebody's rule asks for: as they are stored, or were before what is undone. */
function datedSources(
  shopId: string,
  segments: readonly Segment[],
  { today, undoing }: Pick<RuleContext, 'today' | 'undoing'>,
  among: Sql,
): Sql[] {
  const asked = askedForDays(segments).map(({ id }) => id);
  if (asked.length === 0) return [];
  const stored = sql`
    SELECT m.customer_id, m.segment_id, 'until', m.held_until FROM membership m
     WHERE m.shop_id = ${shopId} AND m.segment_id = ANY(${asked}::bigint[]) ${among} AND m.held_until >= ${today}::date`;
  if (!undoing) return [stored];
  return [
    sql`${stored} AND NOT EXISTS (SELECT FROM undone u WHERE u.customer_id = m.customer_id
                                     AND u.segment_id = m.segment_id AND u.kind = 'kept')`,
    sql`SELECT u.customer_id, u.segment_id, 'until', u.held_until FROM undone u
         WHERE u.kind IN ('left', 'kept') AND u.segment_id = ANY(${asked}::bigint[]) AND u.held_until >= ${today}::date`,
  ];
}

export function standingIn(word: Word, ids: readonly string[]): Sql {
  return ids.length === 1
    ? sql`coalesce(${ids[0]}::bigint = ANY(standing.${column(word)}), false)`
    : sql`coalesce(${[...ids]}::bigint[] && standing.${column(word)}, false)`;
}

const column = (word: Word) => raw(`"${word}_in"`);
