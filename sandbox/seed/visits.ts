/**
 * When a person orders: a first order on a growing shop's timeline, then repeat orders at a rate of their own
 * until they drop away, thinned by the season (December is the peak, February the trough). Wall-clock times.
 */
import type { Random } from './random.ts';

const DAY_MS = 86_400_000;
/** January to December; 1 = the peak. */
const SEASON = [0.62, 0.55, 0.6, 0.62, 0.66, 0.64, 0.6, 0.62, 0.66, 0.72, 0.95, 1];

export interface Span {
  /** Wall time of the first and last instant. */
  from: number;
  until: number;
}

/** Later is likelier: the shop grows. */
export function firstOrderAt(random: Random, span: Span): number {
  for (;;) {
    const at = span.from + random.next() ** 0.72 * (span.until - span.from);
    if (random.next() < season(at)) return atShoppingHour(random, at, span);
  }
}

/** Repeat orders after the first one; about half of all people never come back. */
export function repeatOrdersAt(random: Random, first: number, span: Span): number[] {
  if (random.chance(0.42)) return [];
  const ordersPerDay = 1 / random.logNormal(27, 0.85);
  const dropOut = random.chance(0.32) ? 0 : random.pick([0.02, 0.06, 0.13, 0.26]);
  const times: number[] = [];
  let at = first;
  while (times.length < 80) {
    at += Math.max(0.6, random.exponential(ordersPerDay)) * DAY_MS;
    if (at > span.until) break;
    if (random.next() < season(at)) times.push(atShoppingHour(random, at, span));
    if (random.chance(dropOut)) break;
  }
  return times.sort((a, b) => a - b);
}

/** One a month, from the first order, with a chance to end at each. */
export function renewalsAt(random: Random, first: number, span: Span): number[] {
  const times: number[] = [];
  for (let at = first + 30 * DAY_MS; at <= span.until; at += 30 * DAY_MS) {
    times.push(at);
    if (random.chance(0.06)) break;
  }
  return times;
}

function season(wall: number): number {
  return SEASON[new Date(wall).getUTCMonth()] ?? 1;
}

/** Mostly afternoon and evening; never after the end of the span. */
function atShoppingHour(random: Random, wall: number, span: Span): number {
  const day = Math.floor(wall / DAY_MS) * DAY_MS;
  const hour = Math.min(23.9, Math.max(0.1, 15 + 4.5 * random.normal()));
  return Math.min(span.until, Math.floor((day + hour * 3_600_000) / 1000) * 1000);
}
