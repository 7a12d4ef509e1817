/**
 * A rule in Shopify's own segment query language, where that language can say the same; else the reason why not.
 * Filters and operators: Shopify's reference guide of customer segments.
 *
 * "The same" is the meaning of the words: Shopify's figures are its own (it counts every order, whatever the policy
 * here says), so the members are compared when such a segment is made. Customers without a value are treated as here:
 * a comparison is never true of them, unless its operator is one of TRUE_OF_MISSING.
 */
import { decimalOf } from '../money.ts';
import { fieldOf, type FieldKey } from './fields.ts';
import { chosen, type ParamValues } from './param.ts';
import { isCondition, type Condition, type Rule, type RuleNode, type Scalar } from './rule.ts';

export type ShopifyQuery = { query: string; whyNot: null } | { query: null; whyNot: string };

/** Shopify's limit for a query. */
const LONGEST = 5_000;

/** @param rule with money in minor units of `currency` */
export function shopifyQuery(rule: Rule, currency: string): ShopifyQuery {
  if ((rule.countAfterDays ?? 0) > 0) return no('Shopify cannot wait before it counts an order');
  try {
    const query = nodeQuery(rule.where, currency, false);
    return query.length > LONGEST
      ? no(`The query would be longer than the ${LONGEST} characters that Shopify takes`)
      : { query, whyNot: null };
  } catch (error) {
    if (error instanceof CannotSay) return no(error.message);
    throw error;
  }
}

const no = (whyNot: string): ShopifyQuery => ({ query: null, whyNot: `${whyNot}.` });

class CannotSay extends Error {}

/** `opposite` pushes "none" down to the conditions: the language has no "not" for groups. */
function nodeQuery(node: RuleNode, currency: string, opposite: boolean): string {
  if (isCondition(node)) return conditionQuery(node, currency, opposite);
  const [children, joined, inner] =
    'all' in node
      ? [node.all, opposite ? ' OR ' : ' AND ', opposite]
      : 'any' in node
        ? [node.any, opposite ? ' AND ' : ' OR ', opposite]
        : [node.none, opposite ? ' OR ' : ' AND ', !opposite];
  const parts = children.map((child) => {
    const part = nodeQuery(child, currency, inner);
    return isCondition(child) || children.length === 1 ? part : `(${part})`;
  });
  return parts.join(joined);
}

/** How a field is asked at Shopify. */
type Way = 'number' | 'money' | 'date' | 'days_since' | 'choice' | 'in_list' | 'list';

const FILTERS: Readonly<Partial<Record<FieldKey, readonly [filter: string, way: Way]>>> = {
  orders: ['number_of_orders', 'number'],
  spent: ['amount_spent', 'money'],
  first_order_on: ['first_order_date', 'date'],
  last_order_on: ['last_order_date', 'date'],
  customer_since: ['customer_added_date', 'date'],
  days_since_first_order: ['first_order_date', 'days_since'],
  days_since_last_order: ['last_order_date', 'days_since'],
  days_since_last_activity: ['last_order_date', 'days_since'],
  country: ['customer_countries', 'in_list'],
  customer_tags: ['customer_tags', 'list'],
  email_consent: ['email_subscription_status', 'choice'],
  sms_consent: ['sms_subscription_status', 'choice'],
  account_state: ['customer_account_status', 'choice'],
  language: ['customer_language', 'choice'],
  shopify_rfm_group: ['rfm_group', 'choice'],
  shopify_spend_tier: ['predicted_spend_tier', 'choice'],
};

function conditionQuery(condition: Condition, currency: string, opposite: boolean): string {
  if (condition.field === 'orders_in') return ordersPlaced(condition, opposite);
  if (condition.field === 'bought') return productsPurchased(condition, opposite);
  const [filter, way] = FILTERS[condition.field] ?? [];
  if (!filter || !way) {
    throw new CannotSay(`Shopify's segments have no filter for “${fieldOf(condition.field).label}”`);
  }
  switch (way) {
    case 'number':
    case 'money':
    case 'date':
    case 'days_since':
      return comparison(filter, way, condition, currency, opposite);
    case 'choice':
      return equality(filter, condition, opposite, (value) => [`= ${quoted(value)}`, `!= ${quoted(value)}`]);
    case 'in_list':
    case 'list':
      return equality(filter, condition, opposite, (value) => [
        `CONTAINS ${quoted(value)}`,
        `NOT CONTAINS ${quoted(value)}`,
      ]);
  }
}

