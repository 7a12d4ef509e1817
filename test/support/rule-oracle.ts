/**
 * What a rule means, once more and by other means: one customer at a time, without SQL. Only tests use it, to
 * hold the compiler to.
 */
import { daysBetween, type LocalDate } from '../../app/local-date.ts';
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
  country: string | null;
  emailConsent: string | null;
  smsConsent: string | null;
  since: LocalDate | null;
}

export function valueOf(
  field: FieldKey,
  { profile: p, scores, prediction, ...customer }: OracleCustomer,
  today: LocalDate,
  cuts: CutPoints,
): Scalar | null {
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
    case 'customer_since':
      return customer.since;
    case 'value_class':
      return p.orders === 0 ? 'no_order' : above(80) ? 'best' : p.orders >= 2 ? 'steady' : 'one_order';
    case 'rhythm':
      if (quiet === null) return null;
      return quiet <= active ? 'active' : quiet <= slowing ? 'slowing' : quiet <= away ? 'away' : 'gone';
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
    case 'country':
      return customer.country;
    case 'email_consent':
      return customer.emailConsent;
    case 'sms_consent':
      return customer.smsConsent;
  }
}

export function holds(node: RuleNode, value: (field: FieldKey) => Scalar | null): boolean {
  if ('all' in node) return node.all.every((child) => holds(child, value));
  if ('any' in node) return node.any.some((child) => holds(child, value));
  if ('none' in node) return !node.none.some((child) => holds(child, value));
  return conditionHolds(node, value(node.field));
}

function conditionHolds({ op, value: bound }: Condition, value: Scalar | null): boolean {
  if (op === 'is_set') return value !== null;
  if (op === 'is_not_set') return value === null;
  if (value === null) return op === 'neq';
  const [from, to] = Array.isArray(bound) ? bound : [bound, bound];
  switch (op) {
    case 'eq':
      return value === bound;
    case 'neq':
      return value !== bound;
    case 'lt':
    case 'before':
      return value < (bound as Scalar);
    case 'lte':
      return value <= (bound as Scalar);
    case 'gt':
    case 'after':
      return value > (bound as Scalar);
    case 'gte':
      return value >= (bound as Scalar);
    case 'between':
      return (from as Scalar) <= value && value <= (to as Scalar);
    case 'in':
      return (bound as Scalar[]).includes(value);
  }
}
