/**
 * One pass over a shop's orders for all terms of a statement, grouped by customer. Orders that count and orders placed
 * share it, since every order that counts was placed; lines are rolled up to their orders first. Every expression is
 * worked out once a row and every aggregate once a customer, however often it is asked for.
 *
 * Orders of which no aggregate takes anything are not grouped at all: where each aggregate looks at a period or at
 * few orders, most rows end at one comparison.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import type { OrderJudgement } from '../history/order-policy-sql.ts';
import type { LocalDate } from '../local-date.ts';
import type { Lines, Pass, Rows } from './field.ts';
import { isOnOrAfter } from './on-or-after.ts';

interface Aggregate {
  name: Sql;
  call: Sql;
  rows: Rows;
  counted: boolean;
}

export interface OrderSource {
  /** "orders o", or a join that ends in it. */
  from: Sql;
  /** Which customers. */
  where: Sql;
  /**
   * Few customers: every order of theirs is read, and their lines are looked up order by order. Else the lines are
   * read in one go and joined.
   */
  few: boolean;
}

export class OrderPass {
  readonly counted: Pass;
  readonly placed: Pass;
  readonly lines: Lines;
  readonly #shopId: string;
  readonly #timeZone: string;
  readonly #order: OrderJudgement;
  readonly #rows = new Map<string, { name: Sql; expression: Sql }>();
  readonly #aggregates = new Map<string, Aggregate>();
  readonly #rolled = new Map<string, { name: Sql; expression: Sql }>();
  readonly #linesTaken = new Map<string, Sql>();

  constructor(shopId: string, timeZone: string, order: OrderJudgement) {
    this.#shopId = shopId;
    this.#timeZone = timeZone;
    this.#order = order;
    this.counted = this.#passOf(true);
    this.placed = this.#passOf(false);
    this.lines = {
      any: (which) => sql`coalesce(${this.#roll(sql`bool_or(${which})`, which)}, false)`,
      sum: (value, which) => this.#roll(sql`sum(${value}) FILTER (WHERE ${which})`, which),
    };
  }

  /** Columns of the widest of its levels; known once it is compiled. */
  get width(): number {
    return 2 + Math.max(this.#aggregates.size, this.#rows.size, this.#rolled.size);
  }

  get used(): boolean {
    return this.#aggregates.size > 0;
  }

  /** The pass itself: customer_id and one column for each aggregate. */
  compile({ from, where, few }: OrderSource): Sql {
    const aggregates = [...this.#aggregates.values()];
    const mixed = aggregates.some(({ counted }) => counted) && aggregates.some(({ counted }) => !counted);
    const judged =
      mixed || !aggregates.every(({ counted }) => counted) ? this.#order.isActivity : this.#order.isCounted;
    const columns = aggregates.map((one) => {
      const tests = [
        ...this.#testsOf(one.rows),
        ...(mixed && one.counted ? [this.#order.countsIfActive] : []),
      ];
      const filter = tests.map((test) => this.#column(test));
      return sql`, ${one.call} ${filter.length > 0 ? sql`FILTER (WHERE ${join(filter, ' AND ')})` : raw('')} AS ${one.name}`;
    });
    const rows = [...this.#rows.values()].map(({ name, expression }) => sql`, ${expression} AS ${name}`);
    const taken = few ? null : this.#taken(aggregates);
    return sql`
      SELECT one.customer_id ${join([raw(''), ...columns], ' ')}
        FROM (SELECT o.customer_id ${join([raw(''), ...rows], ' ')}, ${ONCE_A_ROW}
                FROM ${from} ${this.#rolledLines(few)}
               WHERE ${where} ${taken === null ? raw('') : sql`AND (${taken})`} AND ${judged}) one
       GROUP BY one.customer_id`;
  }

  #passOf(counted: boolean): Pass {
    return {
      row: (expression) => sql`one.${this.#name(expression)}`,
      aggregate: (call, rows = {}) => {
        const key = JSON.stringify([
          counted,
          sameness(call),
          rows.since,
          rows.before,
          rows.only?.map(sameness),
        ]);
        const known = this.#aggregates.get(key);
        const added = known ?? { name: raw(`a${this.#aggregates.size}`), call, rows, counted };
        this.#aggregates.set(key, added);
        return sql`orders_of.${added.name}`;
      },
    };
  }

  #column(expression: Sql): Sql {
    return sql`one.${this.#name(expression)}`;
  }

  #name(expression: Sql): Sql {
    return once(this.#rows, expression, (n) => raw(`c${n}`)).name;
  }

  #roll(call: Sql, which: Sql): Sql {
    this.#linesTaken.set(sameness(which), which);
    return sql`rolled.${once(this.#rolled, call, (n) => raw(`l${n}`)).name}`;
  }

  #testsOf({ since, before, only = [] }: Rows): Sql[] {
    const from = (day: LocalDate) => isOnOrAfter(sql`o.processed_at`, sql`${day}::date`, this.#timeZone);
    return [
      ...(since === undefined ? [] : [from(since)]),
      ...(before === undefined ? [] : [sql`(NOT ${from(before)})`]),
      ...only,
    ];
  }

  /** Which orders any aggregate takes something of; null: all of them. May take more, never fewer. */
  #taken(aggregates: readonly Aggregate[]): Sql | null {
    const wanted = new Map<string, { only: readonly Sql[]; since: LocalDate | undefined }>();
    for (const { rows } of aggregates) {
      const only = rows.only ?? [];
      const key = JSON.stringify(only.map(sameness));
      const known = wanted.get(key);
      const since =
        known && (known.since === undefined || rows.since === undefined)
          ? undefined
          : earlier(known?.since, rows.since);
      wanted.set(key, { only, since });
    }
    const everything = wanted.get('[]');
    if (everything && everything.since === undefined) return null;
    const alternatives = [...wanted.values()].filter(
      ({ only, since }) =>
        only.length === 0 || !everything?.since || since === undefined || since < everything.since,
    );
    return join(
      alternatives.map(
        ({ only, since }) =>
          sql`(${join(this.#testsOf({ ...(since ? { since } : {}), only: [...only] }), ' AND ')})`,
      ),
      ' OR ',
    );
  }

  #rolledLines(few: boolean): Sql {
    if (this.#rolled.size === 0) return raw('');
    const columns = [...this.#rolled.values()].map(({ name, expression }) => sql`${expression} AS ${name}`);
    const lines = sql`FROM order_line l WHERE l.shop_id = ${this.#shopId} AND l.current_quantity > 0`;
    const taken = sql`AND (${join([...this.#linesTaken.values()], ' OR ')})`;
    return few
      ? sql`LEFT JOIN LATERAL (SELECT ${join(columns)} ${lines} AND l.order_id = o.id ${taken}) rolled ON true`
      : sql`LEFT JOIN (SELECT l.order_id, ${join(columns)} ${lines} ${taken} GROUP BY l.order_id) rolled
              ON rolled.order_id = o.id`;
  }
}

/**
 * A column that makes PostgreSQL work out the columns beside it once a row, not anew wherever they are used: a subquery
 * with a volatile function in its list is not taken apart. This one costs next to nothing and, other than OFFSET 0,
 * lets several workers read.
 */
export const ONCE_A_ROW = raw('pg_is_in_recovery() AS once_a_row');

function earlier(one: LocalDate | undefined, other: LocalDate | undefined): LocalDate | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}

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
function sameness(expression: Sql): string {
  return JSON.stringify([expression.sql, expression.values]);
}