/** Numbers and dates. Of days since, more days are an earlier date: the comparison turns round. */
function comparison(
  filter: string,
  way: 'number' | 'money' | 'date' | 'days_since',
  { field, op, value }: Condition,
  currency: string,
  opposite: boolean,
): string {
  const nullable = fieldOf(field).mayBeMissing;
  const orNever = (test: string) => (nullable ? `(${test} OR ${filter} IS NULL)` : test);
  const sure = (test: string, otherwise: string) => (opposite ? orNever(otherwise) : test);
  const loose = (test: string, otherwise: string) => (opposite ? otherwise : orNever(test));
  const ask = (comparator: string, asked: string) => `${filter} ${comparator} ${asked}`;
  const [first, second] = (Array.isArray(value) ? value : [value]).map((one) => literal(way, one, currency));
  const from = first ?? '';
  const to = second ?? '';
  const less = way === 'days_since' ? '>' : '<';
  const more = way === 'days_since' ? '<' : '>';
  switch (op) {
    case 'eq':
      return sure(ask('=', from), ask('!=', from));
    case 'neq':
      return loose(ask('!=', from), ask('=', from));
    case 'lt':
    case 'before':
      return sure(ask(less, from), ask(`${more}=`, from));
    case 'lte':
      return sure(ask(`${less}=`, from), ask(more, from));
    case 'gt':
    case 'after':
      return sure(ask(more, from), ask(`${less}=`, from));
    case 'gte':
      return sure(ask(`${more}=`, from), ask(less, from));
    case 'between': {
      const [low, high] = way === 'days_since' ? [to, from] : [from, to];
      const outside = `${ask('<', low)} OR ${ask('>', high)}`;
      if (!opposite) return `${filter} BETWEEN ${low} AND ${high}`;
      return `(${outside}${nullable ? ` OR ${filter} IS NULL` : ''})`;
    }
    case 'is_set':
    case 'is_not_set':
      return `${filter} IS ${(op === 'is_set') !== opposite ? 'NOT ' : ''}NULL`;
    case 'in_last_days':
      return sure(ask('>=', daysAgo(value)), ask('<', daysAgo(value)));
    case 'not_in_last_days':
      return loose(ask('<', daysAgo(value)), ask('>=', daysAgo(value)));
    case 'more_than_days_ago':
      return sure(ask('<', daysAgo(value)), ask('>=', daysAgo(value)));
    default:
      throw new CannotSay(`Shopify's segments cannot ask “${fieldOf(field).label}” in this way`);
  }
}

/** Choices and lists: one value, any of them, all of them, none of them. */
function equality(
  filter: string,
  { field, op, value }: Condition,
  opposite: boolean,
  test: (value: Scalar) => [is: string, isNot: string],
): string {
  if (op === 'is_set' || op === 'is_not_set') {
    return `${filter} IS ${(op === 'is_set') !== opposite ? 'NOT ' : ''}NULL`;
  }
  const is = (one: Scalar) => `${filter} ${test(one)[0]}`;
  const isNot = (one: Scalar) => `${filter} ${test(one)[1]}`;
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const isList = fieldOf(field).type === 'list' || test('')[0].startsWith('CONTAINS');
  const group = (parts: string[], by: ' AND ' | ' OR ') =>
    parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(by)})`;
  // A list is never null here; "!=" is not true of customers without a value, which the operator may want.
  const none = () => {
    const each = group(all.map(isNot), ' AND ');
    return isList || !fieldOf(field).mayBeMissing ? each : `(${each} OR ${filter} IS NULL)`;
  };
  const any = () => group(all.map(is), ' OR ');
  switch (op) {
    case 'eq':
    case 'in':
    case 'has_any':
      return opposite ? none() : any();
    case 'neq':
    case 'not_in':
    case 'has_none':
      return opposite ? any() : none();
    case 'has_all':
      return opposite ? group(all.map(isNot), ' OR ') : group(all.map(is), ' AND ');
    default:
      throw new CannotSay(`Shopify's segments cannot ask “${fieldOf(field).label}” in this way`);
  }
}

