/**
 * What a rule means, once more and by other means: one customer at a time, without SQL. Only tests use it, to
 * hold the compiler to. The values that need more than a profile are in rule-oracle-facts.ts.
 */
import { addDays, daysBetween, type LocalDate } from '../../app/local-date.ts';
import type { FieldKey } from '../../app/segments/fields.ts';
import type { Condition, RuleNode, Scalar } from '../../app/segments/rule.ts';
import type { CutPoints } from '../../app/value/cut-points.ts';
import type { OracleProfile } from './order-policy-oracle.ts';

export interface OracleCustomer {
  profile: OracleProfile;
  scores: { r: number; f: number; m: number } | null;
  prediction: {
    alive: number;
    /** Eighths, so that rounding to two decimals has no ties to lose in binary. */
    expectedOrders: number;
    expectedValueMinor: number;
    risk: 'low' | 'medium' | 'high';
    nextOrderOn: LocalDate | null;
  } | null;
}

export type OracleValue = Scalar | readonly string[] | null;

/** Fields that a profile, scores and predictions answer; undefined for the others. */
export function valueOf(
  field: FieldKey,
  { profile: p, scores, prediction }: OracleCustomer,
  today: LocalDate,
  cuts: CutPoints,
): OracleValue | undefined {
  const since = (date: LocalDate | null) => (date === null ? null : daysBetween(date, today));
  const above = (percent: 75 | 80 | 90 | 95 | 99) => {
    const bound = cuts.spentPercentiles[percent];
    return bound !== null && p.spent > bound;
  };
  const [active, slowing, away] = cuts.rhythmDays;
  const quiet = since(p.lastActivityOn);
  switch (field) {
    case 'orders':
      return p.orders;
    case 'spent':
      return p.spent;
    case 'average_order':
      return p.orders === 0 ? null : p.spent / p.orders;
    case 'biggest_order':
      return p.orders === 0 ? null : p.biggest;
    case 'first_order_on':
      return p.firstOn;
    case 'last_order_on':
      return p.lastOn;
    case 'days_since_first_order':
      return since(p.firstOn);
    case 'days_since_last_order':
      return since(p.lastOn);
    case 'days_since_last_activity':
      return quiet;
    case 'days_between_orders':
      if (p.orders < 2 || p.firstOn === null || p.lastOn === null) return null;
      return daysBetween(p.firstOn, p.lastOn) / (p.orders - 1);
    case 'first_order_anniversary_in':
      return p.firstOn === null ? null : daysToAnniversary(p.firstOn, today);
    case 'value_class':
      return p.orders === 0 ? 'no_order' : above(80) ? 'best' : p.orders >= 2 ? 'steady' : 'one_order';
    case 'rhythm':
      if (quiet === null) return null;
      return quiet <= active ? 'active' : quiet <= slowing ? 'slowing' : quiet <= away ? 'away' : 'gone';
    case 'life_cycle_group': {
      if (p.orders === 0) return p.fullyRefunded > 0 ? 'returned-everything' : 'never-bought';
      const days = quiet ?? 0;
      const step = days <= active ? 0 : days <= slowing ? 1 : days <= away ? 2 : 3;
      const names = above(80)
        ? ['best-customers', 'best-slowing', 'best-away', 'best-lost']
        : p.orders >= 2
          ? ['steady-customers', 'steady-slowing', 'steady-away', 'steady-lost']
          : ['new', 'second-order-due', 'one-order-away', 'one-order-gone'];
      return names[step] ?? null;
    }
    case 'rfm_group':
      return rfmGroup(p, scores, quiet !== null && quiet <= slowing);
    case 'has_fully_refunded_order':
      return p.fullyRefunded > 0;
    case 'r':
    case 'f':
    case 'm':
      return scores?.[field] ?? null;
    case 'spends_more_than_percent_of_customers':
      if (p.orders === 0) return 0;
      return ([99, 95, 90, 80, 75] as const).find(above) ?? 0;
    case 'still_a_customer_chance':
      return prediction && Math.floor(prediction.alive * 100);
    case 'predicted_orders_12_months':
      return prediction && Math.round(prediction.expectedOrders * 100) / 100;
    case 'predicted_value_12_months':
      return prediction && prediction.expectedValueMinor;
    case 'risk_of_losing':
      return prediction && prediction.risk;
    case 'expected_next_order_on':
      return prediction && prediction.nextOrderOn;
    default:
      return undefined;
  }
}

