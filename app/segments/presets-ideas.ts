/**
 * The presets beyond those that every shop starts with: offered with the store's own numbers and products in them, made
 * into a draft when the merchant takes one. Bounds are percentiles of the store, gaps between its orders and its own
 * products, collections and countries; where the store has nothing to take a bound from, the idea says why not.
 */
import { CLASSIC_RFM } from './classic-rfm.ts';
import type { LocalDate } from '../local-date.ts';
import { habits, value } from './presets-ideas-habits.ts';
import { consent, data, places } from './presets-ideas-people.ts';
import { products } from './presets-ideas-products.ts';
import type { PresetFamily } from './presets.ts';
import type { Rule } from './rule.ts';

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
