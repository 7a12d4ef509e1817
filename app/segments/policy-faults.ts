/** What is wrong with an order policy as a form gave it, field by field, in words. */
import { orderPolicySchema, type OrderPolicy } from '../history/order-policy.ts';
import { tagKey } from '../intake/tag-key.ts';

export type PolicyFaults = Partial<Record<keyof OrderPolicy, string>>;

export type ReadPolicy =
  | { outcome: 'read'; policy: OrderPolicy }
  | { outcome: 'faults'; faults: PolicyFaults }
  /** It is no policy at all. */
  | { outcome: 'bad_request' };

/** @param own the tags that the app writes: who is left out by one of them would come back when it is taken off, and so on */
export function readPolicyForm(
  given: unknown,
  own: { tagPrefix: string; ownTags: readonly string[] },
): ReadPolicy {
  const parsed = orderPolicySchema.safeParse(given);
  if (!parsed.success) {
    const faults: PolicyFaults = {};
    for (const { path, code } of parsed.error.issues) {
      const field = path[0] as keyof OrderPolicy | undefined;
      if (field === undefined || !(field in orderPolicySchema.shape)) return { outcome: 'bad_request' };
      faults[field] ??=
        path.length === 1 && code === 'too_big'
          ? 'Not more than 250.'
          : field === 'leaveOutProducts'
            ? 'One of these is no product.'
            : 'Each has 1 to 255 characters.';
    }
    return { outcome: 'faults', faults };
  }
  const policy = parsed.data;
  const ours = new Set(own.ownTags.map(tagKey));
  const ourTag = policy.leaveOutCustomerTags.find(
    (tag) => ours.has(tagKey(tag)) || (own.tagPrefix !== '' && tagKey(tag).startsWith(tagKey(own.tagPrefix))),
  );
  if (ourTag !== undefined) {
    return {
      outcome: 'faults',
      faults: {
        leaveOutCustomerTags: `${ourTag} is a tag that this app writes: it cannot decide who is left out.`,
      },
    };
  }
  return { outcome: 'read', policy };
}
