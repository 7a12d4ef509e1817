/** The values of every field for one customer of a small store, read off its facts without SQL. */
import { createHmac } from 'node:crypto';
import type { OrderPolicy } from '../../app/history/order-policy.ts';
import { daysBetween, localDateOf, type LocalDate } from '../../app/local-date.ts';
import { fieldOf, type FieldKey } from '../../app/segments/fields.ts';
import type { ParamValues, What } from '../../app/segments/param.ts';
import type { Rule } from '../../app/segments/rule.ts';
import type { Hold } from '../../app/segments/segment-settings.ts';
import { recencyScore, risingScore } from '../../app/value/scores.ts';
import type { CutPoints } from '../../app/value/cut-points.ts';
import type { CustomerRow, LineRow, OrderRow, UtmColumn } from './insert-facts.ts';
import { judge, profileOf } from './order-policy-oracle.ts';
import type { RandomStore } from './random-store.ts';
import {
  daysToAnniversary,
  holds,
  isAnniversary,
  valueOf,
  type OracleCustomer,
  type OracleValue,
} from './rule-oracle.ts';

export interface OracleWorld {
  store: RandomStore;
  today: LocalDate;
  timeZone: string;
  policy: OrderPolicy;
  currency: string;
  salt: string;
  cuts: CutPoints;
  predictions?: ReadonlyMap<string, OracleCustomer['prediction']>;
  /** The other segments, by key. */
  segments?: Readonly<Record<string, OracleSegment>>;
}

/** A segment of which nothing is remembered but names. */
export interface OracleSegment {
  /** Absent: a list, whose members are `listed`. */
  rule?: Rule;
  listed?: readonly string[];
  always?: readonly string[];
  never?: readonly string[];
  /** Of tiers: the lowest rank wins. */
  set?: { name: string; rank: number };
  hold?: Hold;
}

/** Membership after lists and priority. */
export function isMember(world: OracleWorld, customer: CustomerRow, key: string): boolean {
  const all = world.segments ?? {};
  const wants = (one: OracleSegment): boolean => {
    if (profileOf(customer, world.store.orders, world.policy, world.timeZone, world.currency).leftOut)
      return false;
    if (one.never?.includes(customer.id)) return false;
    if (one.always?.includes(customer.id)) return true;
    return one.rule === undefined
      ? Boolean(one.listed?.includes(customer.id))
      : isIn(world, customer, one.rule);
  };
  const asked = all[key];
  if (!asked) throw new Error(`no segment ${key}`);
  const better = Object.values(all).filter(
    ({ set }) => set && set.name === asked.set?.name && set.rank < asked.set.rank,
  );
  return wants(asked) && !better.some(wants);
}

/** The steps of the tiers that one of them names, the highest first. */
function stepsOf({ segments = {} }: OracleWorld, key: string): [key: string, step: OracleSegment][] {
  const name = segments[key]?.set?.name;
  return Object.entries(segments)
    .filter(([, { set }]) => name !== undefined && set?.name === name)
    .sort(([, a], [, b]) => (a.set?.rank ?? 0) - (b.set?.rank ?? 0));
}

/** In a store that remembers nothing: a hold begins today, with whoever deserves their tier. */
function lastDayOfTier(world: OracleWorld, customer: CustomerRow, key: string): LocalDate | null {
  const [, step] = stepsOf(world, key).find(([one]) => isMember(world, customer, one)) ?? [];
  if (!step?.hold || !step.rule || !isIn(world, customer, step.rule)) return null;
  return lastDayOf(step.hold, world.today);
}

/** Month by month, so that a day that a month does not have is that month's last. */
export function lastDayOf(hold: Hold, today: LocalDate): LocalDate {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number);
  if (hold.for !== 'months') return `${hold.for === 'end_of_this_year' ? year : year + 1}-12-31` as LocalDate;
  const months = month - 1 + hold.months;
  const last = new Date(Date.UTC(year, months + 1, 0)).getUTCDate();
  const on = new Date(Date.UTC(year, months, Math.min(day, last)));
  return on.toISOString().slice(0, 10) as LocalDate;
}

