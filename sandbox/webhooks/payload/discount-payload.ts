/** discounts/create, update and delete. A discount that begins or ends by its dates sends nothing (assumption). */
import { discountStatus } from '../../discounts/discount-status.ts';
import type { Id, Instant, SandboxDiscount } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { gid, wireTime } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

export function discountPayload(discount: SandboxDiscount, store: Store): Wire {
  const zone = store.shop.ianaTimezone;
  return {
    admin_graphql_api_id: gid(
      discount.method === 'code' ? 'DiscountCodeNode' : 'DiscountAutomaticNode',
      discount.id,
    ),
    title: discount.title,
    status: discountStatus(discount, store.clock.now()),
    created_at: wireTime(discount.createdAt, zone),
    updated_at: wireTime(discount.updatedAt, zone),
  };
}

export function discountDeletedPayload(
  { discountId, method }: { discountId: Id; method: SandboxDiscount['method'] },
  store: Store,
  deletedAt: Instant,
): Wire {
  return {
    admin_graphql_api_id: gid(method === 'code' ? 'DiscountCodeNode' : 'DiscountAutomaticNode', discountId),
    deleted_at: wireTime(deletedAt, store.shop.ianaTimezone),
  };
}
