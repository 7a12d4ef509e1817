/** products/create, products/update. */
import { z } from 'zod';
import { productCore } from './product-groups.ts';
import type { Normalised } from './outcome.ts';
import { read, type MessageTimes } from './read-message.ts';
import { instant, instantOrNull, numericId, tagList, textOrEmpty, wordOrNull } from './wire.ts';

export const PRODUCT_FIELDS = [
  'id', 'updated_at', 'created_at', 'title', 'vendor', 'product_type', 'status', 'tags', 'handle',
] as const; // prettier-ignore

const productSchema = z.object({
  id: numericId,
  title: textOrEmpty,
  vendor: textOrEmpty,
  product_type: textOrEmpty,
  handle: textOrEmpty,
  status: wordOrNull,
  tags: tagList.nullish(),
  created_at: instantOrNull,
  updated_at: instant,
});

export function productFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('product', productSchema, body, (wire) => [
    {
      kind: 'product',
      id: wire.id,
      core: productCore(
        {
          title: wire.title,
          vendor: wire.vendor,
          productType: wire.product_type,
          handle: wire.handle,
          status: wire.status ?? '',
          tags: wire.tags ?? [],
          createdAt: wire.created_at === null ? null : new Date(wire.created_at),
        },
        wire.updated_at,
        times.triggeredAt ?? wire.updated_at,
      ),
    },
  ]);
}
