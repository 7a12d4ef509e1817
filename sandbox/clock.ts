/**
 * The sandbox's two clocks. The business clock may run with the machine's, stand still, and be advanced by the
 * panel or the control API; `version` grows with every such change, so that a follower can wait for the next
 * one. The machine's clock is never touched: tokens, throttle, back-off and remote times use it.
 */
import type { Clock } from '../app/clock.ts';
import { addDays, atHour, localDateOf, parseLocalDate } from '../app/local-date.ts';

const DAY_MS = 86_400_000;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);
const MOST_DAYS = (LATEST - EARLIEST) / DAY_MS;
/** As far as any other clock runs ahead in one call: beyond, instants would be no dates any more. */
export const TEN_YEARS_MS = 3_653 * DAY_MS;

/** The business clock was to stand where it cannot; it has not moved. */
export class ClockError extends RangeError {
  constructor() {
    super('The clock can stand between 1970-01-01 and 9999-12-31');
  }
}

export interface ClockState {
  /** ISO 8601, UTC. */
  now: string;
  version: number;
  running: boolean;
}

export class BusinessClock implements Clock {
  #anchor: number;
  #anchoredAt = Date.now();
  #running: boolean;
  #version = 1;
  #waiting = new Set<() => void>();

  constructor(options: { now?: Date; frozen?: boolean } = {}) {
    this.#anchor = (options.now ?? new Date()).getTime();
    this.#running = !options.frozen;
  }

  now(): Date {
    return new Date(this.#anchor + (this.#running ? Date.now() - this.#anchoredAt : 0));
  }

  machineNow(): Date {
    return new Date();
  }

  state(): ClockState {
    return { now: this.now().toISOString(), version: this.#version, running: this.#running };
  }

  /** @throws ClockError, as the two below */
  set(instant: Date): void {
    this.#change(instant.getTime(), this.#running);
  }

  advance(milliseconds: number): void {
    this.#change(this.now().getTime() + milliseconds, this.#running);
  }

  /** Whole local calendar days: the hour of the day is kept over daylight-saving changes. */
  advanceDays(days: number, timeZone: string): void {
    if (Math.abs(days) > MOST_DAYS) throw new ClockError();
    const now = this.now();
    const today = localDateOf(now, timeZone);
    const sinceNoon = now.getTime() - atHour(today, 12, timeZone).getTime();
    const target = atHour(addDays(today, days), 12, timeZone).getTime() + sinceNoon;
    this.#change(Number.isFinite(target) ? target : now.getTime() + days * DAY_MS, this.#running);
  }

  setRunning(running: boolean): void {
    this.#change(this.now().getTime(), running);
  }

  /** Resolves with the state as soon as its version differs from `after`, or after `timeoutMs` as it is. */
  async waitForChange(after: number, timeoutMs: number, signal?: AbortSignal): Promise<ClockState> {
    if (this.#version === after && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        timer.unref();
        this.#waiting.add(done);
        signal?.addEventListener('abort', done);
      });
    }
    return this.state();
  }

  #change(anchor: number, running: boolean): void {
    if (!(anchor >= EARLIEST && anchor <= LATEST)) throw new ClockError();
    this.#anchor = anchor;
    this.#anchoredAt = Date.now();
    this.#running = running;
    this.#version += 1;
    for (const wake of [...this.#waiting]) wake();
  }
}

/**
 * "2026-11-22" (12:00 shop time) or an ISO instant with its offset.
 * @returns undefined when the text is neither
 */
export function parseClockTime(text: string, timeZone: string): Date | undefined {
  const date = parseLocalDate(text);
  if (date) return atHour(date, 12, timeZone);
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
