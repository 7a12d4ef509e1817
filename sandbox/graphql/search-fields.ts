/** Tests for the kinds of search fields: times, ids, words, keywords, tags, enums, true/false, numbers. */
import { addDays, parseLocalDate, startOfDay } from '../../app/local-date.ts';
import type { Instant } from '../store/model.ts';
import { InvalidValue } from './search.ts';
import type { Comparator, FieldTest, SearchTerm } from './search.ts';

/** An instant, an hour, or a day, month or year (whole, in the shop's time zone); `now`; `*` = has one. */
export function timeField<T>(
  get: (item: T) => Instant | null,
  timeZone: string,
  now: () => Date,
): FieldTest<T> {
  return (term) => {
    if (isAny(term)) return (item) => get(item) !== null;
    const span = timeSpan(term.value, timeZone, now);
    return (item) => {
      const value = get(item);
      return value !== null && inSpan(Date.parse(value), span, term.comparator);
    };
  };
}

/** As `timeField`, where an item has several times and it is enough that one fits. */
export function timesField<T>(
  get: (item: T) => readonly Instant[],
  timeZone: string,
  now: () => Date,
): FieldTest<T> {
  return (term) => {
    const span = timeSpan(term.value, timeZone, now);
    return (item) => get(item).some((value) => inSpan(Date.parse(value), span, term.comparator));
  };
}

/** Numeric ids, alone or within a global id; several by commas; also ranges of them. */
export function idField<T>(get: (item: T) => string | null | readonly string[]): FieldTest<T> {
  return (term) => {
    if (isAny(term)) return (item) => several(get(item)).length > 0;
    const ids = term.value.split(',').map((text) => {
      const digits = /^(?:gid:\/\/shopify\/[A-Za-z]+\/)?(\d+)$/.exec(text.trim())?.[1];
      if (digits === undefined) throw new InvalidValue(text);
      return digits;
    });
    if (term.comparator === '=') return (item) => several(get(item)).some((id) => ids.includes(id));
    const wanted = BigInt(ids[0] ?? '0');
    return (item) =>
      several(get(item)).some((id) => {
        const value = BigInt(id);
        return holds(value > wanted ? 1 : value < wanted ? -1 : 0, term.comparator);
      });
  };
}

/**
 * Words: every word of the value must be a word of the text, a last `*` means a beginning, a quoted value must
 * stand in the text as a phrase; `*` = has one. Case ignored. An e-mail address is its parts and its domain.
 */
export function textField<T>(get: (item: T) => string | null): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    if (isAny(term)) return (item) => Boolean(get(item));
    const test = textTest(term.value, term.quoted);
    return (item) => test(get(item));
  };
}

/** One test for words that are looked for in several texts. */
export function textTest(value: string, quoted: boolean): (text: string | null) => boolean {
  const wanted = value.toLowerCase();
  if (quoted) {
    const phrase = ` ${wordsOf(wanted).join(' ')} `;
    return (text) => text !== null && ` ${wordsOf(text.toLowerCase()).join(' ')} `.includes(phrase);
  }
  const words = wordsOf(wanted.replace(/\*$/, ''));
  const beginning = wanted.endsWith('*') ? words.pop() : undefined;
  return (text) => {
    if (text === null) return false;
    const found = wordsOf(text.toLowerCase());
    return (
      words.every((word) => found.includes(word)) &&
      (beginning === undefined || found.some((word) => word.startsWith(beginning)))
    );
  };
}

/** Words that are looked for in all texts of a record together; a phrase must stand within one of them. */
export function textsTest(
  value: string,
  quoted: boolean,
): (texts: readonly (string | null | undefined)[]) => boolean {
  const test = textTest(value, quoted);
  return (texts) => {
    const given = texts.filter((text) => typeof text === 'string');
    return quoted ? given.some(test) : test(given.join(' | '));
  };
}

/** Whole values, case ignored; several by commas mean any of them; a last `*` means a beginning. */
export function keywordField<T>(get: (item: T) => string | null | readonly string[]): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    const wanted = term.value.split(',').map((value) => value.trim().toLowerCase());
    const fits = (text: string) =>
      wanted.some((value) =>
        value.endsWith('*') && !term.quoted ? text.startsWith(value.slice(0, -1)) : text === value,
      );
    return (item) => several(get(item)).some((text) => text !== '' && fits(text.toLowerCase()));
  };
}

