import type { z } from 'zod';
import { AppError } from '../../app-error.ts';
import type { Fact } from '../facts.ts';
import type { Normalised } from './outcome.ts';
import { unreadableReason } from './wire.ts';

export interface MessageTimes {
  /** X-Shopify-Triggered-At, ISO 8601 with all its digits; null when the header was not there. */
  triggeredAt: string | null;
  /** When it came in (machine time): a stand-in for want of anything better. */
  receivedAt: string;
}

/** Holds `body` to `schema` and makes facts of it; whatever is wrong becomes 'unreadable', without values. */
export function read<S extends z.ZodType>(
  what: string,
  schema: S,
  body: unknown,
  facts: (wire: z.output<S>) => Fact[],
): Normalised {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return { outcome: 'unreadable', reason: unreadableReason(what, parsed.error) };
  try {
    return { outcome: 'facts', facts: facts(parsed.data) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad_payload') {
      return { outcome: 'unreadable', reason: `${what}: ${error.userMessage}` };
    }
    throw error;
  }
}
