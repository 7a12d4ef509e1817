/**
 * The rows that predicates are asked of: one row a customer, one column a term. Whatever terms look at orders and their
 * lines share one pass (order-pass.ts); a rule that asks only for the profile reads no order at all.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { Field, RuleContext, Scope } from './field.ts';
import { fieldOf } from './fields.ts';
import { ONCE_A_ROW, OrderPass } from './order-pass.ts';
import { flipsOn } from './review-dates.ts';
import type { Rule } from './rule.ts';
import { STATEMENT_LIMITS, StatementTooLarge } from './statement-limits.ts';
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
 * @throws StatementTooLarge when PostgreSQL would not take so many columns
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
  const joins = build.joins();
  if (Math.max(columns.length, build.width) > STATEMENT_LIMITS.columns) throw new StatementTooLarge();
  return sql`
    SELECT ${join(columns)}
      FROM ${options.touched ? raw('touched_customer t JOIN profile p ON p.customer_id = t.customer_id') : raw('profile p')}
      ${joins}
     WHERE p.shop_id = ${shopId} ${options.touched ? sql`AND ${withinTouched('p.customer_id')}` : raw('')}
       ${options.customers ? sql`AND p.customer_id = ANY(${options.customers}::bigint[])` : raw('')}
       ${options.leftOut ? raw('') : raw('AND NOT p.left_out')}`;
}

class Build {
  readonly #shopId: string;
  readonly #context: RuleContext;
  readonly #options: SubjectOptions;
  readonly #order: Scope['order'];
  readonly #pass: OrderPass;
  readonly #metafields = new Map<string, Sql>();
  readonly #sources = new Set<Field['source']>();

  constructor(shopId: string, context: RuleContext, options: SubjectOptions) {
    this.#shopId = shopId;
    this.#context = context;
    this.#options = options;
    this.#order = judgeOrder(context.policy, context.currency);
    this.#pass = new OrderPass(shopId, context.timeZone, this.#order);
  }

  value(key: TermKey): Sql {
    const { field, params, wait, anyOf } = readTerm(key);
    const declared = fieldOf(field);
    this.#sources.add(declared.source);
    const scope = this.#scope(wait);
    if (anyOf === undefined) return declared.value(scope, params);
    if (!declared.anyOf) throw new TypeError('a field that asks its own list');
    return declared.anyOf(scope, params, anyOf);
  }

  /** The earliest of all flips of the rules; null when there is none. */
  flips(rules: readonly Rule[]): Sql {
    return flipsOn(rules, this.#context, (source, wait) => {
      this.#sources.add(source);
      return this.#scope(wait);
    });
  }

  /** Columns of the widest of the rows that a subject is made of; known once it is joined. */
  get width(): number {
    return this.#pass.width;
  }

  joins(): Sql {
    const needs = (source: Field['source']) => this.#sources.has(source);
    const on = raw('= p.customer_id');
    const within = (column: Parameters<typeof withinTouched>[0]) =>
      this.#options.touched ? sql`AND ${withinTouched(column)}` : raw('');
    const metafields = [...this.#metafields].map(
      ([key, alias]) => sql`LEFT JOIN customer_metafield ${alias} ON ${alias}.shop_id = ${this.#shopId}
        AND ${alias}.customer_id ${on} AND ${alias}.namespace_key = ${key}
        ${within(sql`${alias}.customer_id`)}`,
    );
    return sql`
      ${needs('score') ? sql`LEFT JOIN score s ON s.shop_id = ${this.#shopId} AND s.customer_id ${on} ${within('s.customer_id')}` : raw('')}
      ${needs('prediction') ? sql`LEFT JOIN prediction f ON f.shop_id = ${this.#shopId} AND f.customer_id ${on} ${within('f.customer_id')}` : raw('')}
      ${needs('customer') ? sql`LEFT JOIN customer c ON c.shop_id = ${this.#shopId} AND c.id ${on} ${within('c.id')}` : raw('')}
      ${needs('offer') ? sql`LEFT JOIN (${this.#given()}) given ON given.customer_id ${on}` : raw('')}
      ${join([raw(''), ...metafields], ' ')}
      ${this.#pass.used ? sql`LEFT JOIN (${this.#pass.compile(this.#orderRows())}) orders_of ON orders_of.customer_id ${on}` : raw('')}`;
  }

  /** The days on which offers were given to each customer. */
  #given(): Sql {
    const { touched, customers } = this.#options;
    const day = sql`(h.since AT TIME ZONE ${this.#context.timeZone})::date`;
    return sql`
      SELECT h.customer_id, array_agg(${day}) AS days, max(${day}) AS last_on
        FROM ${raw(touched ? 'touched_customer t JOIN offer_holder h ON h.customer_id = t.customer_id' : 'offer_holder h')}
       WHERE h.shop_id = ${this.#shopId} ${touched ? sql`AND ${withinTouched('h.customer_id')}` : raw('')}
             ${customers ? sql`AND h.customer_id = ANY(${customers}::bigint[])` : raw('')}
       GROUP BY h.customer_id`;
  }

  #scope(wait: number): Scope {
    return {
      context: this.#context,
      shopId: this.#shopId,
      wait,
      order: this.#order,
      orders: this.#pass.counted,
      placed: this.#pass.placed,
      lines: this.#pass.lines,
      metafield: (key) => this.#metafield(key),
    };
  }

  #metafield(key: string): Sql {
    const alias = this.#metafields.get(key) ?? raw(`metafield_${this.#metafields.size}`);
    this.#metafields.set(key, alias);
    return alias;
  }

  #orderRows() {
    const { touched, customers } = this.#options;
    return {
      from: touched
        ? raw('touched_customer t JOIN orders o ON o.customer_id = t.customer_id')
        : raw('orders o'),
      where: sql`o.shop_id = ${this.#shopId} AND o.customer_id IS NOT NULL
        ${touched ? sql`AND ${withinTouched('o.customer_id')}` : raw('')}
        ${customers ? sql`AND o.customer_id = ANY(${customers}::bigint[])` : raw('')}`,
      few: touched === true || customers !== undefined,
    };
  }
}