function moneyToNextTier(world: OracleWorld, customer: CustomerRow, key: string): number | null {
  const steps = stepsOf(world, key);
  const at = steps.findIndex(([one]) => isMember(world, customer, one));
  const [, next] = (at < 0 ? steps.at(-1) : steps[at - 1]) ?? [];
  const where = next?.rule?.where;
  if (!next?.rule || !where || !('field' in where) || where.op !== 'gte') return null;
  if (fieldOf(where.field).type !== 'money') return null;
  const { field, with: params = {}, value } = where;
  const has = Number(factOf(world, customer, field, params, next.rule.countAfterDays ?? 0) ?? 0);
  return has < Number(value) ? Math.ceil(Number(value) - has) : null;
}

/** Whether the customer is in; people who are left out are in nothing. */
export function isIn(world: OracleWorld, customer: CustomerRow, rule: Rule): boolean {
  const profile = profileOf(customer, world.store.orders, world.policy, world.timeZone, world.currency);
  if (profile.leftOut) return false;
  return holds(
    rule.where,
    (field, condition) => factOf(world, customer, field, condition.with ?? {}, rule.countAfterDays ?? 0),
    world.today,
  );
}

export function factOf(
  world: OracleWorld,
  customer: CustomerRow,
  field: FieldKey,
  params: ParamValues,
  wait: number,
): OracleValue {
  const { store, today, timeZone, policy, currency, cuts } = world;
  const age = (order: OrderRow) => daysBetween(localDateOf(order.processedAt, timeZone), today);
  const all = store.orders.filter((order) => order.customerId === customer.id);
  const known = wait > 0 ? all.filter((order) => age(order) >= wait) : all;
  const profile = profileOf(customer, known, policy, timeZone, currency);
  const unwaited = profileOf(customer, all, policy, timeZone, currency);
  const scores =
    unwaited.lastOn === null
      ? null
      : {
          r: recencyScore(daysBetween(unwaited.lastOn, cuts.asOf), cuts.recencyDays),
          f: risingScore(unwaited.orders, cuts.frequency),
          m: risingScore(unwaited.spent, cuts.monetaryMinor),
        };
  const prediction = world.predictions?.get(customer.id) ?? null;
  const basis = field === 'rfm_group' ? unwaited : profile;
  const simple = valueOf(field, { profile: basis, scores, prediction }, today, cuts);
  if (simple !== undefined) return simple;

  const judged = known.map((order) => ({ order, ...judge(order, policy, currency) }));
  const active = judged.filter((one) => one.activity);
  const inPeriod = active.filter(({ order }) => {
    const on = localDateOf(order.processedAt, timeZone);
    if (age(order) < wait || age(order) < 0) return false;
    if (params.lastDays !== undefined && age(order) > params.lastDays) return false;
    if (params.beforeDays !== undefined && age(order) <= params.beforeDays) return false;
    return on >= (params.from ?? on) && on <= (params.to ?? on);
  });
  const counted = inPeriod.filter((one) => one.counted);
  const spent = counted.map((one) => one.spent);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const share = (some: number, of: number) => (of === 0 ? null : (100 * some) / of);
  const texts = (lists: readonly (readonly (string | null | undefined)[])[]) => [
    ...new Set(lists.flat().filter((one): one is string => Boolean(one?.trim()))),
  ];
  const kept = (orders: readonly { order: OrderRow }[]) =>
    orders.flatMap(({ order }) =>
      (order.lines ?? [])
        .filter((line) => (line.currentQuantity ?? 0) > 0 && isWhat(world, line, params.what ?? {}))
        .map((line) => ({ order, line })),
    );
  const byTime = [...active].sort(
    (a, b) =>
      a.order.processedAt.getTime() - b.order.processedAt.getTime() ||
      Number(a.order.id) - Number(b.order.id),
  );
  const first = (pick: (order: OrderRow) => string | null | undefined) =>
    byTime.map(({ order }) => text(pick(order))).find((one) => one !== null) ?? null;
  const last = (pick: (order: OrderRow) => string | null | undefined) =>
    byTime.map(({ order }) => text(pick(order))).findLast((one) => one !== null) ?? null;
  const metafield = (customer.metafields ?? []).find(({ key }) => key === params.metafield);
  const date = (metafield?.date ?? null) as LocalDate | null;

  switch (field) {
    case 'orders_in':
      return counted.length;
    case 'spent_in':
      return sum(spent);
    case 'biggest_order_in':
      return counted.length === 0 ? null : Math.max(...spent);
    case 'share_returned': {
      const refunded = sum(
        judged
          .filter((one) => one.activity && (one.order.currency ?? 'EUR') === currency)
          .map((one) => one.order.refundedMinor ?? 0),
      );
      return share(refunded, profile.spent + refunded);
    }
    case 'share_at_discount':
      return share(counted.filter(({ order }) => (order.discountMinor ?? 0) > 0).length, counted.length);
    case 'codes_used':
      return texts(counted.map(({ order }) => order.discountCodes ?? []));
    case 'bought':
      return kept(counted).length > 0;
    case 'bought_quantity':
      return sum(kept(counted).map(({ line }) => line.currentQuantity ?? 0));
    case 'bought_amount':
      return sum(
        kept(counted).map(({ order, line }) =>
          (order.currency ?? 'EUR') === currency
            ? Math.floor(((line.discountedMinor ?? 0) * (line.currentQuantity ?? 0)) / (line.quantity ?? 1))
            : 0,
        ),
      );
    case 'share_of_orders_with':
      return share(new Set(kept(counted).map(({ order }) => order.id)).size, counted.length);
    case 'first_order_had': {
      const all = judged.filter((one) => one.counted);
      // The first order ever, once it has waited: without it no later one has.
      const at = Math.min(
        ...store.orders
          .filter((order) => order.customerId === customer.id && judge(order, policy, currency).counted)
          .map((order) => order.processedAt.getTime()),
      );
      return kept(all.filter(({ order }) => order.processedAt.getTime() === at)).length > 0;
    }
    case 'channels':
      return texts(inPeriod.map(({ order }) => [order.sourceName, order.channel]));
    case 'store_locations':
      return texts(
        inPeriod.map(({ order }) => [
          text(store.locations?.find(({ id }) => id === order.locationId)?.name) ?? order.locationId,
        ]),
      );
    case 'staff_orders':
      return inPeriod.filter(({ order }) => order.staffCreated).length;
    case 'order_tags':
      return texts(inPeriod.map(({ order }) => order.tags ?? []));
    case 'open_returns':
      return inPeriod.filter(({ order }) => order.returnOpen).length;
    case 'lost_chargebacks':
      return inPeriod.filter(({ order }) => order.disputeLost).length;
    case 'first_subscription_orders':
      return counted.filter(({ order }) => order.subscription === 'first').length;
    case 'renewal_orders':
      return counted.filter(({ order }) => order.subscription === 'renewal').length;
    case 'first_visit_source':
      return first((order) => order.firstSource);
    case 'first_visit_utm_campaign':
      return first((order) => order.firstCampaign);
    case 'last_visit_source':
      return last((order) => order.lastSource);
    case 'last_visit_utm_medium':
      return last((order) => order.lastMedium);
    case 'first_visit_utm_source':
    case 'first_visit_utm_medium':
    case 'first_visit_utm_content':
    case 'first_visit_utm_term':
      return first((order) => order.utm?.[field.replace('_visit', '') as UtmColumn]);
    case 'last_visit_utm_source':
    case 'last_visit_utm_campaign':
    case 'last_visit_utm_content':
    case 'last_visit_utm_term':
      return last((order) => order.utm?.[field.replace('_visit', '') as UtmColumn]);
    case 'customer_since':
      return customer.createdAt ? localDateOf(customer.createdAt, timeZone) : null;
    case 'country':
      return customer.countryCode ?? null;
    case 'province':
      return customer.provinceCode ?? null;
    case 'city':
      return text(customer.city);
    case 'postal_code':
      return text(customer.zip);
    case 'language':
      return text(customer.locale);
    case 'email_consent':
      return customer.emailConsent ?? null;
    case 'sms_consent':
      return customer.smsConsent ?? null;
    case 'account_state':
      return customer.state ?? null;
    case 'customer_tags':
      return customer.tags ?? [];
    case 'shopify_rfm_group':
      return customer.rfmGroup ?? null;
    case 'shopify_spend_tier':
      return customer.spendTier ?? null;
    case 'subscription_status':
      return customer.subscriberStatus ?? null;
    case 'metafield_text':
      return text(metafield?.value);
    case 'metafield_number':
      return metafield?.number ?? null;
    case 'metafield_date':
      return date;
    case 'metafield_days_since':
      return date === null || date > today ? null : daysBetween(date, today);
    case 'metafield_years':
      return date === null ? null : yearsSince(date, today);
    case 'metafield_anniversary_in':
      return date === null ? null : daysToAnniversary(date, today);
    case 'member_of':
      return isMember(world, customer, params.segment ?? '');
    case 'tier_until':
      return lastDayOfTier(world, customer, params.segment ?? '');
    case 'money_to_next_tier':
      return moneyToNextTier(world, customer, params.segment ?? '');
    case 'offers_received': {
      const { lastDays = Infinity } = params;
      return offered(customer, world).filter((days) => days <= lastDays).length;
    }
    case 'days_since_last_offer': {
      const days = offered(customer, world);
      return days.length === 0 ? null : Math.min(...days);
    }
    case 'test_group': {
      const digest = createHmac('sha256', world.salt).update(`test_group${customer.id}`).digest();
      return Math.floor((digest.readUInt32BE(0) % 10_000) / 100) + 1;
    }
    default:
      throw new Error(`the oracle does not know ${field}`);
  }
}

