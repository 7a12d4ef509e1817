/** A field with its parameters in words: "spent in the last 365 days", "pieces bought of the vendor Acme". */
import { fieldOf } from './fields.ts';
import { chosen, type ParamValues, type What, type WhatKind } from './param.ts';
import type { PrintOptions } from './print-value.ts';
import type { Condition } from './rule.ts';

export function labelOf({ field: key, with: params = {} }: Condition, options: PrintOptions): string {
  const { label, short, asksForTiers } = fieldOf(key);
  const period = periodOf(params);
  const words = [
    period === '' ? label : (short ?? label),
    params.what ? whatOf(params.what, options) : '',
    params.segment
      ? asksForTiers
        ? `of ${tiersName(params.segment, options)}`
        : segmentName(params.segment, options)
      : '',
    params.metafield ?? '',
    period,
  ];
  return words.filter(Boolean).join(' ');
}

/** "in the last 90 days", "91 to 180 days ago", "from 2026-01-01"; empty for all time. */
export function periodOf({ lastDays, beforeDays, from, to }: ParamValues): string {
  const days =
    lastDays !== undefined && beforeDays !== undefined
      ? `${beforeDays + 1} to ${lastDays} days ago`
      : lastDays !== undefined
        ? `in the last ${lastDays} days`
        : beforeDays !== undefined
          ? `more than ${beforeDays} days ago`
          : '';
  const dates =
    from !== undefined && to !== undefined
      ? `from ${from} to ${to}`
      : from !== undefined
        ? `since ${from}`
        : to !== undefined
          ? `up to ${to}`
          : '';
  return [days, dates].filter(Boolean).join(' ');
}

/** How many of a kind are named one by one before the rest is counted. */
const NAMED = 5;

const KINDS: Record<WhatKind, (names: string) => string> = {
  product: (names) => `product ${names}`,
  variant: (names) => `variant ${names}`,
  title: (names) => `the product titled ${names}`,
  sku: (names) => `SKU ${names}`,
  vendor: (names) => `the vendor ${names}`,
  type: (names) => `the type ${names}`,
  tag: (names) => `products tagged ${names}`,
  collection: (names) => `the collection ${names}`,
};

/** "the vendor Acme or Nike" */
export function whatOf(what: What, options: PrintOptions): string {
  const [kind, list] = chosen(what);
  return KINDS[kind](oneOf(list.map((one) => options.names?.(kind, one) ?? one)));
}

/** "anything of the vendor Acme", "product 123" */
export function anythingOf(what: What, options: PrintOptions): string {
  const [kind] = chosen(what);
  const wide: readonly WhatKind[] = ['vendor', 'type', 'tag', 'collection'];
  return `${wide.includes(kind) ? 'anything of ' : ''}${whatOf(what, options)}`;
}

export function segmentName(key: string, options: PrintOptions): string {
  return options.names?.('segment', key) ?? key;
}

/** @param key of one of their steps */
export function tiersName(key: string, options: PrintOptions): string {
  return options.names?.('tiers', key) ?? `the set of ${key}`;
}

/** "A, B or C"; of long lists the first few and how many more. */
export function oneOf(words: readonly string[], last = 'or'): string {
  const shown = words.length > NAMED + 1 ? words.slice(0, NAMED) : words;
  const rest = words.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} ${last} ${rest} more`;
  if (shown.length === 1) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} ${last} ${shown.at(-1) ?? ''}`;
}
