import type { SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';

/** A discount with a new id, for everybody, that begins now and gives nothing yet. */
export function blankDiscount(
  store: Store,
  method: SandboxDiscount['method'],
  kind: SandboxDiscount['kind'],
): SandboxDiscount {
  const now = store.clock.now().toISOString();
  return {
    id: store.newId('other'),
    method,
    kind,
    title: '',
    startsAt: now,
    endsAt: null,
    createdAt: now,
    updatedAt: now,
    context: { kind: 'all' },
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    tags: [],
    classes: [],
    codes: [],
    usageLimit: null,
    appliesOncePerCustomer: false,
    minimum: null,
    buys: null,
    gets: null,
    usesPerOrderLimit: null,
    maximumShippingMinor: null,
    functionHandle: null,
    usageCount: 0,
    usedBy: [],
  };
}
