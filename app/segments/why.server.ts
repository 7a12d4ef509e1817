/**
 * Why a customer is in a segment, or is not: computed on demand from the rule, condition by condition, with the
 * customer's value and the next day on which time alone can change the answer.
 */
import { join, raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { LocalDate } from '../local-date.ts';
import { compileCondition, compileEvidence, compileRule, evidenceFields, subjectOf } from './compile-rule.ts';
import { fieldOf, type FieldKey } from './fields.ts';
import { loadSegment } from './load-segments.server.ts';
import { printCondition } from './print-rule.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { conditionsOf, type Condition } from './rule.ts';
import { termOf } from './term.ts';

/** Of a list: its texts. */
export type WhyValue = string | number | boolean | string[] | null;

export interface WhyCondition {
  /** "days since last activity is between 30 and 59" */
  text: string;
  field: FieldKey;
  label: string;
  /** The customer's value: text for money (minor units) and dates; null when there is none. */
  value: WhyValue;
  /** What it is compared with. */
  op: Condition['op'];
  bound: Condition['value'] | null;
  holds: boolean;
  /** The next shop-local date on which time alone can change it; null when it cannot. */
  canChangeOn: LocalDate | null;
}

export interface Why {
  /** What the rule says now. */
  holds: boolean;
  /** The stored membership, which agrees with `holds` for live and paused segments. */
  member: { since: Date; cause: string } | null;
  conditions: WhyCondition[];
  /** The customer's values of all fields that were looked at, and of what they are based on. */
  values: Readonly<Record<string, WhyValue>>;
}

/** @returns undefined when there is no such segment, its rule cannot be read, or the customer is not known or left out */
export async function why(
  tx: ShopTx,
  { customerId, key, now }: { customerId: ShopifyId; key: string; now: Date },
): Promise<Why | undefined> {
  const segment = await loadSegment(tx, key);
  if (segment === undefined || segment.rule === null) return undefined;
  const { rule } = segment;
  const { context, print } = await readRuleDay(tx, now);
  const conditions = conditionsOf(rule.where);
  const fields = evidenceFields(rule);
  const wait = rule.countAfterDays ?? 0;
  const flips = conditions.map((where) => [{ ...rule, where }]);
  const { rows } = await tx.query<{
    holds: boolean;
    each: boolean[];
    flips: (LocalDate | null)[];
    values: Record<string, WhyValue>;
    since: Date | null;
    cause: string | null;
  }>(sql`
    SELECT ${compileRule(rule)} AS holds, ARRAY[${join(conditions.map((condition) => compileCondition(condition, wait)))}] AS each,
           ARRAY[${join(conditions.map((_, i) => raw(`flip_${i}`)))}]::text[] AS flips,
           ${compileEvidence(fields)} AS values, m.since, m.cause
      FROM (${subjectOf(tx.shopId, fields, context, { flipsOfEach: flips })}
              AND p.customer_id = ${customerId}::bigint) subject
      LEFT JOIN membership m ON m.shop_id = ${tx.shopId} AND m.segment_id = ${segment.id}::bigint
                            AND m.customer_id = subject.customer_id`);
  const row = rows[0];
  if (!row) return undefined;
  return {
    holds: row.holds,
    member: row.since === null ? null : { since: row.since, cause: row.cause ?? '' },
    values: row.values,
    conditions: conditions.map((condition, i) => ({
      text: printCondition(condition, print),
      field: condition.field,
      label: fieldOf(condition.field).label,
      value: row.values[termOf(condition, wait)] ?? null,
      op: condition.op,
      bound: condition.value ?? null,
      holds: row.each[i] ?? false,
      canChangeOn: row.flips[i] ?? null,
    })),
  };
}
