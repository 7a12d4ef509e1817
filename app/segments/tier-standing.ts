/**
 * How a customer stands in tiers, over a row of `subject` with their `standing`: the last day of the tier they hold, and
 * the money that is missing to the next one. Of the memberships as they will be stored when this statement has been
 * carried out, so that whoever is evaluated together, later or anew gets the same answer.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { fieldOf } from './fields.ts';
import { isTierField, type TierFieldKey } from './fields/tiers.ts';
import type { Rule } from './rule.ts';
import { conditionsOf } from './rule.ts';
import { ownRulesOf, type Segment } from './segment.ts';
import type { Hold } from './segment-settings.ts';
import { columnOf, termOf } from './term.ts';
import { stepOf } from './tier-plan.ts';

/** A step of tiers that is on, with what decides on its members. */
export interface StandingStep {
  segment: Segment;
  final: Sql;
  earned: Sql;
}

/** The last day of a hold that begins on the day of the row. */
export function promiseFrom(hold: Hold): Sql {
  switch (hold.for) {
    case 'months':
      return sql`(today + make_interval(months => ${hold.months}::int))::date`;
    case 'end_of_this_year':
      return raw('make_date(extract(year FROM today)::int, 12, 31)');
    case 'end_of_next_year':
      return raw('make_date(extract(year FROM today)::int + 1, 12, 31)');
  }
}

/** @param steps those that are on, the highest first. Each customer is in one at most. */
export function tierUntil(steps: readonly StandingStep[]): Sql {
  const held = steps.flatMap(({ segment, final, earned }) => {
    const { hold } = segment.settings;
    if (!hold) return [];
    const kept = (word: DatedWord) =>
      sql`standing.${daysOf(word)}[array_position(standing.${idsOf(word)}, ${segment.id}::bigint)]`;
    const begins = sql`CASE WHEN ${earned} THEN ${promiseFrom(hold)} END`;
    return [sql`WHEN ${final} THEN coalesce(${kept('until')}, ${begins}, ${kept('undone')})`];
  });
  return held.length === 0 ? raw('NULL::date') : sql`(CASE ${join(held, ' ')} END)`;
}

/** @param steps as for `tierUntil` */
export function moneyToNext(steps: readonly StandingStep[]): Sql {
  const cases = steps.map(
    ({ final }, i) => sql`WHEN ${final} THEN ${missingFor(steps[i - 1]?.segment.rule)}`,
  );
  if (cases.length === 0) return raw('NULL::bigint');
  return sql`(CASE ${join(cases, ' ')} ELSE ${missingFor(steps.at(-1)?.segment.rule)} END)`;
}

function missingFor(rule: Rule | undefined): Sql {
  const step = rule ? stepOf(rule) : null;
  if (!rule || !step || fieldOf(step.measure.field).type !== 'money') return raw('NULL::bigint');
  const has = columnOf(termOf(step.measure, rule.countAfterDays));
  const missing = sql`ceil(${step.enter}::bigint - coalesce(${has}, 0))::bigint`;
  return sql`(CASE WHEN coalesce(${has}, 0) < ${step.enter}::bigint THEN ${missing} END)`;
}

/** The steps of the tiers that `key` is one of, the highest first; none when it is in no tiers. */
export function stepsOfTiers<T extends Pick<Segment, 'key' | 'setId' | 'setKind' | 'setRank'>>(
  key: string,
  all: readonly T[],
): T[] {
  const asked = all.find((one) => one.key === key);
  if (!asked || asked.setId === null || asked.setKind !== 'tiers') return [];
  return all.filter(({ setId }) => setId === asked.setId).sort((a, b) => (a.setRank ?? 0) - (b.setRank ?? 0));
}

/** Of these, the steps with a hold whose last day somebody's rule asks for. */
export function askedForDays(segments: readonly Segment[]): Segment[] {
  const keys = tiersAskedBy(segments.flatMap(ownRulesOf), 'tier_until');
  const steps = keys.flatMap((key) => stepsOfTiers(key, segments));
  return [...new Set(steps)].filter(({ settings }) => settings.hold !== undefined);
}

/** Keys by which these rules name tiers. @param asked only where they ask this of them */
export function tiersAskedBy(rules: readonly Rule[], asked?: TierFieldKey): string[] {
  const keys = rules.flatMap(({ where }) =>
    conditionsOf(where).flatMap(({ field, with: params }) =>
      isTierField(field) && (asked ?? field) === field ? (params?.segment ?? []) : [],
    ),
  );
  return [...new Set(keys)];
}

/** The column of a value of tiers, beside a row of `subject`. @param setId digits, or the word for a set that is not made yet */
export function tierColumn(field: TierFieldKey, setId: string): Sql {
  if (!/^[a-z0-9]+$/.test(setId)) throw new TypeError('not the id of a set');
  return raw(`"${field}_of_${setId}"`);
}

// ------------------------------------------------------------------ what `standing` has of it

/** until: a hold that runs, as it is stored. undone: one that is given back by an undo. */
export type DatedWord = 'until' | 'undone';

export const idsOf = (word: DatedWord): Sql => raw(`"${word}_in"`);
export const daysOf = (word: DatedWord): Sql => raw(`"${word}_on"`);
