/**
 * What a field of the rule language is. Each field is declared once (fields.ts): how it is called, what can be
 * asked of it, how its value is had in SQL, and whether and when the passing of time can change the answer.
 */
import type { Sql } from '../db/sql.ts';
import type { OrderJudgement } from '../history/order-policy-sql.ts';
import type { OrderPolicy } from '../history/order-policy.ts';
import type { LocalDate } from '../local-date.ts';
import type { CutPoints } from '../value/cut-points.ts';
import type { Param, ParamValues } from './param.ts';
import type { Undoing } from './undone-moves.ts';

/** What a rule is compiled with: everything that is not a fact or a profile. */
export interface RuleContext {
  /** The shop's local date: ages are counted to it. */
  today: LocalDate;
  timeZone: string;
  /** The shop's currency: amounts in others are not added up. */
  currency: string;
  /** What counts as an order. */
  policy: OrderPolicy;
  /** The shop's salt: for random groups. */
  salt: string;
  /** The numbers in force. */
  cutPoints: CutPoints;
  /** Of an undo: what counts as never having happened. */
  undoing?: Undoing | undefined;
}

export type FieldType =
  /** A whole number. */
  | 'count'
  /** A number with up to two decimals. */
  | 'decimal'
  /** Percent; asked in whole percent, 0 to 100. */
  | 'percent'
  /** Whole days, since something or until something. */
  | 'days'
  /** Whole minor units of the shop's currency. */
  | 'money'
  /** A local date, "2026-11-22". */
  | 'date'
  /** One of `options`, whose numbers can be compared. */
  | 'step'
  /** One of `options`, or a code of the form `pattern`. */
  | 'choice'
  /** Free text; upper and lower case are the same. */
  | 'text'
  /** Several texts, such as tags; upper and lower case are the same. */
  | 'list'
  | 'yes_no';

export type Operator =
  | 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte' | 'between'
  | 'in' | 'not_in' | 'before' | 'after' | 'is_set' | 'is_not_set'
  | 'in_last_days' | 'not_in_last_days' | 'more_than_days_ago' | 'in_next_days'
  | 'contains' | 'not_contains' | 'starts_with'
  | 'has_any' | 'has_all' | 'has_none'; // prettier-ignore

/** Which orders an aggregate takes: all of these hold. */
export interface Rows {
  /** Of this local day and later. */
  since?: LocalDate;
  /** Of days before this one. */
  before?: LocalDate;
  /** True of the order, over o (orders) and what `lines` says of it; null is false. */
  only?: readonly Sql[];
}

/** Orders of a customer of which a field takes an aggregate. All terms of all segments share one pass (order-pass.ts). */
export interface Pass {
  /** A value of the order, over o and what `lines` says of it; @returns its column, for use in aggregates. */
  row(expression: Sql): Sql;
  /**
   * @param call "count(*)", "sum(" + a row's column + ")", without a filter
   * @returns its column, null for customers without such orders
   */
  aggregate(call: Sql, rows?: Rows): Sql;
}

/** The lines of an order, as far as they were kept, over l (order_line). */
export interface Lines {
  /** Whether one of its lines is such; true or false. */
  any(which: Sql): Sql;
  /** Over its lines that are such; null without any. */
  sum(value: Sql, which: Sql): Sql;
}

/** What the value of a field is made of in one statement. */
export interface Scope {
  context: RuleContext;
  shopId: string;
  /** Only orders of local dates at least this many days before today are looked at. */
  wait: number;
  /** What the policy says of a row of orders. */
  order: OrderJudgement;
  /** The customer's orders that count. */
  orders: Pass;
  /** The customer's orders placed (activity), counted or not. */
  placed: Pass;
  /** For rows of `orders`. */
  lines: Lines;
  /** The alias of the customer's row of customer_metafield with this key; joined once. */
  metafield(key: string): Sql;
}

/**
 * Dates on which time alone can change the value, or the answer to a condition: `from` plus each of `offsets` days,
 * or `on`. Only those after today are taken; early is allowed, late is not.
 */
export type Flip = { from: Sql; offsets: readonly number[] } | { on: Sql };

/** A condition as far as its flips depend on it. */
export interface Asked {
  op: Operator;
  value?: unknown;
}