function ordersPlaced({ op, value, with: params = {} }: Condition, opposite: boolean): string {
  const window = dateParameter(params);
  const ask = (count: string | null, matches: boolean) =>
    `orders_placed ${matches !== opposite ? '' : 'NOT '}MATCHES (${[window, count].filter(Boolean).join(', ')})`;
  const [from, to] = (Array.isArray(value) ? value : [value]).map(Number);
  const n = from ?? 0;
  // Nobody without an order matches, so what is true of 0 is asked by its opposite.
  switch (op) {
    case 'eq':
      return n === 0 ? ask(null, false) : ask(`count = ${n}`, true);
    case 'neq':
      return n === 0 ? ask(null, true) : ask(`count = ${n}`, false);
    case 'gt':
      return n === 0 ? ask(null, true) : ask(`count > ${n}`, true);
    case 'gte':
      return n <= 1 && n > 0 ? ask(null, true) : n === 0 ? everybody(opposite) : ask(`count >= ${n}`, true);
    case 'lt':
      return n === 0 ? everybody(!opposite) : n === 1 ? ask(null, false) : ask(`count >= ${n}`, false);
    case 'lte':
      return n === 0 ? ask(null, false) : ask(`count > ${n}`, false);
    case 'between':
      return n === 0
        ? to === 0
          ? ask(null, false)
          : ask(`count > ${to}`, false)
        : ask(`count BETWEEN ${n} AND ${to}`, true);
    default:
      throw new CannotSay('Shopify’s segments cannot ask for orders in this way');
  }
}

const everybody = (nobody: boolean) => `number_of_orders ${nobody ? '<' : '>='} 0`;

function productsPurchased({ value, with: params = {} }: Condition, opposite: boolean): string {
  const [kind, listed] = chosen(params.what ?? {});
  if (kind !== 'product' && kind !== 'tag') {
    throw new CannotSay(
      `Shopify's segments cannot ask for what was bought by ${kind === 'sku' ? 'SKU' : kind}`,
    );
  }
  const window = dateParameter(params);
  const matches = (value === true) !== opposite;
  const ask = (what: string) =>
    `products_purchased ${matches ? '' : 'NOT '}MATCHES (${[what, window].filter(Boolean).join(', ')})`;
  if (kind === 'product')
    return ask(listed.length === 1 ? `id = ${listed[0]}` : `id IN (${listed.join(', ')})`);
  const parts = listed.map((tag) => ask(`tag = ${quoted(tag)}`));
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(matches ? ' OR ' : ' AND ')})`;
}

/** The window as the one `date` parameter that MATCHES takes. */
function dateParameter({ lastDays, beforeDays, from, to }: ParamValues): string | null {
  const bounds = [lastDays, beforeDays, from, to].filter((bound) => bound !== undefined).length;
  if (bounds === 0) return null;
  if (lastDays !== undefined && beforeDays !== undefined && bounds === 2) {
    return `date BETWEEN ${daysAgo(lastDays)} AND ${daysAgo(beforeDays + 1)}`;
  }
  if (from !== undefined && to !== undefined && bounds === 2) return `date BETWEEN ${from} AND ${to}`;
  if (bounds === 1) {
    if (lastDays !== undefined) return `date >= ${daysAgo(lastDays)}`;
    if (beforeDays !== undefined) return `date < ${daysAgo(beforeDays)}`;
    return from !== undefined ? `date >= ${from}` : `date <= ${to}`;
  }
  throw new CannotSay('Shopify’s segments take one period only');
}

function literal(
  way: 'number' | 'money' | 'date' | 'days_since',
  value: Scalar | undefined,
  currency: string,
) {
  switch (way) {
    case 'number':
    case 'date':
      return String(value);
    case 'money':
      return decimalOf(BigInt(Number(value)), currency);
    case 'days_since':
      return daysAgo(value);
  }
}

const daysAgo = (days: unknown) => (Number(days) === 0 ? 'today' : `-${Number(days)}d`);
const quoted = (value: Scalar) => `'${String(value).replace(/[\\']/g, '\\$&')}'`;
