/**
 * The presets beyond those that every shop starts with: offered with the store's own numbers and products in them, made
 * into a draft when the merchant takes one. Bounds are percentiles of the store, gaps between its orders and its own
 * products, collections and countries; where the store has nothing to take a bound from, the idea says why not.
 */
import { CLASSIC_RFM } from './classic-rfm.ts';
import { addDays, type LocalDate } from '../local-date.ts';
import type { Preset, PresetFamily } from './presets.ts';
import type { Condition, Rule, RuleNode } from './rule.ts';
import { NAME_LIMITS, keyFromName } from './segment-names.ts';

/** What ideas are made of, read from the store. Null: the store has nothing to take it from. */
export interface PresetNumbers {
  today: LocalDate;
  buyers: number;
  /** The 95th percentile of buyers' biggest orders, minor units. */
  bigOrderMinor: number | null;
  /** The 80th percentile of the share of orders with something off, over repeat buyers, whole percent. */
  discountShare: number | null;
  /** The 90th percentile of the share returned, over repeat buyers, whole percent. */
  returnedShare: number | null;
  /** Days from first to second order: the quartiles over repeat buyers. */
  secondOrderDays: { from: number; to: number } | null;
  /** Days between two orders of one customer: median and third quartile. */
  gapDays: { median: number; most: number } | null;
  /** The published bound of "active", days. */
  activeDays: number;
  /** The 90th percentile of what is expected in 12 months, minor units. */
  predictedMinor: number | null;
  /** By buyers, most first. */
  products: readonly { id: string; title: string; buyers: number }[];
  /** The newest product that somebody has bought, and when it came. */
  newest: { id: string; title: string; since: LocalDate } | null;
  /** By buyers, most first; `pieces`: the third quartile of pieces bought, over those who bought any. */
  collections: readonly { id: string; title: string; pieces: number }[];
  /** Two-letter codes by customers, most first. */
  countries: readonly string[];
  /** Orders that renew or begin a subscription, or customers with a subscriber status. */
  hasSubscriptions: boolean;
  /** Tags of others that only one customer has. */
  loneTags: readonly string[];
}

export interface Idea {
  key: string;
  name: string;
  family: PresetFamily;
  /** What to do with it. */
  advice: string;
  /** Null: there is nothing in this store to make it of. */
  rule: Rule | null;
  /** Why not, when there is no rule. */
  missing: string | null;
}

type Take = Omit<Preset, 'rule'> & { rule: Rule | string };

const all = (...conditions: RuleNode[]): Rule => ({ v: 1, where: { all: conditions } });
const atLeast = (field: Condition['field'], value: number): Condition => ({ field, op: 'gte', value });
/** As with the top x %: people tied at the percentile are left out. */
const moreThan = (field: Condition['field'], value: number): Condition => ({ field, op: 'gt', value });
const between = (field: Condition['field'], from: number, to: number): Condition => ({
  field,
  op: 'between',
  value: [from, to],
});
const is = (field: Condition['field'], value: string | number | boolean): Condition => ({
  field,
  op: 'eq',
  value,
});
const bought = (what: NonNullable<Condition['with']>['what'], value = true): Condition => ({
  field: 'bought',
  with: { what },
  op: 'eq',
  value,
});
const REPEAT = atLeast('orders', 2);
const BEST: Condition = { field: 'spends_more_than_percent_of_customers', op: 'gte', value: 80 };

/** Made of nothing but the store's numbers: the same store gives the same ideas. Keys are unique. */
export function presetIdeas(store: PresetNumbers): Idea[] {
  const taken = [
    ...value(store),
    ...habits(store),
    ...products(store),
    ...places(store),
    ...consent(),
    ...data(store),
  ].map(({ rule, ...idea }): Idea =>
    typeof rule === 'string' ? { ...idea, rule: null, missing: rule } : { ...idea, rule, missing: null },
  );
  return [...CLASSIC_RFM.map((preset): Idea => ({ ...preset, missing: null })), ...taken];
}

function value(store: PresetNumbers): Take[] {
  return [
    {
      key: 'high-predicted-value',
      name: 'High predicted value',
      family: 'value',
      advice: 'Spend on keeping them: they are expected to be the top tenth of the next twelve months.',
      rule:
        store.predictedMinor === null
          ? 'There are no predictions that can be relied on yet.'
          : all(moreThan('predicted_value_12_months', store.predictedMinor)),
    },
    {
      key: 'best-at-risk',
      name: 'Best at risk of leaving',
      family: 'value',
      advice: 'The most money that is about to be lost: call, write, or send a personal offer.',
      rule: all(BEST, is('risk_of_losing', 'high')),
    },
    {
      key: 'one-big-order',
      name: 'One big order',
      family: 'value',
      advice: 'Find out whether they bought a present or for a company, and ask what else they need.',
      rule:
        store.bigOrderMinor === null
          ? 'Nobody has bought anything yet.'
          : all(is('orders', 1), moreThan('biggest_order', store.bigOrderMinor)),
    },
  ];
}

