/** Whom a batch of facts has touched, and why. */
import type { Cause } from '../cause.ts';
import type { ShopifyId } from '../facts.ts';

/** Customers whose profile must be recomputed, and why: kept ids after merges; removed customers included. */
export type Touched = Map<ShopifyId, Cause>;

/** When one act has several causes, the first of these is told. */
const PRECEDENCE: readonly Cause[] = ['merge', 'refund', 'order', 'consent', 'edit', 'product'];

export function touch(touched: Touched, id: ShopifyId | null, cause: Cause | null): void {
  if (id === null || cause === null) return;
  const known = touched.get(id);
  if (known === undefined || PRECEDENCE.indexOf(cause) < PRECEDENCE.indexOf(known)) touched.set(id, cause);
}
