/** How the Value page writes shares, months, channels and the figures of the models. */
import type { FrequencyClass } from '../../value/models/frequency-classes.ts';
import { formatDay, formatMinor } from '../format.ts';

/** 0.1234 -> "12 %"; what is not nothing is never written as nothing, what is not all never as all. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  if (share < 1 && share >= 0.995) return '>99 %';
  return `${Math.round(100 * share)} %`;
}

/** 1.23456 -> "1.235"; three digits after the point unless told. */
export function formatNumber(value: number, digits = 3): string {
  // No "-0.000".
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** Four digits that matter: 0.0004321 stays readable. */
export function formatParameter(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return size >= 1e6 || (size > 0 && size < 1e-4)
    ? value.toExponential(3)
    : String(Number(value.toPrecision(4)));
}

/** Minor units that need not be whole (means, quantiles), rounded to the minor unit. */
export function formatMean(minor: number, currency: string): string {
  return formatMinor(BigInt(Math.round(minor)), currency);
}

/** "2026-03" -> "Mar 2026". */
export function formatMonth(month: string): string {
  return formatDay(`${month}-01`).replace(/^1 /, '');
}

/** "2026-03", "2026-06" -> "Mar–Jun 2026"; over the turn of a year both years are written. */
export function formatMonths(from: string, to: string): string {
  if (from === to) return formatMonth(from);
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  return `${sameYear ? formatMonth(from).slice(0, 3) : formatMonth(from)}–${formatMonth(to)}`;
}

const CHANNELS: Readonly<Record<string, string>> = {
  web: 'Online store',
  pos: 'Point of sale',
  shopify_draft_order: 'Draft orders',
  subscription_contract: 'Subscription renewals',
  subscription_contract_checkout_one: 'Subscription checkout',
  iphone: 'Shopify app on iPhone',
  android: 'Shopify app on Android',
  checkout_next: 'Online store',
};

/** Shopify's source name in words; an app's number stays a number, because only Shopify knows its name. */
export function channelName(source: string | null): string {
  if (source === null || source === '') return 'Not known';
  return CHANNELS[source] ?? (/^\d+$/.test(source) ? `App ${source}` : source);
}

/** The classes of the back-test in words. */
export function frequencyName(x: FrequencyClass | string): string {
  return String(x).replace('7+', '7 or more');
}
