/** What differs between the people of two segments: means and shares, each with the interval of its difference. */
import {
  isClear,
  meanDifference,
  shareDifference,
  shareInterval,
  type Interval,
  type Mean,
  type Share,
} from './intervals.ts';

export const MEANS = {
  spent: { label: 'Spent', unit: 'money', of: 'customers' },
  orders: { label: 'Orders', unit: 'number', of: 'customers' },
  average_order: { label: 'Average order', unit: 'money', of: 'buyers' },
  days_since_first_order: { label: 'Days since first order', unit: 'number', of: 'buyers' },
  days_since_last_order: { label: 'Days since last order', unit: 'number', of: 'buyers' },
  share_at_discount: { label: 'Share of orders at a discount', unit: 'percent', of: 'buyers' },
  share_returned: { label: 'Share returned', unit: 'percent', of: 'buyers' },
} as const;
export type MeanKey = keyof typeof MEANS;
export const MEAN_KEYS = Object.keys(MEANS) as MeanKey[];

export const SHARES = {
  buyers: 'Have an order that counts',
  repeat_buyers: 'Have two or more orders',
  email: 'Reachable by e-mail',
  sms: 'Reachable by SMS',
} as const;
export type ShareKey = keyof typeof SHARES;
export const SHARE_KEYS = Object.keys(SHARES) as ShareKey[];

/** What shares by name are taken of. */
export const KINDS = {
  country: 'Country',
  channel: 'Channel of the first order',
  product: 'Bought',
} as const;
export type Kind = keyof typeof KINDS;

export interface ComparedMean {
  key: MeanKey;
  a: Mean;
  b: Mean;
  /** Of a minus b; null: too few on a side. */
  difference: Interval | null;
  clear: boolean;
}

export interface ComparedShare {
  /** A ShareKey, or what the share is of. */
  key: string;
  a: Share;
  b: Share;
  /** Of each share. */
  ranges: { a: Interval | null; b: Interval | null };
  difference: Interval | null;
  clear: boolean;
}

export interface Comparison {
  means: ComparedMean[];
  shares: ComparedShare[];
  kinds: Record<Kind, ComparedShare[]>;
}

export function compareMean(key: MeanKey, a: Mean, b: Mean): ComparedMean {
  const difference = meanDifference(a, b);
  return { key, a, b, difference: difference ?? null, clear: isClear(difference) };
}

export function compareShare(key: string, a: Share, b: Share): ComparedShare {
  const difference = shareDifference(a, b);
  return {
    key,
    a,
    b,
    ranges: { a: shareInterval(a) ?? null, b: shareInterval(b) ?? null },
    difference: difference ?? null,
    clear: isClear(difference),
  };
}
