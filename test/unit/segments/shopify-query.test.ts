import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shopifyQuery } from '../../../app/segments/shopify-query.ts';
import { TRUE_OF_MISSING } from '../../../app/segments/field.ts';
import {
  childrenOf,
  isCondition,
  parseRule,
  type Condition,
  type Rule,
  type RuleNode,
} from '../../../app/segments/rule.ts';
import { evaluateQuery, type QuerySubject } from '../../../sandbox/segment-query/evaluate-query.ts';
import { parseSegmentQuery } from '../../../sandbox/segment-query/parse-query.ts';

const TODAY = '2026-11-22';

const ruleOf = (where: unknown, more: object = {}): Rule => {
  const parsed = parseRule({ v: 1, where, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.rule;
};
const queryOf = (where: unknown, currency = 'EUR') => shopifyQuery(ruleOf(where), currency);
const on = (days: number) => {
  const date = new Date(`${TODAY}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
};

describe('rules in Shopify’s words', () => {
  it.each([
    [{ field: 'orders', op: 'gte', value: 2 }, 'number_of_orders >= 2'],
    [{ field: 'spent', op: 'between', value: [10000, 50050] }, 'amount_spent BETWEEN 100.00 AND 500.50'],
    [{ field: 'days_since_last_order', op: 'gte', value: 60 }, 'last_order_date <= -60d'],
    [{ field: 'days_since_last_order', op: 'lt', value: 30 }, 'last_order_date > -30d'],
    [
      { field: 'days_since_last_activity', op: 'between', value: [30, 59] },
      'last_order_date BETWEEN -59d AND -30d',
    ],
    [{ field: 'days_since_last_order', op: 'eq', value: 0 }, 'last_order_date = today'],
    [{ field: 'last_order_on', op: 'in_last_days', value: 30 }, 'last_order_date >= -30d'],
    [
      { field: 'last_order_on', op: 'not_in_last_days', value: 30 },
      '(last_order_date < -30d OR last_order_date IS NULL)',
    ],
    [{ field: 'customer_since', op: 'before', value: '2026-01-01' }, 'customer_added_date < 2026-01-01'],
    [
      { field: 'country', op: 'in', value: ['DE', 'AT'] },
      "(customer_countries CONTAINS 'DE' OR customer_countries CONTAINS 'AT')",
    ],
    [{ field: 'country', op: 'neq', value: 'DE' }, "customer_countries NOT CONTAINS 'DE'"],
    [{ field: 'email_consent', op: 'eq', value: 'SUBSCRIBED' }, "email_subscription_status = 'SUBSCRIBED'"],
    [
      { field: 'email_consent', op: 'neq', value: 'SUBSCRIBED' },
      "(email_subscription_status != 'SUBSCRIBED' OR email_subscription_status IS NULL)",
    ],
    [
      { field: 'customer_tags', op: 'has_none', value: ["mother's day", 'b2b'] },
      "(customer_tags NOT CONTAINS 'mother\\'s day' AND customer_tags NOT CONTAINS 'b2b')",
    ],
    [{ field: 'shopify_rfm_group', op: 'eq', value: 'LOYAL' }, "rfm_group = 'LOYAL'"],
    [
      { field: 'orders_in', with: { lastDays: 90 }, op: 'gte', value: 2 },
      'orders_placed MATCHES (date >= -90d, count >= 2)',
    ],
    [
      { field: 'orders_in', with: { lastDays: 90 }, op: 'eq', value: 0 },
      'orders_placed NOT MATCHES (date >= -90d)',
    ],
    [
      { field: 'bought', with: { what: { product: ['7', '8'] }, lastDays: 30 }, op: 'eq', value: true },
      'products_purchased MATCHES (id IN (7, 8), date >= -30d)',
    ],
    [
      { field: 'bought', with: { what: { product: ['7'] } }, op: 'eq', value: false },
      'products_purchased NOT MATCHES (id = 7)',
    ],
  ])('%j', (where, query) => expect(queryOf(where)).toEqual({ query, whyNot: null }));

  it('groups, and the opposite of groups', () => {
    const vip = { field: 'orders', op: 'gte', value: 2 };
    const german = { field: 'country', op: 'eq', value: 'DE' };
    const recent = { field: 'days_since_last_order', op: 'lte', value: 30 };
    expect(queryOf({ all: [vip, { any: [german, recent] }] }).query).toBe(
      "number_of_orders >= 2 AND (customer_countries CONTAINS 'DE' OR last_order_date >= -30d)",
    );
    expect(queryOf({ none: [vip, { all: [german, recent] }] }).query).toBe(
      "number_of_orders < 2 AND (customer_countries NOT CONTAINS 'DE' OR (last_order_date < -30d OR last_order_date IS NULL))",
    );
  });

  it('money has the decimals of its currency', () => {
    const where = { field: 'spent', op: 'gte', value: 5000 };
    expect(queryOf(where, 'JPY').query).toBe('amount_spent >= 5000');
    expect(queryOf(where, 'KWD').query).toBe('amount_spent >= 5.000');
  });
});

describe('what Shopify cannot say', () => {
  it.each([
    [{ field: 'rhythm', op: 'eq', value: 'active' }, 'Shopify\'s segments have no filter for “rhythm”.'],
    [{ all: [{ field: 'orders', op: 'gte', value: 2 }, { field: 'm', op: 'eq', value: 5 }] }, 'Shopify\'s segments have no filter for “money score”.'],
    [{ field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100 }, 'Shopify\'s segments have no filter for “spent in a period”.'],
    [
      { field: 'bought', with: { what: { vendor: ['Acme'] } }, op: 'eq', value: true },
      "Shopify's segments cannot ask for what was bought by vendor.",
    ],
  ])('%j', (where, whyNot) => expect(queryOf(where)).toEqual({ query: null, whyNot })); // prettier-ignore

  it('a rule that waits', () => {
    const rule = ruleOf({ field: 'orders', op: 'gte', value: 2 }, { countAfterDays: 30 });
    expect(shopifyQuery(rule, 'EUR').whyNot).toBe('Shopify cannot wait before it counts an order.');
  });

  it('a rule that is too long', () => {
    const tags = Array.from({ length: 250 }, (_, i) => `a rather long tag of a customer ${i}`);
    expect(queryOf({ field: 'customer_tags', op: 'has_any', value: tags }).whyNot).toContain(
      '5000 characters',
    );
  });
});

/** What our rules say of a customer, over the same facts that Shopify's language sees. Lives in this test only. */
function holds(node: RuleNode, s: QuerySubject): boolean {
  if (!isCondition(node)) {
    const answers = childrenOf(node).map((child) => holds(child, s));
    return 'all' in node
      ? answers.every(Boolean)
      : 'any' in node
        ? answers.some(Boolean)
        : !answers.some(Boolean);
  }
  const { op } = node;
  const value = node.value as number;
  const list = [value].flat() as (string | number)[];
  const has = valueOf(node, s);
  if (op === 'is_set') return has !== null && !(Array.isArray(has) && has.length === 0);
  if (op === 'is_not_set') return !holds({ ...node, op: 'is_set' }, s);
  if (Array.isArray(has)) {
    const held = has.map((one) => one.toLowerCase());
    const named = list.map((one) => String(one).toLowerCase());
    if (op === 'has_all') return named.every((one) => held.includes(one));
    const any = named.some((one) => held.includes(one));
    return op === 'has_none' || op === 'neq' || op === 'not_in' ? !any : any;
  }
  if (has === null) return TRUE_OF_MISSING.includes(op);
  // Numbers with numbers, dates with dates.
  const less = (a: unknown, b: unknown) => (a as number) < (b as number);
  switch (op) {
    case 'eq': return has === value;
    case 'neq': return has !== value;
    case 'lt': case 'before': return less(has, value);
    case 'lte': return !less(value, has);
    case 'gt': case 'after': return less(value, has);
    case 'gte': return !less(has, value);
    case 'between': return !less(has, list[0]) && !less(list[1], has);
    case 'in': return list.includes(has as string);
    case 'not_in': return !list.includes(has as string);
    case 'in_last_days': return !less(has, on(value));
    case 'not_in_last_days': case 'more_than_days_ago': return less(has, on(value));
    default: throw new TypeError(op);
  } // prettier-ignore
}

function valueOf(
  { field, with: params }: Condition,
  s: QuerySubject,
): string | number | boolean | readonly string[] | null {
  const age = (date: string | null) =>
    date === null ? null : Math.round((Date.parse(TODAY) - Date.parse(date)) / 86_400_000);
  switch (field) {
    case 'orders': return s.numberOfOrders;
    case 'spent': return Math.round(s.amountSpent * 100);
    case 'last_order_on': return s.lastOrderDate;
    case 'days_since_last_order': return age(s.lastOrderDate);
    case 'days_since_first_order': return age(s.firstOrderDate);
    case 'country': return s.countries;
    case 'customer_tags': return s.tags;
    case 'email_consent': return s.emailSubscription;
    case 'orders_in': return s.ordersPlaced().filter(({ date }) => date >= on(params?.lastDays ?? 99_999)).length;
    case 'bought': return s.productsPurchased().some(({ id, date }) => params?.what?.product?.includes(String(id)) && date >= on(params.lastDays ?? 99_999));
    default: throw new TypeError(field);
  } // prettier-ignore
}

const days = fc.integer({ min: 0, max: 12 });
const date = days.map(on);
const numberOp = fc.constantFrom('eq', 'neq', 'lt', 'lte', 'gt', 'gte');
const numbers = (field: string, most: number, more: object = {}) =>
  fc.oneof(
    fc.record({ op: numberOp, value: fc.integer({ min: 0, max: most }) }).map((asked) => ({ field, ...more, ...asked })),
    fc.tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most })).map(([a, b]) => ({ field, ...more, op: 'between', value: [Math.min(a, b), Math.max(a, b)] })),
  ); // prettier-ignore
const setness = (field: string) => fc.constantFrom('is_set', 'is_not_set').map((op) => ({ field, op }));
const tags = fc.uniqueArray(fc.constantFrom('a', 'B', "o'x"), { minLength: 1, maxLength: 2 });
const condition = fc.oneof(
  numbers('orders', 4), numbers('spent', 500), numbers('days_since_last_order', 12), numbers('days_since_first_order', 12),
  days.chain((lastDays) => numbers('orders_in', 3, { with: { lastDays } })), numbers('orders_in', 3),
  setness('last_order_on'), setness('email_consent'), setness('days_since_last_order'),
  fc.record({ op: fc.constantFrom('eq', 'before', 'after'), value: date }).map((asked) => ({ field: 'last_order_on', ...asked })),
  fc.record({ op: fc.constantFrom('in_last_days', 'not_in_last_days', 'more_than_days_ago'), value: days }).map((asked) => ({ field: 'last_order_on', ...asked })),
  fc.record({ op: fc.constantFrom('eq', 'neq'), value: fc.constantFrom('SUBSCRIBED', 'PENDING') }).map((asked) => ({ field: 'email_consent', ...asked })),
  fc.record({ op: fc.constantFrom('in', 'not_in'), value: fc.constant(['SUBSCRIBED', 'PENDING']) }).map((asked) => ({ field: 'email_consent', ...asked })),
  fc.record({ op: fc.constantFrom('eq', 'neq'), value: fc.constantFrom('DE', 'FR') }).map((asked) => ({ field: 'country', ...asked })),
  fc.record({ op: fc.constantFrom('has_any', 'has_all', 'has_none'), value: tags }).map((asked) => ({ field: 'customer_tags', ...asked })),
  fc.record({ value: fc.boolean(), product: fc.uniqueArray(fc.constantFrom('1', '2'), { minLength: 1 }), lastDays: fc.option(days, { nil: undefined }) })
    .map(({ value, product, lastDays }) => ({ field: 'bought', op: 'eq', value, with: { what: { product }, ...(lastDays === undefined ? {} : { lastDays }) } })),
); // prettier-ignore
const { node } = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 3, depthSize: 'small' }, condition, tie('group')),
  group: fc.tuple(fc.constantFrom('all', 'any', 'none'), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
    .map(([kind, children]) => ({ [kind]: children })),
})); // prettier-ignore

const subject: fc.Arbitrary<QuerySubject> = fc
  .record({
    amountSpent: fc.integer({ min: 0, max: 500 }).map((cents) => cents / 100),
    placed: fc.array(fc.record({ date, amount: fc.constant(1) }), { maxLength: 4 }),
    products: fc.array(
      fc.record({ id: fc.constantFrom(1, 2, 3), date, quantity: fc.constant(1), tags: fc.constant([]) }),
      { maxLength: 3 },
    ),
    tags: fc.uniqueArray(fc.constantFrom('A', 'b', "O'X"), { maxLength: 3 }),
    countries: fc.uniqueArray(fc.constantFrom('DE', 'FR'), { maxLength: 1 }),
    emailSubscription: fc.constantFrom('SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', null),
  }) // prettier-ignore
  .map(({ placed, products, ...rest }) => {
    const dates = placed.map((order) => order.date).sort();
    return {
      ...rest,
      numberOfOrders: placed.length,
      firstOrderDate: dates[0] ?? null,
      lastOrderDate: dates.at(-1) ?? null,
      addedDate: TODAY,
      regions: [],
      language: null,
      accountStatus: 'ENABLED',
      smsSubscription: null,
      rfmGroup: null,
      predictedSpendTier: null,
      ordersPlaced: () => placed,
      productsPurchased: () => products,
    };
  });

it('what Shopify’s language says of a customer is what the rule says', () => {
  let said = 0;
  fc.assert(
    fc.property(node, fc.array(subject, { minLength: 1, maxLength: 5 }), (where, subjects) => {
      const rule = ruleOf(where);
      const { query, whyNot } = shopifyQuery(rule, 'EUR');
      expect(whyNot).toBeNull();
      const parsed = parseSegmentQuery(query ?? '');
      for (const each of subjects) expect(evaluateQuery(parsed, each, TODAY)).toBe(holds(rule.where, each));
      said += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(said).toBeGreaterThan(900);
});
