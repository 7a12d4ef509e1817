/** What differs between the metafields a customer should have and those that were last written. */
import { METAFIELD_KEYS, type MetafieldKey } from './metafield-definitions.ts';
import type { MetafieldValues } from './metafield-values.ts';

/**
 * Per key: the digest of the value that was written, and Shopify's own digest, for compare-and-set; null: not known, so
 * it is read before it is written.
 */
export type WrittenDigests = Partial<Record<MetafieldKey, readonly [value: string, compare: string | null]>>;

/** It may be there, and nothing is known of its value. */
export const UNKNOWN: readonly [value: string, compare: string | null] = ['', null];

export interface MetafieldPlan {
  set: { key: MetafieldKey; value: string; compareDigest: string | null }[];
  remove: MetafieldKey[];
}

/**
 * @param wanted.tierStands the tier is paused or failing: as long as it is the one in the store, its last day is left there
 * @param digestOf of a value
 */
export function planMetafields(
  wanted: { values: MetafieldValues; tierStands: boolean },
  written: WrittenDigests,
  digestOf: (value: string) => string,
): MetafieldPlan {
  const { tier } = wanted.values;
  const left = wanted.tierStands && tier !== undefined && written.tier?.[0] === digestOf(tier);
  const plan: MetafieldPlan = { set: [], remove: [] };
  for (const key of METAFIELD_KEYS) {
    const value = wanted.values[key];
    const before = written[key];
    if (key === 'tier_hold' && left) continue;
    if (value === undefined) {
      if (before) plan.remove.push(key);
    } else if (before?.[0] !== digestOf(value)) {
      plan.set.push({ key, value, compareDigest: before?.[1] ?? null });
    }
  }
  return plan;
}
