/**
 * Whether a customer is in a segment, by its query. Days are local dates of the store. A missing value is in no
 * comparison (assumption: also not in "!="); `IS NULL` asks for it. Texts are compared without case, as tags are.
 */
import type { Clause, Comparator, QueryNode, QueryValue, Test } from './query.ts';

export interface PlacedOrder {
  /** Local date. */
  date: string;
  /** In major units of the shop's currency. */
  amount: number;
}

export interface PurchasedProduct {
  id: number;
  tags: readonly string[];
  date: string;
  quantity: number;
}

/** A customer as the filters see one. Lists that cost something are asked for only when a filter needs them. */
export interface QuerySubject {
  amountSpent: number;
  numberOfOrders: number;
  firstOrderDate: string | null;
  lastOrderDate: string | null;
  addedDate: string;
  tags: readonly string[];
  countries: readonly string[];
  regions: readonly string[];
  language: string | null;
  accountStatus: string;
  emailSubscription: string | null;
  smsSubscription: string | null;
  rfmGroup: string | null;
  predictedSpendTier: string | null;
  ordersPlaced(): readonly PlacedOrder[];
  productsPurchased(): readonly PurchasedProduct[];
}

/** @param today the local date that relative dates are counted from */
export function evaluateQuery(node: QueryNode, subject: QuerySubject, today: string): boolean {
  if ('and' in node) return node.and.every((child) => evaluateQuery(child, subject, today));
  if ('or' in node) return node.or.some((child) => evaluateQuery(child, subject, today));
  if ('not' in node) return !evaluateQuery(node.not, subject, today);
  return evaluateClause(node, subject, today);
}

function evaluateClause({ attribute, test }: Clause, subject: QuerySubject, today: string): boolean {
  if (attribute === 'orders_placed') return evaluateOrders(test, subject.ordersPlaced(), today);
  if (attribute === 'products_purchased') return evaluateProducts(test, subject.productsPurchased(), today);
  const value = valueOf(attribute, subject);
  if (Array.isArray(value)) {
    if (test.op === 'null') return (value.length === 0) !== test.negated;
    if (test.op !== 'contains') throw new TypeError('a parsed query asks a list only for what it contains');
    const wanted = String(plain(test.value, today)).toLowerCase();
    return value.some((each) => each.toLowerCase() === wanted) !== test.negated;
  }
  return evaluateTest(test, value as Single, today);
}

type Single = string | number | null;

function valueOf(attribute: string, subject: QuerySubject): Single | readonly string[] {
  switch (attribute) {
    case 'amount_spent':
      return subject.amountSpent;
    case 'number_of_orders':
      return subject.numberOfOrders;
    case 'first_order_date':
      return subject.firstOrderDate;
    case 'last_order_date':
      return subject.lastOrderDate;
    case 'customer_added_date':
      return subject.addedDate;
    case 'customer_tags':
      return subject.tags;
    case 'customer_countries':
      return subject.countries;
    case 'customer_regions':
      return subject.regions;
    case 'customer_language':
      return subject.language;
    case 'customer_account_status':
      return subject.accountStatus;
    case 'email_subscription_status':
      return subject.emailSubscription;
    case 'sms_subscription_status':
      return subject.smsSubscription;
    case 'rfm_group':
      return subject.rfmGroup;
    case 'predicted_spend_tier':
      return subject.predictedSpendTier;
    default:
      throw new TypeError(`no value for the filter ${attribute}`);
  }
}

function evaluateTest(test: Test, value: Single, today: string): boolean {
  if (test.op === 'null') return (value === null) !== test.negated;
  if (value === null) return false;
  switch (test.op) {
    case 'compare':
      return compare(value, test.comparator, plain(test.value, today));
    case 'between':
      return compare(value, '>=', plain(test.from, today)) && compare(value, '<=', plain(test.to, today));
    case 'in':
      return test.values.some((each) => compare(value, '=', plain(each, today))) !== test.negated;
    case 'contains':
    case 'matches':
      throw new TypeError('a parsed query does not ask this of a single value');
  }
}

/** `count` and `sum_amount` are of the orders that meet the other parameters. */
function evaluateOrders(test: Test, orders: readonly PlacedOrder[], today: string): boolean {
  if (test.op === 'null') return (orders.length === 0) !== test.negated;
  if (test.op !== 'matches') throw new TypeError('a parsed query asks orders only whether they match');
  const [total, each] = split(test.parameters, ['count', 'sum_amount']);
  const met = orders.filter((order) =>
    each.every(({ name, test: asked }) =>
      evaluateTest(asked, name === 'date' ? order.date : order.amount, today),
    ),
  );
  const sum = met.reduce((all, { amount }) => all + amount, 0);
  const matches =
    met.length > 0 &&
    total.every(({ name, test: asked }) => evaluateTest(asked, name === 'count' ? met.length : sum, today));
  return matches !== test.negated;
}

function evaluateProducts(test: Test, products: readonly PurchasedProduct[], today: string): boolean {
  if (test.op === 'null') return (products.length === 0) !== test.negated;
  if (test.op !== 'matches') throw new TypeError('a parsed query asks products only whether they match');
  const matches = products.some((product) =>
    test.parameters.every(({ name, test: asked }) => {
      if (name === 'tag') return product.tags.some((tag) => evaluateTest(asked, tag, today));
      return evaluateTest(
        asked,
        name === 'id' ? product.id : name === 'date' ? product.date : product.quantity,
        today,
      );
    }),
  );
  return matches !== test.negated;
}

function split<T extends { name: string }>(all: readonly T[], names: readonly string[]): [T[], T[]] {
  return [all.filter(({ name }) => names.includes(name)), all.filter(({ name }) => !names.includes(name))];
}

function compare(value: string | number, comparator: Comparator, wanted: string | number): boolean {
  const left = typeof value === 'string' ? value.toLowerCase() : value;
  const right = typeof wanted === 'string' ? wanted.toLowerCase() : wanted;
  switch (comparator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function plain(value: QueryValue, today: string): string | number {
  switch (value.kind) {
    case 'number':
    case 'text':
    case 'date':
      return value.value;
    case 'boolean':
      return String(value.value);
    case 'relative':
      return move(today, value.amount, value.unit);
  }
}

/** Whole days; of months and years the same day of the month, or its last one. */
function move(today: string, amount: number, unit: 'd' | 'w' | 'm' | 'y'): string {
  const date = new Date(`${today}T00:00:00Z`);
  if (unit === 'd' || unit === 'w') date.setUTCDate(date.getUTCDate() + amount * (unit === 'w' ? 7 : 1));
  else {
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + amount * (unit === 'y' ? 12 : 1));
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
  }
  return date.toISOString().slice(0, 10);
}
