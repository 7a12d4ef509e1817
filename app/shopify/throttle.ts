/**
 * Shopify's cost bucket, kept in step with what Shopify says of it (`throttleStatus`): its size and its rate
 * are learnt from answers, never assumed. A request waits here until its points are there, so a process that
 * is alone never gets a THROTTLED answer; with several processes on one bucket the answers correct the view.
 *
 * Invariant: the view is never higher than the bucket. Requests on their way count as spent until they are
 * answered, and an answer's number is taken as of its arrival, although it is a little older.
 *
 * Pages go before background work, which also leaves a tenth of the bucket for them: that costs no rate, for
 * only a full bucket wastes points.
 */
import type { Priority } from './admin-client.ts';

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** Machine time in milliseconds, and a way to be called later; `after` returns how to call it off. */
export interface Timer {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

export interface Lease {
  /** Call it once, when the request has been answered or has failed (then without a status). */
  settle(status?: ThrottleStatus): void;
}

export interface Throttle {
  /** Resolves when the request may be sent. Rejects with the signal's reason when it is called off. */
  acquire(cost: number, priority: Priority, signal?: AbortSignal): Promise<Lease>;
  /** Nothing is sent before that (429 with Retry-After). */
  pauseFor(milliseconds: number): void;
  budget(): ThrottleStatus;
}

interface Waiting {
  cost: number;
  priority: Priority;
  grant(lease: Lease): void;
}

const PAGE_SHARE = 0.1;

export function createThrottle(timer: Timer): Throttle {
  const queues: Record<Priority, Waiting[]> = { page: [], background: [] };
  let bucket: { maximum: number; rate: number; available: number; at: number } | undefined;
  let onTheWay = 0;
  let costOnTheWay = 0;
  let pausedUntil = 0;
  let callOff: (() => void) | undefined;

  function available(): number {
    if (!bucket) return 0;
    const restored = ((timer.now() - bucket.at) / 1000) * bucket.rate;
    return Math.min(bucket.maximum, bucket.available + restored);
  }

  /** Milliseconds until the request may go: 0 = now, undefined = when something else has been answered. */
  function delayOf({ cost, priority }: Waiting): number | undefined {
    const pause = pausedUntil - timer.now();
    if (pause > 0) return pause;
    // Before the first answer nothing is known: one request goes ahead and asks.
    if (!bucket) return onTheWay === 0 ? 0 : undefined;
    const needed = Math.min(cost, bucket.maximum);
    const left = priority === 'page' ? 0 : Math.min(bucket.maximum * PAGE_SHARE, bucket.maximum - needed);
    const missing = needed + left - available();
    if (missing <= 1e-6) return 0;
    return bucket.rate > 0 ? Math.ceil((missing / bucket.rate) * 1000) : undefined;
  }

  function pump(): void {
    callOff?.();
    callOff = undefined;
    for (;;) {
      const queue = queues.page.length > 0 ? queues.page : queues.background;
      const next = queue[0];
      if (!next) return;
      const delay = delayOf(next);
      if (delay === undefined) return;
      if (delay > 0) {
        callOff = timer.after(delay, pump);
        return;
      }
      queue.shift();
      next.grant(lend(next.cost));
    }
  }

  function lend(cost: number): Lease {
    if (bucket) bucket = { ...bucket, available: available() - cost, at: timer.now() };
    onTheWay += 1;
    costOnTheWay += cost;
    let settled = false;
    return {
      settle(status) {
        if (settled) return;
        settled = true;
        onTheWay -= 1;
        costOnTheWay -= cost;
        if (status) {
          bucket = {
            maximum: status.maximumAvailable,
            rate: status.restoreRate,
            available: status.currentlyAvailable - costOnTheWay,
            at: timer.now(),
          };
        }
        pump();
      },
    };
  }

  return {
    acquire(cost, priority, signal) {
      return new Promise<Lease>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const queue = queues[priority];
        const waiting: Waiting = {
          cost,
          priority,
          grant(lease) {
            signal?.removeEventListener('abort', abort);
            resolve(lease);
          },
        };
        const abort = () => {
          const at = queue.indexOf(waiting);
          if (at >= 0) queue.splice(at, 1);
          reject(signal?.reason as Error);
          pump();
        };
        signal?.addEventListener('abort', abort, { once: true });
        queue.push(waiting);
        pump();
      });
    },
    pauseFor(milliseconds) {
      pausedUntil = Math.max(pausedUntil, timer.now() + milliseconds);
    },
    budget: () => ({
      maximumAvailable: bucket?.maximum ?? 0,
      restoreRate: bucket?.rate ?? 0,
      currentlyAvailable: Math.max(0, available()),
    }),
  };
}
