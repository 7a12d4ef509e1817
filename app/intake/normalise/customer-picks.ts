/**
 * What is read of a customer only where the merchant asked for it: the postal code, and picked metafields. The
 * time of both is the read's.
 */
import { z } from 'zod';
import type { CustomerFact, MetafieldValue } from '../facts.ts';
import type { CustomerPicks } from '../picks.ts';
import { stampOf } from '../stamp.ts';
import { isReadableType } from '../picks.ts';
import { text, textOrNull, type ReadTimes } from './wire.ts';

const metafieldSchema = z.object({ type: text, value: text }).nullish();

export type Metafield = z.input<typeof metafieldSchema>;

const zipSchema = z.object({ zip: textOrNull }).nullish();

/**
 * @param wire the customer's default address, and its metafields by "namespace.key" (absent or null: empty)
 * @returns the groups that were asked for; none when an answer cannot be read
 */
export function picksFromNode(
  wire: { defaultAddress?: unknown; metafields: Readonly<Record<string, unknown>> },
  picks: CustomerPicks,
  { readAt, startedAt }: ReadTimes,
): Pick<CustomerFact, 'zip' | 'metafields'> {
  const groups: Pick<CustomerFact, 'zip' | 'metafields'> = {};
  if (picks.postalCodes) {
    const address = zipSchema.safeParse(wire.defaultAddress);
    const zip = { zip: (address.success && address.data?.zip) || null };
    groups.zip = { ...zip, stamp: stampOf(readAt, startedAt, zip) };
  }
  if (picks.metafields.length > 0) {
    const values = picks.metafields.map(({ key, type }): MetafieldValue => {
      const found = metafieldSchema.safeParse(wire.metafields[key]);
      const metafield = found.success ? found.data : null;
      if (!metafield) return { key, type, value: null };
      return {
        key,
        type: metafield.type,
        value: isReadableType(metafield.type) ? metafield.value : null,
      };
    });
    groups.metafields = { values, stamp: stampOf(readAt, startedAt, values) };
  }
  return groups;
}
