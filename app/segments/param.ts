/**
 * What a field is asked with: `"with": { "lastDays": 365 }`. Each parameter is declared with its field.
 *
 * Windows: "in the last N days" are the days since <= N, today included; "before the last N days" the days since > N;
 * from and to are local dates, both included. Orders with a date to come are outside of every window.
 */
import { isRuleDate, MUST_BE_A_DATE } from './rule-date.ts';

export interface Param {
  type: ParamType;
  label: string;
  help: string;
  required?: boolean;
  /** In the generated docs and in the editor. */
  example: unknown;
}

export type ParamType =
  /** Whole days, 0 to 36,500. */
  | 'days'
  /** A local date. */
  | 'date'
  /** Which products: one kind, and a list: { "vendor": ["Acme"] }. */
  | 'what'
  /** The key of another segment. */
  | 'segment'
  /** "namespace.key" of a customer metafield. */
  | 'metafield';

/** What a product is chosen by: as sold (title, vendor, SKU) or as it is now (type, tag, collection). */
export const WHAT_KINDS = {
  product: 'product',
  variant: 'variant',
  title: 'product title',
  sku: 'SKU',
  vendor: 'vendor',
  type: 'product type',
  tag: 'product tag',
  collection: 'collection',
} as const;
export type WhatKind = keyof typeof WHAT_KINDS;
export type What = { readonly [K in WhatKind]?: readonly string[] };

/** Kinds that are named by Shopify's numeric id. */
export const KINDS_BY_ID: readonly WhatKind[] = ['product', 'variant', 'collection'];

export interface ParamValues {
  lastDays?: number;
  beforeDays?: number;
  from?: string;
  to?: string;
  what?: What;
  segment?: string;
  metafield?: string;
}
export type ParamName = keyof ParamValues;

export const PARAM_LIMITS = { days: 36_500, listed: 250, text: 255 } as const;

/** A segment's key: what `with.segment` names. */
export const SEGMENT_KEY = /^[a-z0-9][a-z0-9-]{0,99}$/;
const METAFIELD = /^[A-Za-z0-9_$:-]{1,255}\.[A-Za-z0-9_-]{1,64}$/;
const SHOPIFY_ID = /^[1-9]\d{0,18}$/;
const LARGEST_ID = 9_223_372_036_854_775_807n;

type Report = (path: (string | number)[], message: string) => void;

/** Checks `with` against the declared parameters; every fault has the path below `with`. */
export function checkParams(
  declared: Readonly<Record<string, Param>>,
  given: unknown,
  report: Report,
): given is ParamValues {
  let sound = true;
  const fault: Report = (path, message) => {
    sound = false;
    report(path, message);
  };
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    fault([], 'must be an object of parameters');
    return false;
  }
  const values = (given ?? {}) as Record<string, unknown>;
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(declared, name)) {
      const known = Object.keys(declared);
      fault([name], known.length > 0 ? `must be one of ${known.join(', ')}` : 'takes no parameters');
    }
  }
  for (const [name, param] of Object.entries(declared)) {
    if (!Object.hasOwn(values, name)) {
      if (param.required) fault([name], 'is needed');
    } else checkParam(param, values[name], (path, message) => fault([name, ...path], message));
  }
  if (!sound) return false;
  const { lastDays, beforeDays, from, to } = values as ParamValues;
  if (from !== undefined && to !== undefined && from > to) {
    fault(['to'], 'must not be before from');
  }
  if (lastDays !== undefined && beforeDays !== undefined && beforeDays >= lastDays) {
    fault(['beforeDays'], 'must be less than lastDays');
  }
  return sound;
}

function checkParam(param: Param, value: unknown, report: Report): void {
  switch (param.type) {
    case 'days':
      if (!Number.isInteger(value)) return report([], 'must be a whole number of days');
      if ((value as number) < 0) return report([], 'must not be negative');
      if ((value as number) > PARAM_LIMITS.days) report([], 'is too large');
      return;
    case 'date':
      if (typeof value !== 'string' || !isRuleDate(value)) report([], MUST_BE_A_DATE);
      return;
    case 'segment':
      if (typeof value !== 'string' || !SEGMENT_KEY.test(value)) report([], 'must be the key of a segment');
      return;
    case 'metafield':
      if (typeof value !== 'string' || !METAFIELD.test(value)) report([], 'must be like "namespace.key"');
      return;
    case 'what':
      return checkWhat(value, report);
  }
}

function checkWhat(value: unknown, report: Report): void {
  const kinds = Object.keys(WHAT_KINDS);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return report([], `must be an object with one of ${kinds.join(', ')}`);
  }
  const [kind, ...others] = Object.keys(value);
  if (kind === undefined || !kinds.includes(kind)) {
    return report(kind === undefined ? [] : [kind], `must be one of ${kinds.join(', ')}`);
  }
  if (others[0] !== undefined) return report([others[0]], 'is one too many: only one kind can be asked for');
  const listed: unknown = (value as Record<string, unknown>)[kind];
  if (!Array.isArray(listed) || listed.length === 0) return report([kind], 'must be a list of at least one');
  if (listed.length > PARAM_LIMITS.listed) {
    return report([kind], `must not name more than ${PARAM_LIMITS.listed}`);
  }
  const byId = KINDS_BY_ID.includes(kind as WhatKind);
  for (const [i, one] of listed.entries()) {
    if (typeof one !== 'string' || one.trim() === '') report([kind, i], 'must be text');
    else if (one.length > PARAM_LIMITS.text) report([kind, i], 'is too long');
    else if (one.includes('\0')) report([kind, i], 'must not hold a null character');
    else if (byId && !(SHOPIFY_ID.test(one) && BigInt(one) <= LARGEST_ID)) {
      report([kind, i], 'must be the number of a Shopify id, as text');
    }
  }
}

/** The chosen kind and its list. */
export function chosen(what: What): [WhatKind, readonly string[]] {
  const [entry] = Object.entries(what);
  if (!entry) throw new TypeError('a validated rule names what was bought');
  return entry as [WhatKind, readonly string[]];
}
