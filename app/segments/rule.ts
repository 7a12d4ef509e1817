/**
 * The rule of a segment, version 1: a small typed tree, stored as JSON and shared by server and browser.
 *
 *   { "v": 1, "countAfterDays": 30,
 *     "where": { "all": [ { "field": "orders", "op": "gte", "value": 2 },
 *                         { "field": "spent_in", "with": { "lastDays": 365 }, "op": "gte", "value": 100000 },
 *                         { "none": [ { "field": "country", "op": "eq", "value": "DE" } ] } ] } }
 *
 * all: every one holds; any: at least one; none: not one. A condition on a customer without a value is false (those of
 * TRUE_OF_MISSING are true), so "none" is exactly the opposite of "any". countAfterDays: whatever comes from orders is
 * computed from orders of local dates at least so many days before today; scores and predictions are as published.
 * Money is whole minor units of the shop's currency (portable-rule.ts has major units). Nothing of a rule ever becomes
 * SQL text: fields, operators and parameters are closed sets, values are parameters.
 */
import { z } from 'zod';
import { isRuleDate, MUST_BE_A_DATE } from './rule-date.ts';
import { DAY_OPERATORS, operatorsOf, type Field, type Operator } from './field.ts';
import { fieldOf, isFieldKey, type FieldKey } from './fields.ts';
import { checkParams, PARAM_LIMITS, type ParamValues } from './param.ts';

export const RULE_LIMITS = {
  depth: 5,
  conditions: 100,
  listed: PARAM_LIMITS.listed,
  text: PARAM_LIMITS.text,
  countAfterDays: 3_650,
} as const;

export type Scalar = number | string | boolean;

export interface Condition {
  field: FieldKey;
  op: Operator;
  /** Absent for is_set and is_not_set; two ends for between; a list for in, not_in, has_any, has_all, has_none. */
  value?: Scalar | Scalar[];
  /** What the field is asked with. */
  with?: ParamValues;
}

export type RuleNode = Condition | { all: RuleNode[] } | { any: RuleNode[] } | { none: RuleNode[] };

export interface Rule {
  v: 1;
  where: RuleNode;
  /** Count an order for this segment only after so many days. */
  countAfterDays?: number;
}

/** Validates from unknown JSON; every issue has the path to the fault. */
export const ruleSchema: z.ZodType<Rule> = z
  .strictObject({
    v: z.literal(1, { error: 'must be 1: this version of the app knows no other' }),
    where: z.unknown(),
    countAfterDays: z
      .int({ error: 'must be a whole number of days' })
      .min(0, 'must not be negative')
      .max(RULE_LIMITS.countAfterDays, 'is too large')
      .exactOptional(),
  })
  .superRefine((rule, check) => {
    const found = { conditions: 0 };
    checkNode(rule.where, ['where'], 1, found, (path, message) =>
      check.addIssue({ code: 'custom', path, message }),
    );
    if (found.conditions > RULE_LIMITS.conditions) {
      check.addIssue({
        code: 'custom',
        path: ['where'],
        message: `has more than ${RULE_LIMITS.conditions} conditions`,
      });
    }
  }) as unknown as z.ZodType<Rule>;

export interface RuleFault {
  /** "where.all.1.value": where the fault is. */
  path: string;
  message: string;
}

export type ParsedRule = { ok: true; rule: Rule } | { ok: false; faults: RuleFault[] };

export function parseRule(json: unknown): ParsedRule {
  const parsed = ruleSchema.safeParse(json);
  if (parsed.success) return { ok: true, rule: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  };
}

/** Every condition of a rule, in the order in which it is written. */
export function conditionsOf(node: RuleNode): Condition[] {
  return isCondition(node) ? [node] : childrenOf(node).flatMap(conditionsOf);
}

export function isCondition(node: RuleNode): node is Condition {
  return 'field' in node;
}

export function childrenOf(node: Exclude<RuleNode, Condition>): RuleNode[] {
  return 'all' in node ? node.all : 'any' in node ? node.any : node.none;
}

type Report = (path: (string | number)[], message: string) => void;

