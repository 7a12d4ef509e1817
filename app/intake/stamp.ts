/**
 * A stamp orders two states of one field group: "remote time|triggered-at|content hash", fixed width, so it
 * compares as text (COLLATE "C" in SQL, `<` here). Same stamp means same state; same times with another hash
 * means that Shopify's clock could not tell two states apart, and the object is read again.
 *
 * The hash leaves out what the times already say (updatedAt), so equal hashes also mean "nothing changed".
 */
import { AppError } from '../app-error.ts';
import type { Stamp } from './facts.ts';

/** Width of one time: "2026-11-22T10:00:00.000000Z". */
export const STAMP_TIME_WIDTH = 27;
/** Width of "remote time|triggered-at". */
export const STAMP_TIMES_WIDTH = 2 * STAMP_TIME_WIDTH + 1;

/**
 * @param remoteTime when the group came to this state, by Shopify's clock
 * @param triggeredAt when the message was caused, or the read that saw the state began
 * @param content the group's values; keys may come in any order
 * @throws AppError 'bad_payload' when a time is not one
 */
export function stampOf(remoteTime: Date | string, triggeredAt: Date | string, content: unknown): Stamp {
  return `${stampTime(remoteTime)}|${stampTime(triggeredAt)}|${hash64(canonicalJson(content))}` as Stamp;
}

/** Do two stamps have the same times but other content? */
export function stampsConflict(a: Stamp, b: Stamp): boolean {
  return a !== b && a.slice(0, STAMP_TIMES_WIDTH) === b.slice(0, STAMP_TIMES_WIDTH);
}

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|[+-]\d{2}:?\d{2})$/i;

/** An instant as fixed-width text in UTC with microseconds. @throws AppError 'bad_payload' */
export function stampTime(instant: Date | string): string {
  if (typeof instant !== 'string') return fixedWidth(instant.getTime(), '');
  const match = ISO.exec(instant.trim());
  if (!match) throw notATime();
  const zone = match[3]?.toUpperCase() ?? 'Z';
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return fixedWidth(Date.parse(`${match[1]}${offset}`), match[2] ?? '');
}

/** `fraction`: digits after the second, when they come from text and may be finer than a Date. */
function fixedWidth(milliseconds: number, fraction: string): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(milliseconds) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999)
    throw notATime();
  const iso = date.toISOString();
  const digits = fraction === '' ? `${iso.slice(20, 23)}000` : fraction.slice(0, 6).padEnd(6, '0');
  return `${iso.slice(0, 19)}.${digits}Z`;
}

function notATime(): AppError {
  return new AppError('bad_payload', 'A time in a message from Shopify could not be read.');
}

/** JSON with sorted keys; undefined members are left out, bigint and Date become text. */
export function canonicalJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return `"${value}"`;
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** 64 bits as 16 hex digits: two MurmurHash3 (x86, 32 bits) over UTF-16 code units. Not for secrets. */
export function hash64(text: string): string {
  return hex8(murmur3(text, 0x9747b28c)) + hex8(murmur3(text, 0x3c6ef372));
}

const hex8 = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

function murmur3(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i += 2) {
    let k = text.charCodeAt(i) | ((i + 1 < text.length ? text.charCodeAt(i + 1) : 0) << 16);
    k = Math.imul(k, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
