import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateQuery, type QuerySubject } from '../../../sandbox/segment-query/evaluate-query.ts';
import { parseSegmentQuery } from '../../../sandbox/segment-query/parse-query.ts';

const TODAY = '2026-11-22';

const subject = (more: Partial<QuerySubject> = {}): QuerySubject => ({
  amountSpent: 120.5,
  numberOfOrders: 3,
  firstOrderDate: '2025-01-10',
  lastOrderDate: '2026-10-23',
  addedDate: '2025-01-01',
  tags: ['VIP', 'newsletter'],
  countries: ['DE'],
  regions: ['DE-BE'],
  language: 'de',
  accountStatus: 'ENABLED',
  emailSubscription: 'SUBSCRIBED',
  smsSubscription: null,
  rfmGroup: 'LOYAL',
  predictedSpendTier: null,
  ordersPlaced: () => [
    { date: '2025-01-10', amount: 20.5 },
    { date: '2026-06-01', amount: 60 },
    { date: '2026-10-23', amount: 40 },
  ],
  productsPurchased: () => [
    { id: 7, tags: ['sale'], date: '2026-06-01', quantity: 2 },
    { id: 8, tags: [], date: '2026-10-23', quantity: 1 },
  ],
  ...more,
});

const holds = (query: string, more: Partial<QuerySubject> = {}) =>
  evaluateQuery(parseSegmentQuery(query), subject(more), TODAY);

describe('a customer is in a segment', () => {
  it.each([
    "customer_tags CONTAINS 'vip'",
    "customer_tags NOT CONTAINS 'other'",
    'number_of_orders = 3',
    'number_of_orders BETWEEN 3 AND 5',
    'number_of_orders IN (1, 3)',
    'amount_spent > 120',
    'amount_spent >= 120.50',
    'last_order_date = -30d',
    'last_order_date >= 30_days_ago',
    'last_order_date < -4w',
    'last_order_date > -2m',
    'last_order_date BETWEEN 2026-10-01 AND today',
    'first_order_date < 12_months_ago',
    "customer_countries CONTAINS 'DE'",
    "customer_regions CONTAINS 'DE-BE'",
    "email_subscription_status = 'SUBSCRIBED'",
    'sms_subscription_status IS NULL',
    'email_subscription_status IS NOT NULL',
    "rfm_group = 'LOYAL'",
    "rfm_group IN ('loyal', 'champions')",
    'products_purchased MATCHES (id = 7)',
    'products_purchased MATCHES (id IN (1, 8), date >= -30d)',
    "products_purchased MATCHES (tag = 'sale', quantity >= 2)",
    'products_purchased NOT MATCHES (id = 9)',
    'orders_placed MATCHES ()',
    'orders_placed MATCHES (date >= -180d, count >= 2, sum_amount = 100)',
    'orders_placed NOT MATCHES (amount > 60)',
    "number_of_orders > 5 OR customer_tags CONTAINS 'VIP' AND amount_spent > 1",
    "NOT (number_of_orders > 5 OR customer_tags CONTAINS 'none')",
    "customer_tags contains 'vip' and number_of_orders = 3",
  ])('%s', (query) => expect(holds(query)).toBe(true));

  it.each([
    "customer_tags CONTAINS 'vi'",
    "customer_tags NOT CONTAINS 'Newsletter'",
    'number_of_orders != 3',
    'number_of_orders NOT IN (1, 3)',
    'last_order_date > -30d',
    'sms_subscription_status = \'SUBSCRIBED\'',
    'sms_subscription_status != \'SUBSCRIBED\'',
    'products_purchased MATCHES (id = 7, date >= -30d)',
    'orders_placed MATCHES (date >= -180d, count >= 3)',
    'orders_placed IS NULL',
    "(number_of_orders > 5 OR customer_tags CONTAINS 'VIP') AND amount_spent > 1000",
  ])('not: %s', (query) => expect(holds(query)).toBe(false)); // prettier-ignore

  it('a customer who never ordered', () => {
    const never = {
      numberOfOrders: 0,
      lastOrderDate: null,
      ordersPlaced: () => [],
      productsPurchased: () => [],
    };
    expect(holds('last_order_date IS NULL', never)).toBe(true);
    expect(holds('last_order_date < today', never)).toBe(false);
    expect(holds('orders_placed MATCHES ()', never)).toBe(false);
    expect(holds('products_purchased NOT MATCHES (id = 7)', never)).toBe(true);
  });

  it('the last day of a month stays within the month', () => {
    const query = parseSegmentQuery('last_order_date = -1m');
    expect(evaluateQuery(query, subject({ lastOrderDate: '2027-02-28' }), '2027-03-31')).toBe(true);
  });
});

