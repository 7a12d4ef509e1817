/**
 * The one compiler from a rule to SQL: a predicate with parameters over the columns of a `subject` row, one
 * column a field, named by the field's key. The same predicate serves preview, touched customers, customers
 * that are due and rebuilds.
 *
 * Every condition is made two-valued (a missing value is false, for "neq" true), so groups nest as in plain logic.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import type { LocalDate } from '../local-date.ts';
import { assertNever } from '../app-error.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { Field, RuleContext } from './field.ts';
import { fieldOf, isFieldKey, type FieldKey } from './fields.ts';
import { conditionsOf, isCondition, type Condition, type Rule, type RuleNode, type Scalar } from './rule.ts';

/** True or false for each row of `subject`. */
export function compileRule(rule: Rule): Sql {
  return compileNode(rule.where);
}

/** One condition alone, for the page that explains a membership condition by condition. */
export function compileCondition(condition: Condition): Sql {
  const field = fieldOf(condition.field);
  const value = column(condition.field);
  const one = (given: Scalar) => typed(field, given);
  const given = condition.value;
  switch (condition.op) {
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
    default:
      return assertNever(condition.op);
  }
}

/** Fields whose values a rule's evidence keeps: those it asks for, or what they are based on. */
export function evidenceFields(rule: Rule): FieldKey[] {
  const keys = conditionsOf(rule.where).flatMap(({ field: key }) => {
    const { basedOn } = fieldOf(key);
    return [key, ...(basedOn ?? []).filter(isFieldKey)];
  });
  return [...new Set(keys)];
}

/** The values of `fields` as one JSON object, from a `subject` row. */
export function compileEvidence(fields: readonly FieldKey[]): Sql {
  return sql`jsonb_build_object(${join(fields.map((key) => sql`${key}::text, ${column(key)}`))})`;
}

/**
 * The `subject` rows: customers with a profile who are not left out, with the values of `fields`.
 * @param options.touched only those of touched_customer, with their cause; else the whole shop
 * @param options.columns further columns over p, s, f, c
 */
export function subjectOf(
  shopId: string,
  fields: readonly FieldKey[],
  context: RuleContext,
  options: { touched: boolean; columns?: Sql } = { touched: false },
): Sql {
  const sources = new Set(fields.map((key) => fieldOf(key).source));
  const columns = [
    sql`p.customer_id`,
    ...(options.touched ? [sql`t.cause`] : []),
    ...(options.columns ? [options.columns] : []),
    ...fields.map((key) => sql`${fieldOf(key).value(context)} AS ${column(key)}`),
  ];
  return sql`
    SELECT ${join(columns)}
      FROM ${options.touched ? raw('touched_customer t JOIN profile p ON p.customer_id = t.customer_id') : raw('profile p')}
      ${sources.has('score') ? sql`LEFT JOIN score s ON s.shop_id = ${shopId} AND s.customer_id = p.customer_id` : raw('')}
      ${sources.has('prediction') ? sql`LEFT JOIN prediction f ON f.shop_id = ${shopId} AND f.customer_id = p.customer_id` : raw('')}
      ${sources.has('customer') ? sql`LEFT JOIN customer c ON c.shop_id = ${shopId} AND c.id = p.customer_id` : raw('')}
     WHERE p.shop_id = ${shopId} ${options.touched ? sql`AND ${withinTouched('p.customer_id')}` : raw('')} AND NOT p.left_out`;
}

/** Column names come from the closed set of field keys. */
function column(key: FieldKey): Sql {
  return raw(`"${key}"`);
}

function compileNode(node: RuleNode): Sql {
  if (isCondition(node)) return compileCondition(node);
  if ('all' in node) return sql`(${join(node.all.map(compileNode), ' AND ')})`;
  if ('any' in node) return sql`(${join(node.any.map(compileNode), ' OR ')})`;
  return sql`(NOT (${join(node.none.map(compileNode), ' OR ')}))`;
}

function typed(field: Field, value: Scalar): Sql {
  switch (field.type) {
    case 'count':
    case 'days':
    case 'money':
      return sql`${value}::bigint`;
    case 'decimal':
      return sql`${value}::numeric`;
    case 'percent':
    case 'step':
      return sql`${value}::int`;
    case 'date':
      return sql`${value as LocalDate}::date`;
    case 'choice':
      return sql`${value}::text`;
    case 'yes_no':
      return sql`${value}::boolean`;
    default:
      return assertNever(field.type);
  }
}

function scalar(value: Condition['value']): Scalar {
  if (value === undefined || Array.isArray(value)) throw new TypeError('a validated rule has a value here');
  return value;
}

function list(value: Condition['value']): Scalar[] {
  if (!Array.isArray(value)) throw new TypeError('a validated rule has a list here');
  return value;
}
