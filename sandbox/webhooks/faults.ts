/**
 * What tests may switch on: lost, doubled, reordered and late deliveries. Drawn from a seeded sequence, so a
 * run can be repeated.
 */
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
}

export const NO_FAULTS: WebhookFaults = { seed: 1, drop: 0, duplicate: 0, reorder: 0, delayMs: 0 };

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
  for (const name of ['drop', 'duplicate', 'reorder'] as const) {
    if (!(faults[name] >= 0 && faults[name] <= 1)) throw new Error(`${name} must be between 0 and 1`);
  }
  if (!(faults.delayMs >= 0) || !Number.isInteger(faults.seed)) {
    throw new Error('delayMs must not be negative, and seed must be a whole number');
  }
  return faults;
}
