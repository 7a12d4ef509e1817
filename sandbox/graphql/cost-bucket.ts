/**
 * The leaky bucket of points, per app and store, on the machine's clock. Standard is measured (2000 points,
 * 100 a second). The restore rates of Advanced and Plus are published; the sizes of their buckets are not:
 * twenty seconds' worth, as on Standard, is an assumption, which is why apps read `throttleStatus`.
 */
import type { PlanName } from '../store/model.ts';

const PLANS: Readonly<Record<PlanName, { size: number; restoreRate: number }>> = {
  standard: { size: 2000, restoreRate: 100 },
  advanced: { size: 4000, restoreRate: 200 },
  plus: { size: 20_000, restoreRate: 1000 },
};

/** With the fast switch points come back fifty times as fast, and `throttleStatus` says so. */
const FAST = 50;

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

export class CostBucket {
  readonly #size: number;
  readonly #restoreRate: number;
  readonly #now: () => number;
  #available: number;
  #at: number;

  constructor(plan: PlanName, options: { fast?: boolean; now?: () => number } = {}) {
    this.#size = PLANS[plan].size;
    this.#restoreRate = PLANS[plan].restoreRate * (options.fast ? FAST : 1);
    this.#now = options.now ?? Date.now;
    this.#available = this.#size;
    this.#at = this.#now();
  }

  /** False when there are not enough points: nothing is taken then. */
  take(points: number): boolean {
    this.#restore();
    if (points > this.#available) return false;
    this.#available -= points;
    return true;
  }

  giveBack(points: number): void {
    this.#restore();
    this.#available = Math.min(this.#size, this.#available + points);
  }

  status(): ThrottleStatus {
    this.#restore();
    return {
      maximumAvailable: this.#size,
      currentlyAvailable: Math.floor(this.#available),
      restoreRate: this.#restoreRate,
    };
  }

  #restore(): void {
    const now = this.#now();
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#available = Math.min(this.#size, this.#available + seconds * this.#restoreRate);
    this.#at = now;
  }
}
