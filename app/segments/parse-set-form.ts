/** A set as its page sends it: segments by priority, or tiers with what it takes to get in and to stay. */
import { z } from 'zod';
import { currencyExponent, parseMinor } from '../money.ts';
import { fieldOf } from './fields.ts';
import { holdsControl, keyFromName } from './segment-names.ts';
import type { SetPlan } from './segment-change.ts';
import { planTiers } from './tier-plan.ts';

/** What tiers can be measured by. */
export const TIER_MEASURES = ['spent_in', 'spent', 'orders_in', 'orders'] as const;

const text = z.string().max(200);
const step = z.object({
  /** Empty: a new segment of this name. */
  key: text,
  name: text,
  enter: text,
  /** Empty: as to get in. */
  keep: text,
});

export const setFormSchema = z.object({
  kind: z.enum(['exclusive', 'tiers']),
  name: text,
  steps: z.array(step).max(50),
  measure: z.enum(TIER_MEASURES),
  lastDays: text,
  countAfterDays: text,
  hold: z.enum(['none', 'months', 'end_of_this_year', 'end_of_next_year']),
  months: text,
});

export type SetForm = z.infer<typeof setFormSchema>;
export type SetStep = z.infer<typeof step>;

export type ParsedSet = { ok: true; set: SetPlan } | { ok: false; faults: string[] };

/** @param id of the set; a new one without. Keys of new steps are made from their names. */
export function parseSetForm(form: SetForm, currency: string, id?: string): ParsedSet {
  const steps = form.steps.map((one) => ({ ...one, key: one.key === '' ? keyFromName(one.name) : one.key }));
  const faults = [
    ...(form.name.trim() === '' ? ['Give it a name.'] : []),
    ...([form.name, ...steps.map(({ name }) => name)].some(holdsControl)
      ? ['A name holds a character that cannot be shown: type it anew.']
      : []),
    ...(steps.length < 2 ? ['Two segments at least are needed.'] : []),
    ...(steps.some(({ key }) => key === '') ? ['Every step needs a segment or a name.'] : []),
    ...(new Set(steps.map(({ key }) => key)).size < steps.length
      ? ['A segment can be in it once only.']
      : []),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const name = form.name.trim();
  const keys = steps.map(({ key }) => key);
  if (form.kind === 'exclusive') {
    return {
      ok: true,
      set: { ...(id === undefined ? {} : { id }), name, kind: 'exclusive', settings: {}, keys },
    };
  }
  const days = (words: string, given: string, least: number): number | undefined => {
    const value = Number(given.trim());
    if (/^\d+$/.test(given.trim()) && value >= least && value <= 3_650) return value;
    faults.push(`${words} must be ${least} to 3,650.`);
    return undefined;
  };
  const windowed = form.measure.endsWith('_in');
  const lastDays = windowed ? days('The days that are looked at', form.lastDays, 1) : undefined;
  const wait =
    form.countAfterDays.trim() === '' ? 0 : days('The days before an order counts', form.countAfterDays, 0);
  const months = form.hold === 'months' ? Number(form.months) : 0;
  if (form.hold === 'months' && !(Number.isInteger(months) && months >= 1 && months <= 60)) {
    faults.push('The months must be 1 to 60.');
  }
  const amount = (given: string, of: string): number => {
    const value = amountOf(form.measure, given, currency);
    if (value === undefined) faults.push(`What it takes for ${of} must be ${fieldOf(form.measure).type === 'money' ? `an amount in ${currency}` : 'a whole number'}.`); // prettier-ignore
    return value ?? 0;
  };
  const planned = steps.map((one) => {
    const called = one.name || one.key;
    const enter = amount(one.enter, called);
    return { key: one.key, enter, ...(one.keep.trim() === '' ? {} : { keep: amount(one.keep, called) }) };
  });
  if (faults.length > 0) return { ok: false, faults };
  return planTiers({
    ...(id === undefined ? {} : { id }),
    name,
    measure: { field: form.measure, ...(lastDays === undefined ? {} : { with: { lastDays } }) },
    ...(wait ? { countAfterDays: wait } : {}),
    ...(form.hold === 'none'
      ? {}
      : { hold: form.hold === 'months' ? { for: 'months' as const, months } : { for: form.hold } }),
    steps: planned,
  });
}

function amountOf(measure: SetForm['measure'], given: string, currency: string): number | undefined {
  const plain = given.trim().replace(',', '.');
  if (fieldOf(measure).type !== 'money') return /^\d{1,9}$/.test(plain) ? Number(plain) : undefined;
  if ((plain.split('.')[1]?.length ?? 0) > currencyExponent(currency)) return undefined;
  const minor = parseMinor(plain, currency);
  return minor === undefined || minor < 0n || minor > 1_000_000_000_000_000n ? undefined : Number(minor);
}
