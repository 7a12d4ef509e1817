/**
 * What a field of the rule language is. Each field is declared once (fields.ts): how it is called, what can be
 * asked of it, how its value is had in SQL, and whether and when the passing of time can change the answer.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { LocalDate } from '../local-date.ts';
import type { CutPoints } from '../value/cut-points.ts';

/** What a rule is compiled with: everything that is not a fact or a profile. */
export interface RuleContext {
  /** The shop's local date: ages are counted to it. */
  today: LocalDate;
  timeZone: string;
  /** The numbers in force. */
  cutPoints: CutPoints;
}

export type FieldType =
  /** A whole number. */
  | 'count'
  /** A number with up to two decimals. */
  | 'decimal'
  /** Whole percent, 0 to 100. */
  | 'percent'
  /** Whole days since something. */
  | 'days'
  /** Whole minor units of the shop's currency. */
  | 'money'
  /** A local date, "2026-11-22". */
  | 'date'
  /** One of `options`, whose numbers can be compared. */
  | 'step'
  /** One of `options`, or a code of the form `pattern`. */
  | 'choice'
  | 'yes_no';

export type Operator =
  | 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte' | 'between'
  | 'in' | 'before' | 'after' | 'is_set' | 'is_not_set'; // prettier-ignore

/** The local date that a "days since" field counts from; rhythm counts from the last activity too. */
export type EventDate = 'first_order_on' | 'last_order_on' | 'last_activity_on';

export interface Field {
  type: FieldType;
  /** Where the value lies: decides which tables a statement joins. */
  source: 'profile' | 'score' | 'prediction' | 'customer';
  label: string;
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
  /** Some customers have no value: then is_set and is_not_set can be asked. */
  mayBeMissing: boolean;
  /** The value in SQL, over the aliases p (profile), s (score), f (prediction) and c (customer). */
  value(context: RuleContext): Sql;
  /** Fields whose values say why this one is what it is: kept as evidence instead of a bare name. */
  basedOn?: readonly string[];
  /** Set when time alone can change the value: it is a function of today minus this date. */
  countsFrom?: EventDate;
}

/** The date in SQL; null for customers to whom it never happened. */
export const EVENT_DATE: Readonly<Record<EventDate, Sql>> = {
  first_order_on: sql`p.first_order_on`,
  last_order_on: sql`p.last_order_on`,
  last_activity_on: sql`p.last_activity_on`,
};

export const OPERATORS: Record<FieldType, readonly Operator[]> = {
  count: ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between'],
  decimal: ['lt', 'lte', 'gt', 'gte', 'between'],
  percent: ['lt', 'lte', 'gt', 'gte', 'between'],
  days: ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between'],
  money: ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between'],
  date: ['eq', 'before', 'after', 'between'],
  step: ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between'],
  choice: ['eq', 'neq', 'in'],
  yes_no: ['eq'],
};

/**
 * What can be asked of a field. Of a prediction nothing that is true of customers without one: about them nothing
 * is said.
 */
export function operatorsOf(field: Field): readonly Operator[] {
  const operators = OPERATORS[field.type];
  if (!field.mayBeMissing) return operators;
  if (field.source !== 'prediction') return [...operators, 'is_set', 'is_not_set'];
  return [...operators.filter((operator) => operator !== 'neq'), 'is_set'];
}