/** The classic table, as one line a score of recency, from 5 to 1. */
const RFM_TABLE = `
  new, potential-loyalists, potential-loyalists, loyal, champions
  promising, potential-loyalists, potential-loyalists, loyal, champions
  about-to-sleep, need-attention, need-attention, loyal, loyal
  hibernating, hibernating, at-risk, at-risk, cannot-lose-them
  lost, lost, at-risk, at-risk, cannot-lose-them`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(', '));

const PROMISES = ['new', 'promising', 'potential-loyalists', 'loyal', 'champions'];

function rfmGroup(
  { orders }: OracleProfile,
  scores: OracleCustomer['scores'],
  isActive: boolean,
): string | null {
  if (orders === 0) return 'prospects';
  if (scores === null) return null;
  const column = Math.floor((scores.f + scores.m + 1) / 2) - 1;
  for (let row = 5 - scores.r; row < 5; row++) {
    const name = RFM_TABLE[row]?.[column] ?? null;
    if (name === null || isActive || !PROMISES.includes(name)) return name;
  }
  return null;
}

/** Day by day, until the day and month come round: 29 February on the 28th where there is none. */
export function daysToAnniversary(date: LocalDate, today: LocalDate): number {
  for (let days = 0; ; days++) {
    const on = addDays(today, days);
    if (isAnniversary(date, on)) return days;
  }
}

export function isAnniversary(date: LocalDate, on: LocalDate): boolean {
  if (Number(on.slice(0, 4)) <= Number(date.slice(0, 4))) return false;
  if (on.slice(5) === date.slice(5)) return true;
  const tomorrow = addDays(on, 1);
  return date.slice(5) === '02-29' && on.slice(5) === '02-28' && tomorrow.slice(5) === '03-01';
}

export function holds(
  node: RuleNode,
  value: (field: FieldKey, condition: Condition) => OracleValue | undefined,
  today?: LocalDate,
): boolean {
  const child = (one: RuleNode) => holds(one, value, today);
  if ('all' in node) return node.all.every(child);
  if ('any' in node) return node.any.some(child);
  if ('none' in node) return !node.none.some(child);
  const found = value(node.field, node);
  if (found === undefined) throw new Error(`the oracle does not know ${node.field}`);
  return conditionHolds(node, found, today);
}

const same = (text: unknown) => String(text).normalize('NFC').toLowerCase();

function conditionHolds({ op, value: bound }: Condition, value: OracleValue, today?: LocalDate): boolean {
  if (op === 'is_set') return value !== null;
  if (op === 'is_not_set') return value === null;
  if (Array.isArray(value)) {
    const had = value.map(same);
    const asked = (bound as string[]).map(same);
    if (op === 'has_all') return asked.every((one) => had.includes(one));
    const any = asked.some((one) => had.includes(one));
    return op === 'has_any' ? any : !any;
  }
  if (value === null) return ['neq', 'not_in', 'not_contains', 'not_in_last_days'].includes(op);
  const [from, to] = Array.isArray(bound) ? bound : [bound, bound];
  const ago = () => daysBetween(value as LocalDate, today as LocalDate);
  const equal = (a: unknown, b: unknown) => (typeof a === 'string' ? same(a) === same(b) : a === b);
  switch (op) {
    case 'eq':
      return equal(value, bound);
    case 'neq':
      return !equal(value, bound);
    case 'lt':
    case 'before':
      return (value as Scalar) < (bound as Scalar);
    case 'lte':
      return (value as Scalar) <= (bound as Scalar);
    case 'gt':
    case 'after':
      return (value as Scalar) > (bound as Scalar);
    case 'gte':
      return (value as Scalar) >= (bound as Scalar);
    case 'between':
      return (from as Scalar) <= (value as Scalar) && (value as Scalar) <= (to as Scalar);
    case 'in':
      return (bound as Scalar[]).some((one) => equal(value, one));
    case 'not_in':
      return !(bound as Scalar[]).some((one) => equal(value, one));
    case 'contains':
      return same(value).includes(same(bound));
    case 'not_contains':
      return !same(value).includes(same(bound));
    case 'starts_with':
      return same(value).startsWith(same(bound));
    case 'in_last_days':
      return ago() >= 0 && ago() <= (bound as number);
    case 'not_in_last_days':
      return !(ago() >= 0 && ago() <= (bound as number));
    case 'more_than_days_ago':
      return ago() > (bound as number);
    case 'in_next_days':
      return ago() <= 0 && -ago() <= (bound as number);
    case 'has_any':
    case 'has_all':
    case 'has_none':
      throw new Error('not a list');
  }
}
