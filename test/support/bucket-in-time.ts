/** Simulated time and Shopify's cost bucket on it: a minute of traffic takes milliseconds, and its arithmetic is exact. */
import type { ThrottleStatus, Timer } from '../../app/shopify/throttle.ts';

export interface Simulation extends Timer {
  /** Runs everything that is due up to `end`, in order, letting promises settle between. */
  runUntil(end: number): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
}

export function simulation(): Simulation {
  let now = 0;
  let entries: { at: number; order: number; run: () => void }[] = [];
  let order = 0;
  const after = (milliseconds: number, run: () => void) => {
    const entry = { at: now + milliseconds, order: (order += 1), run };
    entries.push(entry);
    return () => void (entries = entries.filter((other) => other !== entry));
  };
  return {
    now: () => now,
    after,
    sleep: (milliseconds) => new Promise((resolve) => void after(milliseconds, () => resolve())),
    async runUntil(end) {
      for (;;) {
        await settled();
        const next = [...entries].sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (!next || next.at > end) break;
        entries = entries.filter((entry) => entry !== next);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}

/** Whatever can go on without time passing has gone on (bodies are read in turns of the event loop). */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Restored continuously; a request is refused whole when its requested points are not there. */
export function exactBucket(timer: Timer, { size = 2_000, rate = 100 } = {}) {
  let available = size;
  let at = 0;
  const told = { requests: 0, refused: 0, spent: 0 };
  return {
    told,
    take(requested: number, actual = requested): { granted: boolean; status: ThrottleStatus } {
      available = Math.min(size, available + ((timer.now() - at) / 1_000) * rate);
      at = timer.now();
      told.requests += 1;
      const granted = available >= requested;
      if (granted) {
        available -= actual;
        told.spent += actual;
      } else told.refused += 1;
      return {
        granted,
        status: { maximumAvailable: size, currentlyAvailable: available, restoreRate: rate },
      };
    },
  };
}
