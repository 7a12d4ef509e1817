/**
 * What tests may switch on: lost, doubled, reordered, late and stale deliveries, for all topics or for some, and
 * a whole lost day. Drawn from a seeded sequence, so a run can be repeated; what happened is counted, so that a
 * test can say that its fault did.
 */
import { parseLocalDate } from '../../app/local-date.ts';

export interface WebhookFaults {
  seed: number;
  /** Share of deliveries that are never sent, 0 to 1. */
  drop: number;
  /** Share of deliveries that are sent twice, with the same webhook id. */
  duplicate: number;
  /** Share of deliveries that overtake those before them. */
  reorder: number;
  /** Longest wait before the first attempt, in milliseconds (each draws its own). */
  delayMs: number;
  /** Share of delivered ones that come again, with the same id and the body of then, `staleMs` later. */
  stale: number;
  /** Milliseconds; four hours unless told. */
  staleMs: number;
  /** Everything of this day of the business clock (shop time) is lost: "2026-11-22". */
  dropDay: string | null;
  /** The faults hold for these topics only; null: for all. */
  topics: readonly string[] | null;
}

/** How often each fault happened since the start, or since the counts were set back. */
export interface FaultCounts {
  dropped: number;
  droppedOfDay: number;
  duplicated: number;
  reordered: number;
  delayed: number;
  stale: number;
}

export const NO_FAULTS: WebhookFaults = {
  seed: 1,
  drop: 0,
  duplicate: 0,
  reorder: 0,
  delayMs: 0,
  stale: 0,
  staleMs: 4 * 3_600_000,
  dropDay: null,
  topics: null,
};

export function noCounts(): FaultCounts {
  return { dropped: 0, droppedOfDay: 0, duplicated: 0, reordered: 0, delayed: 0, stale: 0 };
}

/** Mulberry32: a small seeded sequence of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @throws when a share is not between 0 and 1 or a number is missing its meaning. */
export function checkFaults(input: Partial<WebhookFaults>): WebhookFaults {
  const faults = { ...NO_FAULTS, ...input };
  for (const name of ['drop', 'duplicate', 'reorder', 'stale'] as const) {
    if (!(faults[name] >= 0 && faults[name] <= 1)) throw new Error(`${name} must be between 0 and 1`);
  }
  if (!(faults.delayMs >= 0) || !(faults.staleMs >= 0) || !Number.isInteger(faults.seed)) {
    throw new Error('delayMs and staleMs must not be negative, and seed must be a whole number');
  }
  if (faults.dropDay !== null && !parseLocalDate(faults.dropDay)) {
    throw new Error('dropDay must be a date such as 2026-11-22');
  }
  return faults;
}
