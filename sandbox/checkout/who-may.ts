/** Why a customer, or an anonymous cart, may not use a discount; undefined when they may. */
import { discountStatus } from '../discounts/discount-status.ts';
import { isMember } from '../segments/find-members.ts';
import type { SandboxCustomer, SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export function whyNot(
  store: Store,
  discount: SandboxDiscount,
  customer: SandboxCustomer | undefined,
): string | undefined {
  switch (discountStatus(discount, store.clock.now())) {
    case 'SCHEDULED':
      return `It begins on ${discount.startsAt}.`;
    case 'EXPIRED':
      return `It ended on ${discount.endsAt ?? ''}.`;
    case 'ACTIVE':
      break;
  }
  const { usageLimit, usageCount, appliesOncePerCustomer, usedBy, context } = discount;
  if (usageLimit !== null && usageCount >= usageLimit) return 'Its usage limit has been reached.';
  if (appliesOncePerCustomer && customer && usedBy.includes(customer.id)) {
    return 'This customer has used it already.';
  }
  switch (context.kind) {
    case 'all':
      return undefined;
    case 'customers':
      if (!customer) return 'It is for certain customers, and nobody has signed in.';
      return context.ids.includes(customer.id) ? undefined : 'It is for other customers.';
    case 'segments': {
      if (!customer) return 'It is for a customer segment, and nobody has signed in.';
      const segments = context.ids.flatMap((id) => store.segments.get(id) ?? []);
      if (segments.length === 0) return 'The customer segment that it is for has been deleted.';
      return segments.some(({ query }) => isMember(store, query, customer))
        ? undefined
        : `The customer is not in the segment ${segments.map(({ name }) => name).join(', ')}.`;
    }
  }
}
