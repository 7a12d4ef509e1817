/**
 * When time alone can next change the answer of a rule for a customer: the earliest shop-local date after
 * today on which any time-dependent condition can flip. It may be early (a flip inside a group that does not
 * matter), never late: every condition's every bound is taken, whatever the tree around it.
 *
 * A condition on days since D with a bound n flips n or n + 1 days after D: "at least n" becomes true on
 * D + n, "at most n" becomes false on D + n + 1. The rhythm flips on the day after its (fractional) bounds.
 */
import { assertNever } from '../app-error.ts';
import { join, sql, type Sql } from '../db/sql.ts';
import { EVENT_DATE, type EventDate, type RuleContext } from './field.ts';
import { fieldOf } from './fields.ts';
import { conditionsOf, type Condition, type Rule } from './rule.ts';

/** Days after the event date on which the condition can flip, ascending. */
export function flipOffsets(condition: Condition, rhythmDays: readonly number[]): number[] {
  if (condition.field === 'rhythm') return rhythmDays.map((bound) => Math.floor(bound) + 1);
  const [from, to = from] = (
    Array.isArray(condition.value) ? condition.value : [condition.value]
  ) as number[];
  if (from === undefined || to === undefined) return [];
  switch (condition.op) {
    case 'lt':
    case 'gte':
      return [from];
    case 'lte':
    case 'gt':
      return [from + 1];
    case 'eq':
    case 'neq':
    case 'between':
      return [from, to + 1];
    case 'is_set':
    case 'is_not_set':
      return [];
    case 'in':
    case 'before':
    case 'after':
      throw new TypeError('not an operator of a count of days');
    default:
      return assertNever(condition.op);
  }
}

/** All flips of all rules, by the date that they count from; offsets ascending, once each. */
export function collectFlips(
  rules: readonly Rule[],
  rhythmDays: readonly number[],
): ReadonlyMap<EventDate, readonly number[]> {
  const flips = new Map<EventDate, Set<number>>();
  for (const condition of rules.flatMap((rule) => conditionsOf(rule.where))) {
    const { countsFrom } = fieldOf(condition.field);
    if (countsFrom === undefined) continue;
    const offsets = flips.get(countsFrom) ?? new Set();
    for (const offset of flipOffsets(condition, rhythmDays)) offsets.add(offset);
    flips.set(countsFrom, offsets);
  }
  return new Map([...flips].map(([event, offsets]) => [event, [...offsets].sort((a, b) => a - b)]));
}

/** The earliest local date after today on which any of the rules can flip, over p (profile); null when none can. */
export function nextFlipOn(rules: readonly Rule[], context: RuleContext): Sql {
  const candidates = [...collectFlips(rules, context.cutPoints.rhythmDays)].flatMap(([event, offsets]) => {
    if (offsets.length === 0) return [];
    const on = EVENT_DATE[event];
    const steps = offsets.map(
      (offset) => sql`WHEN ${context.today}::date - ${on} < ${offset}::int THEN ${on} + ${offset}::int`,
    );
    return [sql`CASE ${join(steps, ' ')} END`];
  });
  return candidates.length === 0 ? sql`NULL::date` : sql`least(${join(candidates)})`;
}

/**
 * The first instant of a shop-local date. Where midnight comes twice (clocks go back at 1:00 to 0:00),
 * PostgreSQL takes the second, which would be late: the first one is an hour before.
 */
export function midnightOf(date: Sql, timeZone: string): Sql {
  const at = sql`(${date})::timestamp AT TIME ZONE ${timeZone}`;
  return sql`(CASE WHEN ((${at}) - interval '1 hour') AT TIME ZONE ${timeZone} >= (${date})::timestamp
    THEN (${at}) - interval '1 hour' ELSE ${at} END)`;
}