function habits(store: PresetNumbers): Take[] {
  const { secondOrderDays: second, gapDays: gap, discountShare, returnedShare } = store;
  const noRepeats = 'Too few customers have ordered twice.';
  const subscribers = (rule: Rule) => (store.hasSubscriptions ? rule : 'The store has no subscriptions.');
  return [
    {
      key: 'second-order-window',
      name: 'Second-order window',
      family: 'habits',
      advice: 'Half of all second orders come in these days: write now.',
      rule: second
        ? all(is('orders', 1), between('days_since_last_order', second.from, second.to))
        : noRepeats,
    },
    {
      key: 'becoming-regulars',
      name: 'Becoming regulars',
      family: 'habits',
      advice: 'Two orders and still near: the third makes a habit. Show what others bought third.',
      rule: all(is('orders', 2), { field: 'rhythm', op: 'in', value: ['active', 'slowing'] }),
    },
    {
      key: 'cadence-due',
      name: 'Next order due',
      family: 'habits',
      advice: 'By the gaps that are usual in this store their next order falls into these days: remind them.',
      rule: gap ? all(REPEAT, between('days_since_last_order', gap.median, gap.most)) : noRepeats,
    },
    {
      key: 'likely-to-order',
      name: 'Likely to order again',
      family: 'habits',
      advice: 'At least one more order is expected within twelve months: no discount needed.',
      rule: all(atLeast('predicted_orders_12_months', 1)),
    },
    {
      key: 'discount-hunters',
      name: 'Discount hunters',
      family: 'habits',
      advice: 'Keep full-price campaigns away from them, and tell them about sales first.',
      rule:
        discountShare === null
          ? noRepeats
          : discountShare === 0
            ? 'Fewer than one in five repeat buyers has bought at a discount.'
            : all(REPEAT, atLeast('share_at_discount', discountShare)),
    },
    {
      key: 'full-price-buyers',
      name: 'Full-price buyers',
      family: 'habits',
      advice: 'Leave them out of discount campaigns: they buy without.',
      rule: all(REPEAT, { field: 'share_at_discount', op: 'lte', value: 0 }),
    },
    {
      key: 'frequent-returners',
      name: 'Frequent returners',
      family: 'habits',
      advice: 'Help with sizes and descriptions before they order, and leave them out of free-return offers.',
      rule:
        returnedShare === null
          ? noRepeats
          : returnedShare === 0
            ? 'Fewer than one in ten repeat buyers has had money back.'
            : all(REPEAT, atLeast('share_returned', returnedShare)),
    },
    {
      key: 'subscribers',
      name: 'Subscribers',
      family: 'habits',
      advice: 'Leave them out of offers for what they get anyway, and tell them about news first.',
      rule: subscribers(all(is('subscription_status', 'ACTIVE'))),
    },
    {
      key: 'former-subscribers',
      name: 'Former subscribers',
      family: 'habits',
      advice: 'Ask why they stopped; a pause or a smaller box brings some back.',
      rule: subscribers(
        all({ field: 'subscription_status', op: 'in', value: ['PAUSED', 'FAILED', 'CANCELLED', 'EXPIRED'] }),
      ),
    },
    {
      key: 'open-returns',
      name: 'Return under way',
      family: 'habits',
      advice: 'Hold campaigns back until it is settled.',
      rule: all(atLeast('open_returns', 1)),
    },
    {
      key: 'anniversary-week',
      name: 'Anniversary this week',
      family: 'habits',
      advice: 'Thank them for another year; a small present is remembered.',
      rule: all({ field: 'first_order_anniversary_in', op: 'lte', value: 7 }),
    },
  ];
}

function products({ products: top, collections, newest, activeDays }: PresetNumbers): Take[] {
  const [first, second] = top;
  const [collection] = collections;
  const none = 'No product has been bought yet.';
  return [
    {
      ...named(
        'bought',
        first && second ? `Bought ${first.title}, not ${second.title}` : 'Bought this, not that',
      ),
      family: 'products',
      advice: 'The two products that most people bought: show the second to those who have the first.',
      rule:
        first && second
          ? all(bought({ product: [first.id] }), bought({ product: [second.id] }, false))
          : 'Fewer than two products have been bought.',
    },
    {
      ...named('again', first ? `Buys ${first.title} again` : 'Buys the best-seller again'),
      family: 'products',
      advice: 'Offer them a subscription, a larger pack, or a reminder when it runs out.',
      rule: first
        ? all({ field: 'bought_quantity', with: { what: { product: [first.id] } }, op: 'gte', value: 2 })
        : none,
    },
    {
      ...named('fans', collection ? `Fans of ${collection.title}` : 'Fans of a collection'),
      family: 'products',
      advice: 'Tell them first when something new comes into this collection.',
      rule: collection
        ? all({
            field: 'bought_quantity',
            with: { what: { collection: [collection.id] } },
            op: 'gte',
            value: Math.max(2, collection.pieces),
          })
        : 'Nothing of a collection has been bought yet, or collections have not been read.',
    },
    {
      ...named('early', newest ? `Early buyers of ${newest.title}` : 'Early buyers of the newest product'),
      family: 'products',
      advice: 'They like to be first: give them early access next time, and ask for reviews.',
      rule: newest
        ? all({
            field: 'bought',
            with: {
              what: { product: [newest.id] },
              from: newest.since,
              to: addDays(newest.since, Math.floor(activeDays)),
            },
            op: 'eq',
            value: true,
          })
        : none,
    },
  ];
}

