/** A hold as a merchant writes it, checked: the same in the browser and on the server. */
import { addDays, daysBetween, type LocalDate } from '../local-date.ts';
import { LONGEST_HOLD_DAYS, type HoldPeriod } from './hold-period.ts';

export type ParsedHold =
  | { ok: true; period: HoldPeriod }
  /** A sentence beside the field that it is about. */
  | { ok: false; errors: { from?: string; to?: string } };

/** @param today the shop's local date */
export function parseHoldPeriod(given: { from: string; to: string }, today: LocalDate): ParsedHold {
  const [from, to] = [parseDate(given.from), parseDate(given.to)];
  const errors: { from?: string; to?: string } = {};
  if (!from)
    errors.from = given.from.trim() === '' ? 'Choose the first day.' : 'Write the day as 2026-11-20.';
  if (!to) errors.to = given.to.trim() === '' ? 'Choose the last day.' : 'Write the day as 2026-11-30.';
  if (!from || !to) return { ok: false, errors };
  if (to < from) return { ok: false, errors: { to: 'The last day is before the first.' } };
  if (to < today) return { ok: false, errors: { to: 'This day is over already.' } };
  if (daysBetween(from, to) >= LONGEST_HOLD_DAYS) {
    return {
      ok: false,
      errors: {
        to: `A hold is at most ${LONGEST_HOLD_DAYS} days, so that the numbers do not grow old unseen.`,
      },
    };
  }
  return { ok: true, period: { from, to } };
}

function parseDate(text: string): LocalDate | undefined {
  const day = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) return undefined;
  return addDays(day as LocalDate, 0);
}
