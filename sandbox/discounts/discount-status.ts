import type { SandboxDiscount } from '../store/model.ts';

export type DiscountStatus = 'ACTIVE' | 'EXPIRED' | 'SCHEDULED';

/** By its dates on the business clock. */
export function discountStatus(
  { startsAt, endsAt }: Pick<SandboxDiscount, 'startsAt' | 'endsAt'>,
  now: Date,
): DiscountStatus {
  const at = now.toISOString();
  if (endsAt !== null && endsAt <= at) return 'EXPIRED';
  return startsAt <= at ? 'ACTIVE' : 'SCHEDULED';
}
