/**
 * Local wall-clock arithmetic for many thousands of instants: offsets are looked up once a day and time zone;
 * only days on which the offset changes go through Temporal.
 */
import { Temporal } from 'temporal-polyfill';

const DAY_MS = 86_400_000;

export class LocalTime {
  readonly #zone: string;
  #offsets = new Map<number, { start: number; end: number }>();

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** Milliseconds east of UTC at an instant. */
  offset(instant: number): number {
    const day = Math.floor(instant / DAY_MS);
    let known = this.#offsets.get(day);
    if (!known) {
      known = { start: this.#exact(day * DAY_MS), end: this.#exact((day + 1) * DAY_MS) };
      this.#offsets.set(day, known);
    }
    return known.start === known.end ? known.start : this.#exact(instant);
  }

  /** The wall clock's reading, as milliseconds of a UTC calendar. */
  toWall(instant: number): number {
    return instant + this.offset(instant);
  }

  /** Hours that a change of the clock skips or repeats are read as Temporal's "compatible". */
  toInstant(wall: number): number {
    const early = wall - this.offset(wall - DAY_MS / 2);
    const late = wall - this.offset(wall + DAY_MS / 2);
    if (early === late) return early;
    return Temporal.Instant.fromEpochMilliseconds(wall)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime()
      .toZonedDateTime(this.#zone).epochMilliseconds;
  }

  /** Whole local calendar days later (or earlier), at the same time of day. */
  shift(instant: number, days: number): number {
    return days === 0 ? instant : this.toInstant(this.toWall(instant) + days * DAY_MS);
  }

  /** Days since 1970-01-01 of the local date. */
  dayOf(instant: number): number {
    return Math.floor(this.toWall(instant) / DAY_MS);
  }

  #exact(instant: number): number {
    const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.#zone);
    return zoned.offsetNanoseconds / 1e6;
  }
}
