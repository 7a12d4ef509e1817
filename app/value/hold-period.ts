/** The sale season: from one shop-local date to another, both included, no cut points and no fit are put in force. */
import type { LocalDate } from '../local-date.ts';

export interface HoldPeriod {
  from: LocalDate;
  to: LocalDate;
}

/** A hold that is forgotten would freeze the store's numbers for ever. */
export const LONGEST_HOLD_DAYS = 120;

export function isOnHold(period: HoldPeriod | null, today: LocalDate): boolean {
  return period !== null && period.from <= today && today <= period.to;
}
