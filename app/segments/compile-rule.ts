/**
 * The one compiler from a rule to SQL: a predicate with parameters over the columns of a `subject` row, one
 * column a term (compile-subject.ts). The same predicate serves preview, touched customers, customers that are due
 * and rebuilds.
 *
 * Every condition is made two-valued (a missing value is false, for the operators of TRUE_OF_MISSING true), so groups
 * nest as in plain logic.
 */
import { AppError, assertNever } from '../app-error.ts';
import { join, raw, sql, type Sql } from '../db/sql.ts';
import type { LocalDate } from '../local-date.ts';
import type { Field, FieldType } from './field.ts';
import { fieldOf, isFieldKey } from './fields.ts';
import { folded, foldedList, foldedTexts, textsOf } from './fold.ts';
import { conditionsOf, isCondition, type Condition, type Rule, type RuleNode, type Scalar } from './rule.ts';
import { anyOfTerm, columnOf, readTerm, relatedTerms, termOf, type TermKey } from './term.ts';

export { subjectOf, type SubjectOptions } from './compile-subject.ts';

/**
 * The value of a field that asks for other segments, over the same `subject` (final-membership.ts): whether the customer
 * is a member of one, how they stand in the tiers of one.
 */
export type OfOthers = (asked: Pick<Condition, 'field' | 'with'>) => Sql;

/** True or false for each row of `subject`. */
export function compileRule(rule: Rule, ofOthers: OfOthers = noReferences): Sql {
  return compileNode(rule.where, rule.countAfterDays ?? 0, ofOthers);
}

/**
 * One condition alone, for the page that explains a membership condition by condition.
 * @param wait countAfterDays of its rule
 */
export function compileCondition(condition: Condition, wait = 0, ofOthers: OfOthers = noReferences): Sql {
  const field = fieldOf(condition.field);
  const asksOthers = field.source === 'segment';
  if (asksOthers && field.type === 'yes_no') {
    const member = ofOthers(condition);
    return condition.value === true ? sql`(${member})` : sql`(NOT (${member}))`;
  }
  const value = asksOthers ? ofOthers(condition) : columnOf(termOf(condition, wait));
  const given = condition.value;
  switch (field.type) {
    case 'text':
      return compileText(condition, value);
    case 'list':
      return compileList(condition, field.anyOf ? { askedInRows: wait } : { value });
    default:
      return compare(condition, value, (one) => typed(field, one), given);
  }
}

function compare({ op }: Condition, value: Sql, one: (given: Scalar) => Sql, given: Condition['value']): Sql {
  const days = () => sql`${scalar(given)}::int`;
  switch (op) {
    case 'is_set':
      return sql`(${value} IS NOT NULL)`;
    case 'is_not_set':
      return sql`(${value} IS NULL)`;
    case 'neq':
      return sql`(${value} IS DISTINCT FROM ${one(scalar(given))})`;
    case 'eq':
      return sql`(${value} IS NOT DISTINCT FROM ${one(scalar(given))})`;
    case 'lt':
    case 'before':
      return sql`coalesce(${value} < ${one(scalar(given))}, false)`;
    case 'lte':
      return sql`coalesce(${value} <= ${one(scalar(given))}, false)`;
    case 'gt':
    case 'after':
      return sql`coalesce(${value} > ${one(scalar(given))}, false)`;
    case 'gte':
      return sql`coalesce(${value} >= ${one(scalar(given))}, false)`;
    case 'between': {
      const [from, to] = list(given);
      return sql`coalesce(${value} BETWEEN ${one(scalar(from))} AND ${one(scalar(to))}, false)`;
    }
    case 'in':
      return sql`coalesce(${value} IN (${join(list(given).map(one))}), false)`;
    case 'not_in':
      return sql`coalesce(${value} NOT IN (${join(list(given).map(one))}), true)`;
    case 'in_last_days':
      return sql`coalesce(today - ${value} BETWEEN 0 AND ${days()}, false)`;
    case 'not_in_last_days':
      return sql`coalesce(today - ${value} NOT BETWEEN 0 AND ${days()}, true)`;
    case 'more_than_days_ago':
      return sql`coalesce(today - ${value} > ${days()}, false)`;
    case 'in_next_days':
      return sql`coalesce(${value} - today BETWEEN 0 AND ${days()}, false)`;
    case 'contains':
    case 'not_contains':
    case 'starts_with':
    case 'has_any':
    case 'has_all':
    case 'has_none':
      throw new TypeError('not an operator of this type');
    default:
      return assertNever(op);
  }
}

function compileText(condition: Condition, value: Sql): Sql {
  const text = folded(value);
  const given = condition.value;
  const one = () => folded(sql`${scalar(given)}::text`);
  switch (condition.op) {
    case 'contains':
      return sql`coalesce(position(${one()} IN ${text}) > 0, false)`;
    case 'not_contains':
      return sql`coalesce(position(${one()} IN ${text}) = 0, true)`;
    case 'starts_with':
      return sql`coalesce(starts_with(${text}, ${one()}), false)`;
    case 'in':
      return sql`coalesce(${text} = ANY(${foldedList(list(given) as string[])}), false)`;
    case 'not_in':
      return sql`coalesce(${text} <> ALL(${foldedList(list(given) as string[])}), true)`;
    default:
      return compare(condition, text, (scalar) => folded(sql`${scalar}::text`), given);
  }
}