function places({ countries }: PresetNumbers): Take[] {
  const [home, ...others] = countries;
  const none = 'No customer has a country.';
  const country = (code: string | undefined, i: number): Take => ({
    ...(code === undefined
      ? { key: `country-${i + 1}`, name: `Country number ${i + 1}` }
      : named('country', `Customers in ${countryName(code)}`)),
    family: 'places',
    advice: 'Write in their language, with their holidays, prices and delivery times.',
    rule: code === undefined ? none : all(is('country', code)),
  });
  return [
    country(home, 0),
    ...others.slice(0, 2).map((code, i) => country(code, i + 1)),
    {
      key: 'abroad',
      name: home === undefined ? 'Abroad' : `Outside ${countryName(home)}`,
      family: 'places',
      advice: 'Say what delivery costs and how long it takes; leave them out of local events.',
      rule:
        home === undefined
          ? none
          : all({ field: 'country', op: 'is_set' }, { field: 'country', op: 'neq', value: home }),
    },
  ];
}

function consent(): Take[] {
  const subscribed = (field: 'email_consent' | 'sms_consent') => is(field, 'SUBSCRIBED');
  return [
    {
      key: 'reachable-by-email',
      name: 'Reachable by e-mail',
      family: 'consent',
      advice: 'Everybody who may get your newsletter. Use it inside other segments.',
      rule: all(subscribed('email_consent')),
    },
    {
      key: 'reachable-by-sms',
      name: 'Reachable by SMS',
      family: 'consent',
      advice: 'For what cannot wait: few words, few times.',
      rule: all(subscribed('sms_consent')),
    },
    {
      key: 'best-not-reachable',
      name: 'Best, but not reachable',
      family: 'consent',
      advice: 'A letter, a card in the parcel, or a question at the checkout: ask for their consent.',
      rule: all(BEST, { none: [subscribed('email_consent'), subscribed('sms_consent')] }),
    },
    {
      key: 'unsubscribed-buyers',
      name: 'Unsubscribed buyers',
      family: 'consent',
      advice: 'Never write to them; use it as an exclusion in advertising and for parcels.',
      rule: all(atLeast('orders', 1), is('email_consent', 'UNSUBSCRIBED')),
    },
  ];
}

function data({ loneTags }: PresetNumbers): Take[] {
  return [
    {
      key: 'no-country',
      name: 'No country',
      family: 'data',
      advice: 'Ask for an address, or leave them out of campaigns by country.',
      rule: all({ field: 'country', op: 'is_not_set' }),
    },
    {
      key: 'no-email-address',
      name: 'No e-mail address',
      family: 'data',
      advice: 'Staff at the till can ask for one; without it no campaign reaches them.',
      rule: all({ field: 'email_consent', op: 'is_not_set' }),
    },
    {
      key: 'invalid-email-address',
      name: 'E-mail address invalid',
      family: 'data',
      advice: 'Correct what is clearly a slip; the rest only hurts the delivery of your mail.',
      rule: all(is('email_consent', 'INVALID')),
    },
    {
      key: 'no-language',
      name: 'No language',
      family: 'data',
      advice: 'They get your default language: check whether that is right.',
      rule: all({ field: 'language', op: 'is_not_set' }),
    },
    {
      key: 'lone-tags',
      name: 'Tags that nobody else has',
      family: 'data',
      advice: 'A tag on a single customer groups nobody: tidy up, or turn it into a note.',
      rule:
        loneTags.length === 0
          ? 'No customer has a tag that nobody else has.'
          : all({ field: 'customer_tags', op: 'has_any', value: [...loneTags] }),
    },
  ];
}

/** Key and name with something of the store in them, within the limits of both. */
function named(kind: string, name: string): { key: string; name: string } {
  const short = [...name].slice(0, NAME_LIMITS.name).join('').trim();
  const key = keyFromName(
    `${kind} ${short.replace(/^(Bought|Fans of|Early buyers of|Buys|Customers in) /, '')}`,
  );
  return { key, name: short };
}

const REGIONS = new Intl.DisplayNames('en', { type: 'region' });

function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (REGIONS.of(code) ?? code) : code;
}
