/** At most 25 automatic discounts may be active at the same time, a merchant's, an app's and function discounts alike. */
import type { SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const MOST_AUTOMATIC = 25;

/** Whether there is a moment, from now on, at which this one would be the 26th. */
export function isOverLimit(
  store: Store,
  wanted: Pick<SandboxDiscount, 'id' | 'startsAt' | 'endsAt'>,
): boolean {
  const now = store.clock.now().toISOString();
  const spans = [...store.discounts.all()]
    .filter(({ id, method }) => method === 'automatic' && id !== wanted.id)
    .concat(wanted as SandboxDiscount)
    .map(({ id, startsAt, endsAt }) => ({
      id,
      from: startsAt < now ? now : startsAt,
      until: endsAt ?? '9999',
    }))
    .filter(({ from, until }) => from < until);
  const own = spans.find(({ id }) => id === wanted.id);
  if (!own) return false;
  // The number can only grow where one begins.
  const beginnings = spans.map(({ from }) => from).filter((from) => from >= own.from && from < own.until);
  return beginnings.some(
    (at) => spans.filter(({ from, until }) => from <= at && at < until).length > MOST_AUTOMATIC,
  );
}
