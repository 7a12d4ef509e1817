/** What is known about a customer, as the texts that Shopify stores. What is not known has no metafield. */
import { decimalOf } from '../../money.ts';
import type { MetafieldKey } from './metafield-definitions.ts';

export interface MetafieldSource {
  /** Names of live segments, in the order of the pages. */
  segments: readonly string[];
  lifeCycle: string | null;
  spentMinor: bigint;
  predictedMinor: bigint | null;
  /** 0 to 1. */
  chance: number | null;
  tier: string | null;
  /** YYYY-MM-DD. */
  tierHold: string | null;
  currency: string;
}

export type MetafieldValues = Partial<Record<MetafieldKey, string>>;

/** Shopify's limit of a list's entries. */
const LONGEST_LIST = 128;

export function metafieldValues(source: MetafieldSource): MetafieldValues {
  const { segments, lifeCycle, predictedMinor, chance, tier, tierHold } = source;
  const money = (minor: bigint) =>
    JSON.stringify({ amount: decimalOf(minor, source.currency), currency_code: source.currency });
  return {
    ...(segments.length > 0 ? { segments: JSON.stringify(segments.slice(0, LONGEST_LIST)) } : {}),
    ...(lifeCycle ? { life_cycle: lifeCycle } : {}),
    spent: money(source.spentMinor),
    ...(predictedMinor === null ? {} : { predicted_value: money(predictedMinor) }),
    // Two places: a chance that is known no better, and that is not written anew each night for the third.
    ...(chance === null ? {} : { chance: chance.toFixed(2) }),
    ...(tier ? { tier } : {}),
    ...(tierHold ? { tier_hold: tierHold } : {}),
  };
}
