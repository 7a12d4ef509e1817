/**
 * Two clocks. The business clock says what day it is for a store: ages, windows, schedules, the dates of new
 * orders. The machine's clock serves tokens, HTTP, back-off, throttle and the queue's own timers.
 * Both are passed in; nothing else in the app asks for the time, and SQL never calls now() for business time.
 */
export interface Clock {
  /** Business time. */
  now(): Date;
  /** Machine time. */
  machineNow(): Date;
}

/** A clock for tests and timelines: business time stands until it is advanced; machine time is real. */
export interface ManualClock extends Clock {
  set(instant: Date | string): void;
  advance(milliseconds: number): void;
}

export function manualClock(start: Date | string): ManualClock {
  let current = new Date(start);
  return {
    now: () => new Date(current),
    machineNow: () => new Date(),
    set(instant) {
      current = new Date(instant);
    },
    advance(milliseconds) {
      current = new Date(current.getTime() + milliseconds);
    },
  };
}

export const systemClock: Clock = { now: () => new Date(), machineNow: () => new Date() };