/** `tag_not`: none of them. */
export function tagField<T>(get: (item: T) => readonly string[], negated = false): FieldTest<T> {
  const test = keywordField(get);
  return (term) => {
    const has = test(term);
    return (item) => has(item) !== negated;
  };
}

/** `accepted` in small letters; the item's own value is compared with case ignored. */
export function enumField<T>(get: (item: T) => string | null, accepted: readonly string[]): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    const wanted = term.value.split(',').map((value) => value.trim().toLowerCase());
    if (wanted.some((value) => !accepted.includes(value))) throw new InvalidValue(term.value);
    return (item) => wanted.includes((get(item) ?? '').toLowerCase());
  };
}

export function booleanField<T>(get: (item: T) => boolean): FieldTest<T> {
  return (term) => {
    onlyEquals(term);
    const wanted = term.value.toLowerCase();
    if (wanted !== 'true' && wanted !== 'false') throw new InvalidValue(term.value);
    return (item) => get(item) === (wanted === 'true');
  };
}

export function numberField<T>(get: (item: T) => number): FieldTest<T> {
  return (term) => {
    const wanted = Number(term.value);
    if (term.value === '' || !Number.isFinite(wanted)) throw new InvalidValue(term.value);
    return (item) => holds(Math.sign(get(item) - wanted), term.comparator);
  };
}

/** What no record of the sandbox has (cart tokens, risks ...): nothing is found, as in a store without them. */
export function absentField<T>(): FieldTest<T> {
  return () => () => false;
}

/** The earliest instant that a term on a time lets through; undefined when it has no lower bound. */
export function earliestOf(term: SearchTerm, timeZone: string, now: () => Date): number | undefined {
  if (term.comparator === '<' || term.comparator === '<=' || isAny(term)) return undefined;
  const [from, until] = timeSpan(term.value, timeZone, now);
  return term.comparator === '>' ? until : from;
}

/** The instant from which on a term on a time lets nothing through; undefined when it has no upper bound. */
export function endOf(term: SearchTerm, timeZone: string, now: () => Date): number | undefined {
  if (term.comparator === '>' || term.comparator === '>=' || isAny(term)) return undefined;
  const [from, until] = timeSpan(term.value, timeZone, now);
  return term.comparator === '<' ? from : until;
}

function isAny(term: SearchTerm): boolean {
  return term.value === '*' && !term.quoted && term.comparator === '=';
}

function several(value: string | null | readonly string[]): readonly string[] {
  return value === null ? [] : typeof value === 'string' ? [value] : value;
}

/** Letters and digits; dots, hyphens, underscores and plus signs stay within a word. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}+](?:[\p{L}\p{N}\p{M}._'’-]*[\p{L}\p{N}\p{M}])?/gu) ?? [];
}

function inSpan(at: number, [from, until]: [number, number], comparator: Comparator): boolean {
  switch (comparator) {
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

const HOUR_MS = 3_600_000;

function timeSpan(text: string, timeZone: string, now: () => Date): [from: number, until: number] {
  if (text === 'now') return [now().getTime(), now().getTime() + 1];
  const date = parseLocalDate(text);
  if (date) return [startOfDay(date, timeZone).getTime(), startOfDay(addDays(date, 1), timeZone).getTime()];
  const long = /^(\d{4})(?:-(\d{2}))?$/.exec(text);
  if (long) {
    const [year, month] = [Number(long[1]), long[2] === undefined ? undefined : Number(long[2])];
    const next = month === undefined || month === 12 ? [year + 1, 1] : [year, month + 1];
    return [firstOf(year, month ?? 1, timeZone), firstOf(next[0] ?? year, next[1] ?? 1, timeZone)];
  }
  const hour = /^\d{4}-\d{2}-\d{2}T\d{2}$/.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN;
  if (!Number.isNaN(hour)) return [hour, hour + HOUR_MS];
  const match = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  const at = match ? Date.parse(match[3] ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidValue(text);
  return [at, at + (match?.[2] ? 1 : match?.[1] ? 1000 : 60_000)];
}

function firstOf(year: number, month: number, timeZone: string): number {
  const date = parseLocalDate(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`);
  if (!date) throw new InvalidValue(`${year}-${month}`);
  return startOfDay(date, timeZone).getTime();
}

function onlyEquals(term: SearchTerm): void {
  if (term.comparator !== '=') throw new InvalidValue(term.value);
}
