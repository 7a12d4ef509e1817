/**
 * Where somebody stands in the tiers: "Gold until 31 December 2027", "180.00 more to Platinum". Tiers are named by the
 * key of one of their steps, whichever (decision 11). What these are made of is the membership of every step as it will
 * be stored, so the compiler puts them in their place (final-membership.ts), and when time can flip them is read off
 * what is stored (setting-flips.ts).
 */
import { raw } from '../../db/sql.ts';
import type { Field } from '../field.ts';
import type { Param } from '../param.ts';

const TIERS = {
  source: 'segment',
  group: 'segments',
  fromOrders: false,
  mayBeMissing: true,
  asksForTiers: true,
  params: {
    segment: {
      type: 'segment',
      label: 'tiers',
      help: 'The key of a segment that is a step of the tiers; any of their steps names them.',
      example: 'gold',
      required: true,
    } satisfies Param,
  },
} as const satisfies Partial<Field>;

export const TIER_FIELDS = {
  tier_until: {
    ...TIERS,
    type: 'date',
    label: 'last day of a held tier',
    help: 'The day until which the customer holds a tier, whatever they spend: "Gold until 31 December 2027". Customers in no tier, and those in one without a hold, have none.',
    example: 'last day of a held tier of Club is in the next 30 days',
    value: () => raw('NULL::date'),
  },
  money_to_next_tier: {
    ...TIERS,
    type: 'money',
    label: 'money to the next tier',
    help: 'What the customer has still to spend to get into the tier above theirs, or into the lowest: "180.00 more to Platinum". Nobody has one in the highest tier, where the next tier takes anything but a plain "at least" of an amount of money (orders, several conditions), or when enough is spent already and something else keeps them out.',
    example: 'money to the next tier of Club is at most 50.00',
    value: () => raw('NULL::bigint'),
  },
} as const satisfies Record<string, Field>;

export type TierFieldKey = keyof typeof TIER_FIELDS;

export function isTierField(key: unknown): key is TierFieldKey {
  return typeof key === 'string' && Object.hasOwn(TIER_FIELDS, key);
}
