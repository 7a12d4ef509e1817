/**
 * The rows that predicates are asked of: one row a customer, one column a term. Whatever terms look at orders that
 * count, at orders placed or at lines share one pass over each, grouped by customer; a rule that asks only for the profile
 * reads no order at all.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { Field, Pass, RuleContext, Scope } from './field.ts';
import { fieldOf } from './fields.ts';
import { flipsOn } from './review-dates.ts';
import type { Rule } from './rule.ts';
import { columnName, columnOf, readTerm, type TermKey } from './term.ts';

export interface SubjectOptions {
  /** Only those of touched_customer, with their cause; else the whole shop. */
  touched?: boolean;
  /** Only these customers. */
  customers?: readonly string[];
  /** Further columns over p, s, f, c. */
  columns?: Sql;
  /** Adds `flips_on`: the earliest local date after today on which time alone can change the answer of one of these. */
  flipsOf?: readonly Rule[];
  /** Adds further columns of such dates, each of one of these lists of rules, named flip_0, flip_1, ... */
  flipsOfEach?: readonly (readonly Rule[])[];
  /** Also people who are left out of everything computed. */
  leftOut?: boolean;
  /** For many predicates over many rows, in a subquery: each value is worked out once a row, whoever asks for it. */
  onceARow?: boolean;
}

/**
 * The `subject` rows: customers with a profile who are not left out, with the values of `terms`.
 * The statement may be followed by further conditions: AND p.customer_id = ...
 */
export function subjectOf(
  shopId: string,
  terms: readonly TermKey[],
  context: RuleContext,
  options: SubjectOptions = {},
): Sql {
  const build = new Build(shopId, context, options);
  const names = new Map<string, TermKey>();
  const values = [...new Set(terms)].map((term) => {
    const other = names.get(columnName(term));
    if (other !== undefined) throw new TypeError('two terms of one statement share a column name');
    names.set(columnName(term), term);
    return sql`${build.value(term)} AS ${columnOf(term)}`;
  });
  const flips = [
    ...(options.flipsOf ? [sql`${build.flips(options.flipsOf)} AS flips_on`] : []),
    ...(options.flipsOfEach ?? []).map((rules, i) => sql`${build.flips(rules)} AS ${raw(`flip_${i}`)}`),
  ];
  const columns = [
    sql`p.customer_id`,
    sql`${context.today}::date AS today`,
    ...(options.touched ? [sql`t.cause`] : []),
    ...(options.columns ? [options.columns] : []),
    ...values,
    ...flips,
    ...(options.onceARow ? [ONCE_A_ROW] : []),
  ];
  return sql`
    SELECT ${join(columns)}
      FROM ${options.touched ? raw('touched_customer t JOIN profile p ON p.customer_id = t.customer_id') : raw('profile p')}
      ${build.joins()}
     WHERE p.shop_id = ${shopId} ${options.touched ? sql`AND ${withinTouched('p.customer_id')}` : raw('')}
       ${options.customers ? sql`AND p.customer_id = ANY(${options.customers}::bigint[])` : raw('')}
       ${options.leftOut ? raw('') : raw('AND NOT p.left_out')}`;
}

class Build {
  readonly #shopId: string;
  readonly #context: RuleContext;
  readonly #options: SubjectOptions;
  readonly #orders = new OnePass('orders_of');
  readonly #placed = new OnePass('placed_by');
  readonly #lines = new OnePass('lines_of');
  readonly #order: Scope['order'];
  readonly #metafields = new Map<string, Sql>();
  readonly #sources = new Set<Field['source']>();

  constructor(shopId: string, context: RuleContext, options: SubjectOptions) {
    this.#shopId = shopId;
    this.#context = context;
    this.#options = options;
    this.#order = judgeOrder(context.policy, context.currency);
  }

  value(key: TermKey): Sql {
    const { field, params, wait } = readTerm(key);
    const { source, value } = fieldOf(field);
    this.#sources.add(source);
    return value(this.#scope(wait), params);
  }

  /** The earliest of all flips of the rules; null when there is none. */
  flips(rules: readonly Rule[]): Sql {
    return flipsOn(rules, this.#context, (source, wait) => {
      this.#sources.add(source);
      return this.#scope(wait);
    });
  }

