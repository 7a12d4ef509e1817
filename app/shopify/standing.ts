/** What Shopify may refuse this app in a shop as a whole, and why. */

export const SUBJECTS = [
  /** Any call at all. */
  'calls',
  'bulk_queries',
  'bulk_mutations',
  /** Customers and orders (protected customer data, level 1). */
  'customer_data',
  /** Names, addresses, e-mail, phone (level 2). */
  'personal_data',
] as const;
export type StandingSubject = (typeof SUBJECTS)[number];

export const WHYS = [
  /** Calls from our address: HTTP 403. */
  'address',
  /** Shopify asks for an IP allowlist before it lets an app use bulk operations. */
  'no_allowlist',
  /** Bulk operations have to be enabled for the app, and once more when they were not used for a month. */
  'not_enabled',
  /** Approval for protected customer data. */
  'not_approved',
  /** The token, the plan, the store's state. */
  'access',
] as const;
export type Why = (typeof WHYS)[number];

export interface Standing {
  state: 'granted' | 'refused';
  /** Machine time. */
  since: Date;
  seenAt: Date;
  why: Why | null;
}

export type Standings = Partial<Record<StandingSubject, Standing>>;

/** How long a refusal is believed before it is tried again, and how often bulk operations are used at least. */
export const TRY_BULK_AFTER_MS = 7 * 86_400_000;

/** Why bulk operations are refused, by what Shopify says. @param said the text of its error */
export function whyNoBulk(said: string): Why {
  return /allow-?\s?list/i.test(said) ? 'no_allowlist' : 'not_enabled';
}

/** Refused, and not so long ago that it should be tried again. @param now machine time */
export function isRefused(standing: Standing | undefined, now: Date): boolean {
  return standing?.state === 'refused' && now.getTime() - standing.seenAt.getTime() < TRY_BULK_AFTER_MS;
}

/** Nothing was seen of it for a week: Shopify takes bulk access away from apps that do not use it. */
export function isStale(standing: Standing | undefined, now: Date): boolean {
  return standing === undefined || now.getTime() - standing.seenAt.getTime() >= TRY_BULK_AFTER_MS;
}