describe('a query that Shopify would not take', () => {
  it.each([
    ['not a valid segment query', "Query Line 1 Column 6: 'valid' is unexpected."],
    ["customer_tag CONTAINS 'x'", "Query Line 1 Column 0: 'customer_tag' filter cannot be found."],
    ["customer_tags = 'x'", "Query Line 1 Column 14: '=' is unexpected."],
    ['number_of_orders >', 'Query Line 1 Column 18: The query ends too early.'],
    ["number_of_orders > 'x'", "Query Line 1 Column 19: 'x' is unexpected."],
    ["customer_tags CONTAINS 'x", 'Query Line 1 Column 23: The quotation mark is not closed.'],
    ['number_of_orders = 1\nAND number_of_orders ~ 2', "Query Line 2 Column 21: '~' is unexpected."],
    ['(number_of_orders = 1', 'Query Line 1 Column 21: The query ends too early.'],
    ['number_of_orders = 1)', "Query Line 1 Column 20: ')' is unexpected."],
    ["rfm_group = 'RICH'", "Query Line 1 Column 12: 'RICH' is not a value of this filter."],
    [
      'orders_placed MATCHES (date > -3d, date < -1d)',
      "Query Line 1 Column 35: 'date' can be used only once.",
    ],
    ['orders_placed MATCHES (colour = 1)', "Query Line 1 Column 23: 'colour' parameter cannot be found."],
    ['last_order_date = 2026-02-30', "Query Line 1 Column 18: '2026-02-30' is unexpected."],
    ['', 'Query Line 1 Column 0: The query ends too early.'],
  ])('%j', (query, message) => expect(() => parseSegmentQuery(query)).toThrow(message));

  it('nested too deep, and lists too long', () => {
    expect(() => parseSegmentQuery(`${'('.repeat(50)}number_of_orders = 1${')'.repeat(50)}`)).toThrow(
      'too deep',
    );
    const many = Array.from({ length: 501 }, (_, i) => i).join(', ');
    expect(() => parseSegmentQuery(`number_of_orders IN (${many})`)).toThrow('500 values');
  });

  it('no text makes the parser do anything but answer or say what is wrong', () => {
    const piece = fc.constantFrom(
      'customer_tags', 'CONTAINS', 'NOT', 'AND', 'OR', '(', ')', "'x'", "'", '=', '<', '-30d', 'today', 'number_of_orders',
      '3', 'IS', 'NULL', 'MATCHES', 'orders_placed', ',', '\\', '🙂', 'BETWEEN', '\n',
    ); // prettier-ignore
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 12 }).map((all) => all.join(' ')),
          fc.string(),
        ),
        (query) => {
          try {
            evaluateQuery(parseSegmentQuery(query), subject(), TODAY);
          } catch (error) {
            expect((error as Error).message).toMatch(/^Query Line \d+ Column \d+: /);
          }
        },
      ),
    );
  });
});

it('a quotation mark in a tag is written with a backslash', () => {
  expect(holds("customer_tags CONTAINS 'mother\\'s day'", { tags: ["Mother's day"] })).toBe(true);
});
