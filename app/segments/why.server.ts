/**
 * Why a customer is in a segment, or is not: computed on demand from the rule, condition by condition, with the
 * customer's value, the bound, and the next day on which time alone can change the answer, and what the value is then.
 * The day after tomorrow is asked like today: the same statement with another date. Nothing else is foreseen, so an
 * order that comes in between changes everything.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { LocalDate } from '../local-date.ts';
import {
  compileCondition,
  compileEvidence,
  columnsOf,
  compileRule,
  evidenceFields,
  subjectOf,
  termsOf,
  tierConditions,
} from './compile-rule.ts';
import type { RuleContext } from './field.ts';
import { fieldOf, type FieldKey } from './fields.ts';
import { dateOffsets } from './flip-offsets.ts';
import { othersOf, tierColumns } from './final-membership.ts';
import { needsStanding, standingOf } from './standing.ts';
import { loadSegment } from './load-segments.server.ts';
import { labelOf } from './print-label.ts';
import { printCondition, printRule, type PrintOptions } from './print-rule.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { firstStep } from './review-dates.ts';
import { conditionsOf, type Condition, type Rule } from './rule.ts';
import { ownRulesOf, type Segment } from './segment.ts';
import { termOf, type TermKey } from './term.ts';
import { readRemembered } from './read-remembered.server.ts';
import { decidingSettings, printSetting, type WhySetting } from './why-settings.ts';
import { printChange, type Foreseen } from './why.ts';

/** Text for money (minor units) that JSON has no exact number for, and for dates; of a list: its texts. */
export type WhyValue = string | number | boolean | string[] | null;

export interface WhyCondition {
  /** "days since last activity is between 30 and 59" */
  text: string;
  field: FieldKey;
  /** Under which its value is in `values`. */
  term: TermKey;
  /** With its parameters: "spent in the last 365 days". */
  label: string;
  /** The customer's value; null when there is none. */
  value: WhyValue;
  /** What it is compared with. */
  op: Condition['op'];
  bound: Condition['value'] | null;
  holds: boolean;
  /** The next shop-local date on which time alone can change it; null when it cannot. */
  canChangeOn: LocalDate | null;
  /** What it is on that date, if nothing else happens. */
  then: { value: WhyValue; holds: boolean } | null;
}

export interface Why {
  /** What the rule says now. */
  holds: boolean;
  /** The stored membership, which agrees with `holds` for live and paused segments without lists and priority. */
  member: { since: Date; cause: string } | null;
  conditions: WhyCondition[];
  /** The customer's values of all terms that were looked at, and of what they are based on. */
  values: Readonly<Record<string, WhyValue>>;
  /** When the rule will say something else, if nothing else happens; null: within five years it will not. */
  next: Foreseen | null;
  /** What decides beside the rule, the strongest first, with words: lists, holds, stays, the order of a set. */
  settings: (WhySetting & { words: string })[];
  /**
   * What will be, in words: what decides beside the rule when something does ("kept until 31 December by the hold"),
   * else `next`: "leaves VIP on 28 November (1,200.00 becomes 800.00)"; null when the rule decides and will not change.
   */
  sentence: string | null;
}

interface Answer {
  holds: boolean;
  each: boolean[];
  flips: (LocalDate | null)[];
  /** Of the whole rule, what it refers to included. */
  flipsOn: LocalDate | null;
  values: Record<string, WhyValue>;
}

/** How far ahead is looked: days, and dates in between. */
const AHEAD = { days: 5 * 366, steps: 80 } as const;

/** @returns undefined when there is no such segment, its rule cannot be read, or the customer is not known or left out */
export async function why(
  tx: ShopTx,
  { customerId, key, now }: { customerId: ShopifyId; key: string; now: Date },
): Promise<Why | undefined> {
  const segment = await loadSegment(tx, key);
  if (segment === undefined || segment.rule === null) return undefined;
  const { rule } = segment;
  const { context, print } = await readRuleDay(tx, now);
  const ask = remembered((today) => askOn(tx, segment, { ...context, today }, customerId));
  const answer = await ask(context.today);
  if (answer === undefined) return undefined;
  const conditions: WhyCondition[] = [];
  for (const [i, condition] of conditionsOf(rule.where).entries()) {
    const on = answer.flips[i] ?? null;
    const later = on === null ? undefined : await ask(on);
    const valueIn = (one: Answer) => valueOf(condition, rule, one, i);
    conditions.push({
      text: printCondition(condition, print),
      field: condition.field,
      term: termOf(condition, rule.countAfterDays),
      label: labelOf(condition, print),
      value: valueIn(answer),
      op: condition.op,
      bound: condition.value ?? null,
      holds: answer.each[i] ?? false,
      canChangeOn: on,
      then: later === undefined ? null : { value: valueIn(later), holds: later.each[i] ?? false },
    });
  }
  const next = await foresee(ask, answer, context.today, segment, print);
  const about = await readRemembered(tx, segment, customerId, context);
  const settings = decidingSettings(segment, answer.holds, about).map((setting) => ({
    ...setting,
    words: printSetting(setting, context.today) + keptBy(setting, segment, print),
  }));
  const decides = settings.find((setting) => outlasts(setting, answer.holds, next));
  const foreseen = next === null ? null : printChange(segment.name, next, context.today, print);
  return {
    holds: answer.holds,
    member: await readMember(tx, segment, customerId),
    values: answer.values,
    conditions,
    next,
    settings,
    sentence: decides?.words ?? foreseen,
  };
}

