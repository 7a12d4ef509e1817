/**
 * When time alone can next change the answer of a rule for a customer: the earliest shop-local date after
 * today on which any time-dependent condition can flip. It may be early (a flip inside a group that does not
 * matter), never late: every condition's every bound is taken, whatever the tree around it.
 *
 * A condition on days since D with a bound n flips n or n + 1 days after D: "at least n" becomes true on
 * D + n, "at most n" becomes false on D + n + 1. The rhythm flips on the day after its (fractional) bounds. Orders
 * come into windows and fall out of them, and an order counts once it has waited.
 */
import { join, sql, type Sql } from '../db/sql.ts';
import type { Asked, Field, Flip, RuleContext, Scope } from './field.ts';
import { fieldOf } from './fields.ts';
import { waitFlips } from './fields/history.ts';
import { conditionsOf, type Rule } from './rule.ts';

/** The scope in which values of this source are compiled, for rules with this wait. */
export type ScopeOf = (source: Field['source'], wait: number) => Scope;

/** The earliest local date after today on which any of the rules can flip; null when none can. */
export function flipsOn(rules: readonly Rule[], context: RuleContext, scopeOf: ScopeOf): Sql {
  const from = new Map<string, { from: Sql; offsets: Set<number> }>();
  const on = new Map<string, Sql>();
  for (const flip of rules.flatMap((rule) => flipsOf(rule, scopeOf))) {
    if ('on' in flip) on.set(JSON.stringify([flip.on.sql, flip.on.values]), flip.on);
    else {
      const key = JSON.stringify([flip.from.sql, flip.from.values]);
      const known = from.get(key) ?? { from: flip.from, offsets: new Set() };
      for (const offset of flip.offsets) known.offsets.add(offset);
      from.set(key, known);
    }
  }
  const candidates = [
    ...[...from.values()].flatMap(({ from: date, offsets }) => firstStep(date, offsets, context)),
    ...[...on.values()].map((date) => sql`CASE WHEN ${date} > ${context.today}::date THEN ${date} END`),
  ];
  return candidates.length === 0 ? sql`NULL::date` : sql`least(${join(candidates)})`;
}

function flipsOf(rule: Rule, scopeOf: ScopeOf): Flip[] {
  const wait = rule.countAfterDays ?? 0;
  return conditionsOf(rule.where).flatMap((condition) => {
    const field: Field = fieldOf(condition.field);
    const waiting = wait > 0 && field.fromOrders !== false;
    if (!waiting && !field.flips) return [];
    const scope = scopeOf(field.source, waiting ? wait : 0);
    const asked: Asked = { op: condition.op, value: condition.value };
    return [
      ...(waiting && field.source === 'profile'
        ? waitFlips(scope, field.fromOrders === 'placed' ? scope.placed : scope.orders)
        : []),
      ...(field.flips?.(scope, condition.with ?? {}, asked) ?? []),
    ];
  });
}

/** The first day after today that lies one of `offsets` days after `date`; nothing without offsets. */
export function firstStep(
  date: Sql,
  offsets: ReadonlySet<number>,
  { today }: Pick<RuleContext, 'today'>,
): Sql[] {
  if (offsets.size === 0) return [];
  const steps = [...offsets]
    .sort((a, b) => a - b)
    .map((offset) => sql`WHEN ${today}::date - ${date} < ${offset}::int THEN ${date} + ${offset}::int`);
  return [sql`CASE ${join(steps, ' ')} END`];
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