export interface Field {
  type: FieldType;
  /** Where the value lies: decides which tables a statement reads. */
  source:
    'profile' | 'score' | 'prediction' | 'customer' | 'metafield' | 'orders' | 'lines' | 'offer' | 'segment';
  group: FieldGroup;
  label: string;
  /** The label before a period, where the label speaks of one: "spent" (in the last 30 days). */
  short?: string;
  /** One or two sentences for the merchant: what it is, and what it says of customers without a value. */
  help: string;
  /** A condition in words. */
  example: string;
  /** "days", "orders": after a number, where the label does not say it. */
  unit?: string;
  options?: readonly { value: string | number; label: string }[];
  /** The two answers of a yes_no field, as clauses. */
  says?: { yes: string; no: string };
  /** Codes beyond `options`. */
  pattern?: RegExp;
  /** What the field is asked with: a window, a product, a segment. */
  params?: Readonly<Record<string, Param>>;
  /** Some customers have no value: then is_set and is_not_set can be asked. */
  mayBeMissing: boolean;
  /** Without read_all_orders Shopify shows 60 days: whether that is too little for this field, whatever the window. */
  needsAllOrders?: boolean;
  /** The value changes with "count an order only after N days": of which orders. */
  fromOrders: 'counted' | 'placed' | false;
  /** What is asked of tags: those that the app writes cannot be named. */
  isCustomerTags?: boolean;
  /** `with.segment` names tiers, by any of their steps; else it names a segment for its members. */
  asksForTiers?: boolean;
  /** The value in SQL, over the aliases p (profile), s (score), f (prediction), c (customer), given (offers) and the passes. */
  value(scope: Scope, params: ParamValues): Sql;
  /**
   * Of a list that is long to put together: whether any of these texts is in it, which is asked row by row. Without it
   * a condition asks the list itself.
   */
  anyOf?(scope: Scope, params: ParamValues, texts: readonly string[]): Sql;
  /** Fields whose values say why this one is what it is: kept as evidence instead of a bare name. */
  basedOn?: readonly string[];
  /** Set when time alone can change the answer (waiting for orders aside, which the compiler adds). */
  flips?(scope: Scope, params: ParamValues, asked: Asked): Flip[];
}

export const FIELD_GROUPS = {
  orders: 'Orders and spending',
  time: 'Time',
  products: 'Products',
  discounts: 'Discounts and returns',
  channels: 'Channels and visits',
  value: 'Value and scores',
  predictions: 'Predictions',
  customer: 'Customer',
  metafields: 'Metafields',
  subscriptions: 'Subscriptions',
  segments: 'Segments and tests',
} as const;
export type FieldGroup = keyof typeof FIELD_GROUPS;

const NUMBERS: readonly Operator[] = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between'];

export const OPERATORS: Record<FieldType, readonly Operator[]> = {
  count: NUMBERS,
  decimal: ['lt', 'lte', 'gt', 'gte', 'between'],
  percent: ['lt', 'lte', 'gt', 'gte', 'between'],
  days: NUMBERS,
  money: NUMBERS,
  date: [
    'eq', 'before', 'after', 'between', 'in_last_days', 'not_in_last_days', 'more_than_days_ago', 'in_next_days',
  ],
  step: NUMBERS,
  choice: ['eq', 'neq', 'in', 'not_in'],
  text: ['eq', 'neq', 'in', 'not_in', 'contains', 'not_contains', 'starts_with'],
  list: ['has_any', 'has_all', 'has_none'],
  yes_no: ['eq'],
}; // prettier-ignore

/** Operators of dates whose value is a number of days, counted from today. */
export const DAY_OPERATORS: readonly Operator[] = [
  'in_last_days',
  'not_in_last_days',
  'more_than_days_ago',
  'in_next_days',
];

/** Operators that are true of customers without a value. */
export const TRUE_OF_MISSING: readonly Operator[] = [
  'neq',
  'not_in',
  'not_contains',
  'has_none',
  'not_in_last_days',
  'is_not_set',
];

/**
 * What can be asked of a field. Of a prediction nothing that is true of customers without one (about them nothing is
 * said), and nothing that the clock can change (a prediction is as of the day of its fit).
 */
export function operatorsOf(field: Field): readonly Operator[] {
  const operators = OPERATORS[field.type];
  if (!field.mayBeMissing) return operators;
  if (field.source !== 'prediction') return [...operators, 'is_set', 'is_not_set'];
  return [
    ...operators.filter((one) => !TRUE_OF_MISSING.includes(one) && !DAY_OPERATORS.includes(one)),
    'is_set',
  ];
}
