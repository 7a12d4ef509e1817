/**
 * Which fields can be asked for in a shop, and why others cannot: one answer for the editor, the validator and turning
 * on. Predictions need a fit that can be relied on; without read_all_orders Shopify shows the orders of 60 days, and
 * what needs more is not available; the app's own tags cannot be asked for.
 */
import type { Field } from './field.ts';
import { FIELD_KEYS, fieldOf, type FieldKey } from './fields.ts';
import type { ParamValues } from './param.ts';
import { childrenOf, isCondition, type Condition, type Rule, type RuleFault, type RuleNode } from './rule.ts';

/** What a shop has, as far as fields depend on it. */
export interface ShopFacts {
  /** Access scopes that were granted; empty: not known yet, taken for all. */
  scopes: readonly string[];
  /** Whether segments may rest on predictions. */
  predictions: boolean;
  /** Whether postal codes are kept. */
  postalCodes: boolean;
  /** Keys of the metafields that the merchant picked, with Shopify's types. */
  metafields: readonly { key: string; type: string }[];
  /** Before the tags that the app writes. */
  tagPrefix: string;
  /** All tags of segments of the shop, prefix included: those that were renamed too. */
  ownTags: readonly string[];
  /** Keys of the segments that are steps of tiers. */
  tiers: readonly string[];
}

export type Availability = { available: true } | { available: false; why: string };

/** Days of orders that Shopify shows without read_all_orders. */
export const DAYS_WITHOUT_ALL_ORDERS = 60;

const AVAILABLE: Availability = { available: true };
const not = (why: string): Availability => ({ available: false, why });

/** Of every field. */
export function availableFields(shop: ShopFacts): ReadonlyMap<FieldKey, Availability> {
  return new Map(FIELD_KEYS.map((key) => [key, availabilityOf(key, shop)]));
}

export function availabilityOf(key: FieldKey, shop: ShopFacts): Availability {
  const field = fieldOf(key);
  if (field.source === 'prediction' && !shop.predictions) {
    return not('Not available: there are no predictions that can be relied on yet.');
  }
  // With a short enough window it is available all the same: see `conditionFault`.
  const hasWindow = field.params !== undefined && 'lastDays' in field.params;
  if (field.needsAllOrders && !hasWindow && !seesAllOrders(shop)) return not(NEEDS_ALL_ORDERS);
  if (key === 'postal_code' && !shop.postalCodes) {
    return not('Not available: the settings say that postal codes are not kept.');
  }
  if (field.asksForTiers && shop.tiers.length === 0) {
    return not('Not available: there are no tiers yet. Make them under Segments, Sets and tiers.');
  }
  if (field.source === 'metafield' && !shop.metafields.some(({ type }) => fits(key, type))) {
    return not('Not available: no metafield of this kind is picked in the settings.');
  }
  return AVAILABLE;
}

const NEEDS_ALL_ORDERS = `Not available: without access to all orders Shopify shows those of the last ${DAYS_WITHOUT_ALL_ORDERS} days.`;

/** Faults of a valid rule in this shop, each with its path: what is not available, and tags of the app itself. */
export function shopFaults(rule: Rule, shop: ShopFacts): RuleFault[] {
  const faults: RuleFault[] = [];
  const visit = (node: RuleNode, path: readonly (string | number)[]): void => {
    if (isCondition(node)) {
      const fault = conditionFault(node, rule.countAfterDays ?? 0, shop);
      if (fault !== undefined) {
        faults.push({ path: [...path, ...fault.below].join('.'), message: fault.message });
      }
      return;
    }
    const group = 'all' in node ? 'all' : 'any' in node ? 'any' : 'none';
    childrenOf(node).forEach((child, i) => visit(child, [...path, group, i]));
  };
  visit(rule.where, ['where']);
  return faults;
}

function conditionFault(
  condition: Condition,
  wait: number,
  shop: ShopFacts,
): { below: (string | number)[]; message: string } | undefined {
  const { field: key, with: params = {} } = condition;
  const field: Field = fieldOf(key);
  const availability = availabilityOf(key, shop);
  if (!availability.available) return { below: ['field'], message: availability.why };
  if (!seesAllOrders(shop) && field.fromOrders !== false && (wait > 0 || reachesBack(field, params))) {
    return { below: ['field'], message: NEEDS_ALL_ORDERS };
  }
  if (field.source === 'metafield') {
    const picked = shop.metafields.find((one) => one.key === params.metafield);
    if (picked === undefined) {
      return { below: ['with', 'metafield'], message: 'is not picked in the settings' };
    }
    if (!fits(key, picked.type)) {
      return {
        below: ['with', 'metafield'],
        message: `is of the type ${picked.type}, which this does not read`,
      };
    }
  }
  if (field.asksForTiers && !shop.tiers.includes(params.segment ?? '')) {
    return {
      below: ['with', 'segment'],
      message: `is not a step of tiers: choose one of ${shop.tiers.join(', ')}`,
    };
  }
  return field.isCustomerTags ? ownTagFault(condition, shop) : undefined;
}

/** Whether the parameters of a windowed field ask for more than 60 days. */
function reachesBack({ params: declared }: Field, { lastDays }: ParamValues): boolean {
  if (declared === undefined || !('lastDays' in declared)) return false;
  return lastDays === undefined || lastDays > DAYS_WITHOUT_ALL_ORDERS;
}

function ownTagFault({ value }: Condition, { tagPrefix, ownTags }: ShopFacts) {
  const same = (tag: string) => tag.trim().normalize('NFC').toLowerCase();
  const own = new Set(ownTags.map(same));
  const listed = Array.isArray(value) ? value : [];
  const at = listed.findIndex(
    (tag) =>
      own.has(same(String(tag))) || (tagPrefix !== '' && same(String(tag)).startsWith(same(tagPrefix))),
  );
  if (at < 0) return undefined;
  return {
    below: ['value', at],
    message: `is a tag that this app writes (${String(listed[at])}): ask for members of the segment instead`,
  };
}

function seesAllOrders({ scopes }: ShopFacts): boolean {
  return scopes.length === 0 || scopes.includes('read_all_orders');
}

/** Whether a metafield of Shopify's type has what the field reads. */
function fits(key: FieldKey, type: string): boolean {
  switch (key) {
    case 'metafield_number':
      return type.startsWith('number_');
    case 'metafield_date':
    case 'metafield_days_since':
    case 'metafield_years':
    case 'metafield_anniversary_in':
      return type === 'date' || type === 'date_time';
    default:
      return true;
  }
}
