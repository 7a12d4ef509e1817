/** customers/delete, orders/delete, products/delete, collections/delete: an id, and nothing to say when but the message's own time. */
import { z } from 'zod';
import type { Normalised } from './outcome.ts';
import { read, type MessageTimes } from './read-message.ts';
import { numericId } from './wire.ts';

export const DELETED_FIELDS = ['id', 'updated_at'] as const;

const deletedSchema = z.object({ id: numericId });

export function deletedFromWebhook(
  kind: 'customer' | 'order' | 'product' | 'collection',
  body: unknown,
  times: MessageTimes,
): Normalised {
  return read(`deleted ${kind}`, deletedSchema, body, (wire) => [
    { kind, id: wire.id, deletedAt: new Date(times.triggeredAt ?? times.receivedAt) },
  ]);
}
