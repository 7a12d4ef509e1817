/** A product's core, stamped alike whatever shape it came in. */
import type { ProductFact } from '../facts.ts';
import { stampOf } from '../stamp.ts';

type Core = NonNullable<ProductFact['core']>;

export function productCore(
  content: Omit<Core, 'stamp' | 'updatedAt'>,
  updatedAt: Date | string,
  triggeredAt: Date | string,
): Core {
  const whole = { ...content, tags: [...content.tags].sort() };
  return { ...whole, updatedAt: new Date(updatedAt), stamp: stampOf(updatedAt, triggeredAt, whole) };
}
