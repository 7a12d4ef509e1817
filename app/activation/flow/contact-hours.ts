/**
 * Automations that a date or new numbers start wait for the hours in which people may be written to. What the
 * customer did just now (an order, a changed consent) starts them at once, whatever the hour.
 */
import { addDays, atHour, localDateOf } from '../../local-date.ts';

/** Whole hours of the shop's day: from `from` o'clock on, before `to` o'clock. */
export interface ContactHours {
  from: number;
  to: number;
}

export const CONTACT_HOURS: ContactHours = { from: 9, to: 20 };

export function areContactHours({ from, to }: ContactHours): boolean {
  return Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to <= 24 && from < to;
}

/** @returns until when to wait; null: it is one of those hours now */
export function untilContactHours(now: Date, hours: ContactHours, timeZone: string): Date | null {
  const today = localDateOf(now, timeZone);
  const opens = atHour(today, hours.from, timeZone);
  if (now < opens) return opens;
  const closes = hours.to === 24 ? atHour(addDays(today, 1), 0, timeZone) : atHour(today, hours.to, timeZone);
  return now < closes ? null : atHour(addDays(today, 1), hours.from, timeZone);
}
