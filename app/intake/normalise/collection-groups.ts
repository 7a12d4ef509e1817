/** A collection's core, stamped alike whatever shape it came in. */
import type { CollectionFact } from '../facts.ts';
import { stampOf } from '../stamp.ts';

type Core = NonNullable<CollectionFact['core']>;

export function collectionCore(
  content: Omit<Core, 'stamp' | 'updatedAt'>,
  updatedAt: Date | string,
  triggeredAt: Date | string,
): Core {
  return { ...content, updatedAt: new Date(updatedAt), stamp: stampOf(updatedAt, triggeredAt, content) };
}
