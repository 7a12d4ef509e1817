/** Tests for the kinds of search fields: times, ids, words, tags, enums, true/false, numbers. */
import { addDays, parseLocalDate, startOfDay } from '../../app/local-date.ts';
import type { Instant } from '../store/model.ts';
import { NotImplemented } from './not-implemented.ts';
import type { Comparator, FieldTest, SearchTerm } from './search.ts';

/** An instant, or a date ("2026-01-01": the whole day in the shop's time zone). */
export function timeField<T>(
  get: (item: T) => Instant | null,
  timeZone: string,
  now: () => Date,
): FieldTest<T> {
  return (term) => {
    const [from, until] = timeSpan(term.value, timeZone, now);
    return (item) => {
      const value = get(item);
      if (value === null) return false;
      const at = Date.parse(value);
      switch (term.comparator) {
        case '=':
          return at >= from && at < until;
        case '>':
          return at >= until;
        case '>=':
          return at >= from;
        case '<':
          return at < from;
        case '<=':
          return at < until;
      }
    };
  };
}

/** Numeric ids, alone or within a global id; also ranges of them. */
export function idField<T>(get: (item: T) => string | null): FieldTest<T> {
  return (term) => {
    const digits = /^(?:gid:\/\/shopify\/[A-Za-z]+\/)?(\d+)$/.exec(term.value)?.[1];
    if (digits === undefined) throw new NotImplemented(`Searching for the id '${term.value}'`);
    const wanted = BigInt(digits);
    return (item) => {
      const value = get(item);
      if (value === null) return false;
      if (term.comparator === '=') return value === digits;
      return holds(BigInt(value) > wanted ? 1 : BigInt(value) < wanted ? -1 : 0, term.comparator);
    };
  };
}

/** Case ignored; "*" = has one. */
export function textField<T>(get: (item: T) => string | null): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    const wanted = term.value.toLowerCase();
    if (wanted === '*') return (item) => Boolean(get(item));
    return (item) => get(item)?.toLowerCase() === wanted;
  };
}

/** Several, joined by commas, mean any of them. */
export function tagField<T>(get: (item: T) => readonly string[], negated = false): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    const wanted = new Set(term.value.split(',').map((tag) => tag.trim().toLowerCase()));
    return (item) => get(item).some((tag) => wanted.has(tag.toLowerCase())) !== negated;
  };
}

export function enumField<T>(get: (item: T) => string | null): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    const wanted = new Set(term.value.split(',').map((value) => value.trim().toUpperCase()));
    return (item) => wanted.has(get(item) ?? '');
  };
}

export function booleanField<T>(get: (item: T) => boolean): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    if (term.value !== 'true' && term.value !== 'false') {
      throw new NotImplemented(`Searching for '${term.value}' where true or false is meant`);
    }
    return (item) => get(item) === (term.value === 'true');
  };
}

export function numberField<T>(get: (item: T) => number): FieldTest<T> {
  return (term) => {
    const wanted = Number(term.value);
    if (term.value === '' || !Number.isFinite(wanted)) {
      throw new NotImplemented(`Searching for the number '${term.value}'`);
    }
    return (item) => holds(Math.sign(get(item) - wanted), term.comparator);
  };
}

function holds(sign: number, comparator: Comparator): boolean {
  switch (comparator) {
    case '=':
      return sign === 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
  }
}

function timeSpan(text: string, timeZone: string, now: () => Date): [from: number, until: number] {
  if (text === 'now') return [now().getTime(), now().getTime() + 1];
  const date = parseLocalDate(text);
  if (date) return [startOfDay(date, timeZone).getTime(), startOfDay(addDays(date, 1), timeZone).getTime()];
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  const at = match ? Date.parse(match[3] ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new NotImplemented(`Searching for the time '${text}'`);
  return [at, at + (match?.[2] ? 1 : 1000)];
}

function onlyEquals(term: SearchTerm): void {
  if (term.comparator !== '=') {
    throw new NotImplemented(`The comparator '${term.comparator}' on this search field`);
  }
}
