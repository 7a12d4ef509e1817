import type { z } from 'zod';
import { AppError } from '../../app-error.ts';
import type { NodeOutcome } from './outcome.ts';
import { unreadableReason } from './wire.ts';

/** Holds a node to `schema` and makes one fact of it; whatever is wrong becomes 'unreadable', without values. */
export function readNode<S extends z.ZodType, F>(
  what: string,
  schema: S,
  node: unknown,
  make: (wire: z.output<S>) => F,
): NodeOutcome<F> {
  const parsed = schema.safeParse(node);
  if (!parsed.success) return { outcome: 'unreadable', reason: unreadableReason(what, parsed.error) };
  try {
    return { outcome: 'fact', fact: make(parsed.data) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad_payload') {
      return { outcome: 'unreadable', reason: `${what}: ${error.userMessage}` };
    }
    throw error;
  }
}