function checkNode(
  node: unknown,
  path: (string | number)[],
  depth: number,
  found: { conditions: number },
  report: Report,
): void {
  if (depth > RULE_LIMITS.depth) return report(path, `is nested more than ${RULE_LIMITS.depth} deep`);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    return report(path, 'must be a condition or one of all, any, none');
  }
  const keys = Object.keys(node);
  const [group] = keys;
  if (keys.length === 1 && (group === 'all' || group === 'any' || group === 'none')) {
    const children: unknown = (node as Record<string, unknown>)[group];
    if (!Array.isArray(children) || children.length === 0) {
      return report([...path, group], 'must be a list with at least one condition');
    }
    for (const [i, child] of children.entries()) {
      if (found.conditions > RULE_LIMITS.conditions) return;
      checkNode(child, [...path, group, i], depth + 1, found, report);
    }
    return;
  }
  found.conditions += 1;
  checkCondition(node as Record<string, unknown>, path, report);
}

function checkCondition(node: Record<string, unknown>, path: (string | number)[], report: Report): void {
  const strange = Object.keys(node).find((key) => !['field', 'op', 'value', 'with'].includes(key));
  if (strange !== undefined) return report([...path, strange], 'is not part of a condition');
  const { field: key, op, value } = node as { field?: unknown; op?: unknown; value?: unknown };
  if (!isFieldKey(key)) return report([...path, 'field'], 'is not a field');
  const field = fieldOf(key);
  if (!operatorsOf(field).includes(op as Operator)) {
    return report([...path, 'op'], `must be one of ${operatorsOf(field).join(', ')}`);
  }
  checkParams(field.params ?? {}, node['with'], (below, message) =>
    report([...path, 'with', ...below], message),
  );
  const parsed = valueSchema(field, op as Operator).safeParse(value);
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    report([...path, 'value', ...(issue.path as (string | number)[])], issue.message);
  }
}

function valueSchema(field: Field, op: Operator): z.ZodType {
  const one = DAY_OPERATORS.includes(op) ? wholeNumber(PARAM_LIMITS.days) : scalarSchema(field);
  switch (op) {
    case 'is_set':
    case 'is_not_set':
      return z.undefined({ error: 'takes no value' });
    case 'between':
      return z
        .tuple([one, one], { error: 'must be two values, from and to' })
        .refine(([from, to]) => (from as Scalar) <= (to as Scalar), 'must not end before it begins');
    case 'in':
    case 'not_in':
    case 'has_any':
    case 'has_all':
    case 'has_none':
      return z
        .array(one, { error: 'must be a list' })
        .min(1, 'must name at least one')
        .max(RULE_LIMITS.listed, `must not name more than ${RULE_LIMITS.listed}`);
    default:
      return one;
  }
}

const wholeNumber = (most: number) =>
  z.int({ error: 'must be a whole number' }).min(0, 'must not be negative').max(most, 'is too large');

function scalarSchema(field: Field): z.ZodType<Scalar> {
  switch (field.type) {
    case 'count':
      return wholeNumber(1_000_000_000);
    case 'decimal':
      return z
        .number({ error: 'must be a number' })
        .min(0, 'must not be negative')
        .max(1_000_000, 'is too large')
        .refine((value) => Number(value.toFixed(2)) === value, 'must not have more than two decimals');
    case 'percent':
      return wholeNumber(100);
    case 'days':
      return wholeNumber(36_500);
    case 'money':
      return wholeNumber(1_000_000_000_000_000);
    case 'date':
      return z.string({ error: MUST_BE_A_DATE }).refine(isRuleDate, MUST_BE_A_DATE);
    case 'text':
    case 'list':
      return z
        .string({ error: 'must be text' })
        .max(RULE_LIMITS.text, `must not have more than ${RULE_LIMITS.text} characters`)
        .refine((text) => text.trim() !== '', 'must not be empty')
        .refine((text) => !text.includes('\0'), 'must not hold a null character');
    case 'yes_no':
      return z.boolean({ error: 'must be true or false' });
    case 'step':
    case 'choice': {
      const values = (field.options ?? []).map((option): string | number => option.value);
      const { pattern } = field;
      const wanted = values.length > 0 ? `must be one of ${values.join(', ')}` : 'must be a known code';
      return z.custom<Scalar>(
        (value) =>
          values.includes(value as string | number) ||
          (pattern !== undefined && typeof value === 'string' && pattern.test(value)),
        wanted,
      );
    }
  }
}
