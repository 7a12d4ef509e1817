/**
 * collections/create, collections/update: name and handle. Which products it holds is not in the message, so the
 * collection is read again. (A product that comes to match a collection's conditions makes no such message: see
 * store-incoming.)
 */
import { z } from 'zod';
import { collectionCore } from './collection-groups.ts';
import type { Normalised } from './outcome.ts';
import { read, type MessageTimes } from './read-message.ts';
import { instant, numericId, textOrEmpty } from './wire.ts';

export const COLLECTION_FIELDS = ['id', 'updated_at', 'title', 'handle'] as const;

const collectionSchema = z.object({
  id: numericId,
  title: textOrEmpty,
  handle: textOrEmpty,
  updated_at: instant,
});

export function collectionFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('collection', collectionSchema, body, (wire) => [
    {
      kind: 'collection',
      id: wire.id,
      core: collectionCore(
        { title: wire.title, handle: wire.handle },
        wire.updated_at,
        times.triggeredAt ?? wire.updated_at,
      ),
    },
    { kind: 'reread', object: 'collection', id: wire.id, reason: 'products of a collection' },
  ]);
}