/** Days since each offer. */
const offered = ({ offersAt = [] }: CustomerRow, { today, timeZone }: OracleWorld) =>
  offersAt.map((at) => daysBetween(localDateOf(at, timeZone), today));

const text = (value: string | null | undefined) => (value?.trim() ? value.trim() : null);
const same = (value: string) => value.normalize('NFC').toLowerCase();

/** How many anniversaries there have been. */
function yearsSince(date: LocalDate, today: LocalDate): number {
  const years = Number(today.slice(0, 4)) - Number(date.slice(0, 4));
  if (years <= 0) return 0;
  const thisYear = daysToAnniversary(date, `${today.slice(0, 4)}-01-01` as LocalDate);
  const passed = daysBetween(`${today.slice(0, 4)}-01-01` as LocalDate, today) >= thisYear;
  return isAnniversary(date, today) || passed ? years : years - 1;
}

function isWhat({ store }: OracleWorld, line: LineRow, what: What): boolean {
  const [kind, list = []] = Object.entries(what)[0] ?? [];
  const product = store.products?.find(({ id }) => id === line.productId);
  const among = (value: string | null | undefined) =>
    value !== null && value !== undefined && list.map(same).includes(same(value));
  switch (kind) {
    case 'product':
      return among(line.productId);
    case 'variant':
      return among(line.variantId);
    case 'title':
      return among(line.title);
    case 'sku':
      return among(line.sku);
    case 'vendor':
      return among(line.vendor);
    case 'type':
      return among(product?.productType);
    case 'tag':
      return (product?.tags ?? []).some(among);
    case 'collection':
      return (product?.collections ?? []).some(among);
    default:
      return false;
  }
}