function compileList(condition: Condition, from: { value: Sql } | { askedInRows: number }): Sql {
  if ('askedInRows' in from) {
    const each = anyOfTerms(condition, from.askedInRows).map((term) => columnOf(term));
    return condition.op === 'has_none' ? sql`(NOT ${join(each)})` : sql`(${join(each, ' AND ')})`;
  }
  const had = foldedTexts(from.value);
  const asked = foldedList(list(condition.value) as string[]);
  switch (condition.op) {
    case 'has_any':
      return sql`coalesce(${had} && ${asked}, false)`;
    case 'has_all':
      return sql`coalesce(${had} @> ${asked}, false)`;
    case 'has_none':
      return sql`(NOT coalesce(${had} && ${asked}, false))`;
    default:
      throw new TypeError('not an operator of lists');
  }
}

/** What a condition on a list asks of each row: one answer for any or none of the texts, one a text for all of them. */
function anyOfTerms(condition: Condition, wait: number): TermKey[] {
  const texts = list(condition.value) as string[];
  const asked = condition.op === 'has_all' ? texts.map((text) => [text]) : [texts];
  return asked.map((some) => anyOfTerm(condition, wait, some));
}

const asking = (rule: Rule) =>
  conditionsOf(rule.where).filter(({ field }) => fieldOf(field).source !== 'segment');

/** The conditions of a rule that ask how customers stand in tiers: they have values to show, which are in no column. */
export function tierConditions(rule: Rule): Condition[] {
  return conditionsOf(rule.where).filter(({ field }) => fieldOf(field).asksForTiers);
}

/**
 * The terms that a rule asks for, each once: the columns that `subject` needs for its predicate. Those of segments
 * that it refers to are not among them (compile-references.ts).
 */
export function termsOf(rule: Rule): TermKey[] {
  const { countAfterDays: wait = 0 } = rule;
  const terms = asking(rule).flatMap((condition) =>
    fieldOf(condition.field).anyOf ? anyOfTerms(condition, wait) : [termOf(condition, wait)],
  );
  return [...new Set(terms)];
}

/** The terms whose values a rule is about, each once: a list is shown whole, whatever was asked of it. */
export function valuesOf(rule: Rule): TermKey[] {
  return [...new Set(asking(rule).map((condition) => termOf(condition, rule.countAfterDays)))];
}

/** The columns that `subject` needs for a rule's predicate and for its evidence. */
export function columnsOf(rule: Rule): TermKey[] {
  return [...new Set([...termsOf(rule), ...evidenceFields(rule)])];
}

/** Terms whose values a rule's evidence keeps: those it is about, and what they are based on. */
export function evidenceFields(rule: Rule): TermKey[] {
  const terms = valuesOf(rule).flatMap((term) => {
    const { basedOn } = fieldOf(readTerm(term).field);
    return [term, ...relatedTerms(term, (basedOn ?? []).filter(isFieldKey))];
  });
  return [...new Set(terms)];
}

const NO_OTHERS: ReadonlyMap<TermKey, Sql> = new Map();

/** PostgreSQL's functions take at most 100 arguments: names and values. */
const MOST_PAIRS = 50;

function inPortions<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/**
 * The values of `terms` as one JSON object, from a `subject` row.
 * @param others values that are in no column of it, by their terms
 */
export function compileEvidence(
  terms: readonly TermKey[],
  others: ReadonlyMap<TermKey, Sql> = NO_OTHERS,
): Sql {
  const values = [...terms.map((term) => [term, valueOf(term)] as const), ...others];
  if (values.length === 0) return sql`'{}'::jsonb`;
  const objects = inPortions(values, MOST_PAIRS).map(
    (some) => sql`jsonb_build_object(${join(some.map(([term, value]) => sql`${term}::text, ${value}`))})`,
  );
  return sql`(${join(objects, ' || ')})`;
}

/** A term's value as it is told; its column of `subject` has lists as one text. */
export function valueOf(term: TermKey): Sql {
  const column = columnOf(term);
  return fieldOf(readTerm(term).field).type === 'list' ? textsOf(column) : column;
}

function compileNode(node: RuleNode, wait: number, ofOthers: OfOthers): Sql {
  const each = (nodes: readonly RuleNode[]) => nodes.map((one) => compileNode(one, wait, ofOthers));
  if (isCondition(node)) return compileCondition(node, wait, ofOthers);
  if ('all' in node) return sql`(${join(each(node.all), ' AND ')})`;
  if ('any' in node) return sql`(${join(each(node.any), ' OR ')})`;
  return sql`(NOT (${join(each(node.none), ' OR ')}))`;
}

/** How the bounds of a type are cast. */
const CASTS: Record<Exclude<FieldType, 'text' | 'list'>, Sql> = {
  count: raw('bigint'),
  days: raw('bigint'),
  money: raw('bigint'),
  decimal: raw('numeric'),
  percent: raw('int'),
  step: raw('int'),
  date: raw('date'),
  choice: raw('text'),
  yes_no: raw('boolean'),
};

function typed({ type }: Field, value: Scalar): Sql {
  if (type === 'text' || type === 'list') throw new TypeError('texts are folded');
  return sql`${type === 'date' ? (value as LocalDate) : value}::${CASTS[type]}`;
}

function scalar(value: Condition['value']): Scalar {
  if (value === undefined || Array.isArray(value)) throw new TypeError('a validated rule has a value here');
  return value;
}

function list(value: Condition['value']): Scalar[] {
  if (!Array.isArray(value)) throw new TypeError('a validated rule has a list here');
  return value;
}

function noReferences({ with: params }: Pick<Condition, 'with'>): Sql {
  throw new AppError('invariant', 'A segment that another one asks for was not looked up.', {
    context: { segmentKey: params?.segment ?? '' },
  });
}
