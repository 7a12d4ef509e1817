/** Discounts put, ended, begun and deleted; every change is told. */
import { laterThan } from '../acts/act.ts';
import { searchIndexOf } from '../graphql/search-index.ts';
import type { Id, SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { isOverLimit } from './automatic-limit.ts';
import { discountStatus } from './discount-status.ts';

export function putDiscount(store: Store, discount: SandboxDiscount): SandboxDiscount {
  const before = store.discounts.get(discount.id);
  const put = { ...discount, updatedAt: laterThan(before?.updatedAt ?? null, store) };
  store.discounts.put(put);
  if (!before) searchIndexOf(store).hide(`discount ${put.id}`);
  store.emit({
    kind: before ? 'discount_updated' : 'discount_created',
    discountId: put.id,
    method: put.method,
  });
  return put;
}

/** From now on; one that has ended has no end any more. @returns undefined: it would be the 26th */
export function activateDiscount(store: Store, discount: SandboxDiscount): SandboxDiscount | undefined {
  const now = store.clock.now();
  const status = discountStatus(discount, now);
  if (status === 'ACTIVE') return discount;
  const startsAt = status === 'SCHEDULED' ? now.toISOString() : discount.startsAt;
  const endsAt = status === 'EXPIRED' ? null : discount.endsAt;
  const wanted = { ...discount, startsAt, endsAt };
  if (discount.method === 'automatic' && isOverLimit(store, wanted)) return undefined;
  return putDiscount(store, wanted);
}

/** It ends now; one that has not begun begins and ends now. */
export function deactivateDiscount(store: Store, discount: SandboxDiscount): SandboxDiscount {
  const now = store.clock.now().toISOString();
  if (discountStatus(discount, store.clock.now()) === 'EXPIRED') return discount;
  const startsAt = discount.startsAt > now ? now : discount.startsAt;
  return putDiscount(store, { ...discount, startsAt, endsAt: now });
}

export function deleteDiscount(store: Store, { id, method }: SandboxDiscount): void {
  store.discounts.delete(id);
  store.metafields.deleteOf('DISCOUNT', id);
  store.emit({ kind: 'discount_deleted', discountId: id, method });
}

/** An order used it. Nobody is told: a discount's webhook is for its settings (assumption). */
export function countUse(store: Store, id: Id, customerId: Id | null): void {
  const discount = store.discounts.get(id);
  if (!discount) return;
  const usedBy =
    customerId === null || discount.usedBy.includes(customerId)
      ? discount.usedBy
      : [...discount.usedBy, customerId];
  store.discounts.put({ ...discount, usageCount: discount.usageCount + 1, usedBy });
}