/** ": customers with at least 2 orders" behind the softer rule that keeps somebody. */
function keptBy({ what }: WhySetting, { settings: { keep } }: Segment, print: PrintOptions): string {
  if (what !== 'kept' || !keep) return '';
  const sentence = printRule(keep, print).replace(/\.$/, '');
  return `: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

/** Whether a setting says more than the rule: a hold on somebody whom the rule keeps longer anyway does not. */
function outlasts(setting: WhySetting, holds: boolean, next: Foreseen | null): boolean {
  if (setting.what !== 'held' && setting.what !== 'staying') return true;
  return !holds || (next !== null && !next.holds && next.on <= setting.until);
}

/** Goes from date to date on which something can flip until the rule says something else. */
async function foresee(
  ask: (today: LocalDate) => Promise<Answer | undefined>,
  now: Answer,
  today: LocalDate,
  { rule }: Segment,
  print: PrintOptions,
): Promise<Foreseen | null> {
  const until = Date.parse(today) + AHEAD.days * 86_400_000;
  let before = now;
  for (let step = 0; step < AHEAD.steps; step++) {
    const on = before.flipsOn;
    if (on === null || Date.parse(on) > until) return null;
    const then = await ask(on);
    if (then === undefined) return null;
    if (then.holds === now.holds) {
      before = then;
      continue;
    }
    const last = before;
    return {
      on,
      holds: then.holds,
      waits: (rule.countAfterDays ?? 0) > 0,
      because: conditionsOf(rule.where).flatMap((condition, i) => {
        if (last.each[i] === then.each[i]) return [];
        const { type } = fieldOf(condition.field);
        return [
          {
            label: labelOf(condition, print),
            type,
            from: valueOf(condition, rule, last, i),
            to: valueOf(condition, rule, then, i),
          },
        ];
      }),
    };
  }
  return null;
}

function valueOf(condition: Condition, rule: Rule, answer: Answer, place: number): WhyValue {
  if (condition.field === 'member_of') return (answer.each[place] ?? false) === condition.value;
  return answer.values[termOf(condition, rule.countAfterDays)] ?? null;
}

/** The rule's answers for one customer as if it were another day. */
async function askOn(
  tx: ShopTx,
  segment: Segment,
  context: RuleContext,
  customerId: ShopifyId,
): Promise<Answer | undefined> {
  const { rule, refersTo } = segment;
  const conditions = conditionsOf(rule.where);
  const wait = rule.countAfterDays ?? 0;
  const resting = refersTo.flatMap(ownRulesOf);
  const ofOthers = othersOf([segment]);
  const each = conditions.map((condition) => compileCondition(condition, wait, ofOthers));
  const standings = new Map(tierConditions(rule).map((asked) => [termOf(asked), ofOthers(asked)]));
  // A tier's last day is in no column of `subject`, so neither are the days that are counted from it.
  const ends = conditions.map((asked) =>
    asked.field === 'tier_until'
      ? firstStep(ofOthers(asked), new Set([1, ...dateOffsets(asked)]), context)
      : [],
  );
  const own = evidenceFields(rule);
  const subject = subjectOf(tx.shopId, [...columnsOf(rule), ...resting.flatMap(termsOf)], context, {
    customers: [customerId],
    flipsOf: [rule, ...resting],
    flipsOfEach: conditions.map((where) =>
      fieldOf(where.field).source === 'segment' ? resting : [{ ...rule, where }],
    ),
  });
  const { rows } = await tx.query<Answer & Record<string, unknown>>(sql`
    SELECT ${compileRule(rule, ofOthers)} AS holds, ARRAY[${join(each)}]::boolean[] AS each,
           ARRAY[${join(conditions.map((_, i) => earliest(raw(`flip_${i}`), ends[i] ?? [])))}]::text[] AS flips,
           ${earliest(raw('flips_on'), ends.flat())} AS "flipsOn", ${compileEvidence(own, standings)} AS values
      FROM (${subject}) subject
      ${needsStanding([segment]) ? sql`LEFT JOIN (${standingOf(tx.shopId, [segment], context, { touched: false })}) standing USING (customer_id)` : raw('')}
      ${tierColumns([segment])}`);
  return rows[0];
}

/** `least` passes over what is null. */
const earliest = (date: Sql, others: readonly Sql[]): Sql =>
  others.length === 0 ? date : sql`least(${join([date, ...others])})`;

async function readMember(tx: ShopTx, { id }: Segment, customerId: ShopifyId): Promise<Why['member']> {
  const { rows } = await tx.query<{ since: Date; cause: string }>(sql`
    SELECT since, cause FROM membership
     WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint AND customer_id = ${customerId}::bigint`);
  return rows[0] ?? null;
}

/** Each date is asked once. */
function remembered(
  ask: (today: LocalDate) => Promise<Answer | undefined>,
): (today: LocalDate) => Promise<Answer | undefined> {
  const known = new Map<LocalDate, Answer | undefined>();
  return async (today) => {
    if (!known.has(today)) known.set(today, await ask(today));
    return known.get(today);
  };
}