  joins(): Sql {
    const needs = (source: Field['source']) => this.#sources.has(source);
    const on = raw('= p.customer_id');
    const metafields = [...this.#metafields].map(
      ([key, alias]) => sql`LEFT JOIN customer_metafield ${alias} ON ${alias}.shop_id = ${this.#shopId}
        AND ${alias}.customer_id ${on} AND ${alias}.namespace_key = ${key}`,
    );
    return sql`
      ${needs('score') ? sql`LEFT JOIN score s ON s.shop_id = ${this.#shopId} AND s.customer_id ${on}` : raw('')}
      ${needs('prediction') ? sql`LEFT JOIN prediction f ON f.shop_id = ${this.#shopId} AND f.customer_id ${on}` : raw('')}
      ${needs('customer') ? sql`LEFT JOIN customer c ON c.shop_id = ${this.#shopId} AND c.id ${on}` : raw('')}
      ${join([raw(''), ...metafields], ' ')}
      ${this.#orders.used ? sql`LEFT JOIN (${this.#orders.compile(this.#orderRows(this.#order.isCounted))}) orders_of ON orders_of.customer_id ${on}` : raw('')}
      ${this.#placed.used ? sql`LEFT JOIN (${this.#placed.compile(this.#orderRows(this.#order.isActivity))}) placed_by ON placed_by.customer_id ${on}` : raw('')}
      ${this.#lines.used ? sql`LEFT JOIN (${this.#lines.compile(this.#lineRows())}) lines_of ON lines_of.customer_id ${on}` : raw('')}`;
  }

  #scope(wait: number): Scope {
    return {
      context: this.#context,
      shopId: this.#shopId,
      wait,
      order: this.#order,
      orders: this.#orders,
      placed: this.#placed,
      lines: this.#lines,
      metafield: (key) => this.#metafield(key),
    };
  }

  #metafield(key: string): Sql {
    const alias = this.#metafields.get(key) ?? raw(`metafield_${this.#metafields.size}`);
    this.#metafields.set(key, alias);
    return alias;
  }

  #orderRows(which: Sql): Sql {
    return sql`${this.#ordersOf()} WHERE ${this.#ofTheseCustomers()} AND ${which}`;
  }

  #lineRows(): Sql {
    return sql`${this.#ordersOf()} JOIN order_line l ON l.shop_id = ${this.#shopId} AND l.order_id = o.id
      WHERE ${this.#ofTheseCustomers()} AND l.current_quantity > 0 AND ${this.#order.isCounted}
      ${this.#options.touched ? sql`AND l.order_id = ANY(${this.#touchedOrders()})` : raw('')}`;
  }

  /** Named, so that the lines of the touched come from an index, however they are joined then. */
  #touchedOrders(): Sql {
    return sql`ARRAY(SELECT o.id FROM ${this.#ordersOf()} WHERE ${this.#ofTheseCustomers()})`;
  }

  #ordersOf(): Sql {
    return this.#options.touched
      ? raw('touched_customer t JOIN orders o ON o.customer_id = t.customer_id')
      : raw('orders o');
  }

  #ofTheseCustomers(): Sql {
    const { touched, customers } = this.#options;
    return sql`o.shop_id = ${this.#shopId} AND o.customer_id IS NOT NULL
      ${touched ? sql`AND ${withinTouched('o.customer_id')}` : raw('')}
      ${customers ? sql`AND o.customer_id = ANY(${customers}::bigint[])` : raw('')}`;
  }
}

/** Columns and aggregates of one pass, each once, however often it is asked for. */
class OnePass implements Pass {
  readonly #alias: string;
  readonly #rows = new Map<string, { name: Sql; expression: Sql }>();
  readonly #aggregates = new Map<string, { name: Sql; expression: Sql }>();

  readonly #kept = new Map<string, Sql>();

  constructor(alias: string) {
    this.#alias = alias;
  }

  get used(): boolean {
    return this.#aggregates.size > 0;
  }

  row(expression: Sql): Sql {
    return once(this.#rows, expression, (n) => raw(`one.c${n}`)).name;
  }

  only(expression: Sql): Sql {
    this.#kept.set(sameness(expression), expression);
    return this.row(expression);
  }

  aggregate(expression: Sql): Sql {
    return once(this.#aggregates, expression, (n) => raw(`${this.#alias}.a${n}`)).name;
  }

  compile(rows: Sql): Sql {
    const named = (map: ReadonlyMap<string, { expression: Sql }>, letter: string) =>
      [...map.values()].map(({ expression }, n) => sql`, ${expression} AS ${raw(`${letter}${n}`)}`);
    return sql`
      SELECT one.customer_id ${join(named(this.#aggregates, 'a'), ' ')}
        FROM (SELECT o.customer_id ${join([raw(''), ...named(this.#rows, 'c')], ' ')}, ${ONCE_A_ROW} FROM ${rows}
              ${this.#kept.size > 0 ? sql`AND (${join([...this.#kept.values()], ' OR ')})` : raw('')}) one
       GROUP BY one.customer_id`;
  }
}

/**
 * A column that makes PostgreSQL work out the columns beside it once a row, not anew wherever they are used: a subquery
 * with a volatile function in its list is not taken apart. This one costs next to nothing and, other than OFFSET 0,
 * lets several workers read.
 */
export const ONCE_A_ROW = raw('pg_is_in_recovery() AS once_a_row');

function once(
  map: Map<string, { name: Sql; expression: Sql }>,
  expression: Sql,
  nameOf: (n: number) => Sql,
): { name: Sql; expression: Sql } {
  const key = sameness(expression);
  const known = map.get(key);
  if (known) return known;
  const added = { name: nameOf(map.size), expression };
  map.set(key, added);
  return added;
}

/** Two expressions with the same sameness mean the same. */
export function sameness(expression: Sql): string {
  return JSON.stringify([expression.sql, expression.values]);
}
