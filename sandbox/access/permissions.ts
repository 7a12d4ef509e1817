/**
 * What a caller may see and do: the scopes of its token, and what Shopify has approved or switched off for the
 * app in this store. Made once a request.
 */
import type { Instant } from '../store/model.ts';

/**
 * Approval for protected customer data: 0 none (no customers and orders at all), 1 customer data, 2 also names,
 * addresses, e-mail addresses and phone numbers.
 */
export type ProtectedDataLevel = 0 | 1 | 2;

export interface Permissions {
  /** With the read scopes that write scopes include. */
  readonly scopes: ReadonlySet<string> | 'all';
  readonly protectedData: ProtectedDataLevel;
  readonly bulkQueries: boolean;
  readonly bulkMutations: boolean;
  /** Business time: orders created before do not exist for this caller. Undefined: all orders. */
  readonly ordersFrom: Instant | undefined;
}

export const EVERYTHING: Permissions = {
  scopes: 'all',
  protectedData: 2,
  bulkQueries: true,
  bulkMutations: true,
  ordersFrom: undefined,
};
