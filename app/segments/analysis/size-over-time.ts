/**
 * How large a segment was at the end of each day, worked out backwards: from today's members, undoing day by day who
 * came and who went. So the last point is always what the store has now.
 */
import { addDays, daysBetween, type LocalDate } from '../../local-date.ts';

export interface Moves {
  day: LocalDate;
  entered: number;
  left: number;
}

export interface SizeOfDay extends Moves {
  /** At the end of the day; of today: now. */
  size: number;
}

/**
 * @param moves of days from `from` on, in any order, at most one a day
 * @returns one a day from `from` to `today`, oldest first; empty when `from` is later
 */
export function sizeOverTime(
  now: number,
  moves: readonly Moves[],
  from: LocalDate,
  today: LocalDate,
): SizeOfDay[] {
  const byDay = new Map(moves.map((move) => [move.day, move]));
  const days: SizeOfDay[] = [];
  let size = now;
  for (let back = 0; back <= daysBetween(from, today); back++) {
    const day = addDays(today, -back);
    const { entered = 0, left = 0 } = byDay.get(day) ?? {};
    days.push({ day, entered, left, size });
    // People who were erased are gone from the members and their own events, not from the counts of changes of many.
    size = Math.max(0, size - entered + left);
  }
  return days.reverse();
}

export interface CauseTotal {
  cause: string;
  entered: number;
  left: number;
}

/** Who came and who went, by cause, the most first. */
export function byCause(
  moves: readonly { kind: 'entered' | 'left'; cause: string; customers: number }[],
): CauseTotal[] {
  const totals = new Map<string, CauseTotal>();
  for (const { kind, cause, customers } of moves) {
    const total = totals.get(cause) ?? { cause, entered: 0, left: 0 };
    total[kind] += customers;
    totals.set(cause, total);
  }
  return [...totals.values()].sort(
    (a, b) => b.entered + b.left - (a.entered + a.left) || (a.cause < b.cause ? -1 : 1),
  );
}
