/** The settings of a segment as a form sends them: texts and choices, each fault beside its field. */
import { decimalOf, parseMinor } from '../money.ts';
import { fieldOf } from './fields.ts';
import type { Condition, Rule } from './rule.ts';
import { canonical } from './segment-change.ts';
import { parseSettings, type SegmentSettings } from './segment-settings.ts';
import { stepOf } from './tier-plan.ts';

export interface StayForm {
  /** "none", "months", "end_of_this_year", "end_of_next_year" */
  hold: string;
  months: string;
  minimumStayDays: string;
  rejoinAfterDays: string;
  /**
   * Who is in stays with at least so much (money in major units), where the rule is one "at least" of an amount or a
   * number; empty: as to get in. Absent where the rule is another.
   */
  keepAtLeast?: string;
  /** Of a list. */
  lastDay: string;
}

export type StayField = 'keepAtLeast' | 'hold' | 'months' | 'minimumStayDays' | 'rejoinAfterDays' | 'lastDay';
export type ParsedStay =
  { ok: true; settings: SegmentSettings } | { ok: false; errors: Partial<Record<StayField, string>> };

/**
 * @param before what the form does not show stays: a softer rule that is no smaller number
 * @param rule what it takes to get in
 */
export function parseStayForm(
  form: StayForm,
  before: SegmentSettings,
  { rule, currency }: { rule: Rule | null; currency: string },
): ParsedStay {
  const keep = keepOf(form, before, { rule, currency });
  if (typeof keep === 'string') return { ok: false, errors: { keepAtLeast: keep } };
  const number = (text: string): unknown => (/^\d+$/.test(text.trim()) ? Number(text) : text);
  const given = {
    ...(keep ? { keep } : {}),
    ...(form.hold === 'none' || form.hold === ''
      ? {}
      : {
          hold: form.hold === 'months' ? { for: 'months', months: number(form.months) } : { for: form.hold },
        }),
    ...(form.minimumStayDays.trim() === '' ? {} : { minimumStayDays: number(form.minimumStayDays) }),
    ...(form.rejoinAfterDays.trim() === '' ? {} : { rejoinAfterDays: number(form.rejoinAfterDays) }),
    ...(form.lastDay === '' ? {} : { lastDay: form.lastDay }),
  };
  const parsed = parseSettings(given);
  if (parsed.ok) return parsed;
  const errors: Partial<Record<StayField, string>> = {};
  for (const { path, message } of parsed.faults) {
    const [name] = path.split('.');
    if (name === 'hold') {
      if (form.hold === 'months') errors.months = 'Enter 1 to 60 months.';
      else errors.hold = 'Choose one of these.';
    } else if (name === 'minimumStayDays' || name === 'rejoinAfterDays') {
      errors[name] = `The number of days ${message}.`;
    } else errors.lastDay = `The day ${message}.`;
  }
  return { ok: false, errors };
}

/** @returns the softer rule, null without one, or what is wrong with what was typed */
function keepOf(
  { keepAtLeast }: StayForm,
  before: SegmentSettings,
  { rule, currency }: { rule: Rule | null; currency: string },
): Rule | null | string {
  const step = rule && softenable(rule, before);
  if (rule === null || step === null || keepAtLeast === undefined) return before.keep ?? null;
  const typed = keepAtLeast.trim().replace(',', '.');
  if (typed === '') return null;
  const isMoney = fieldOf(step.measure.field).type === 'money';
  const minor = isMoney ? parseMinor(typed, currency) : /^\d{1,9}$/.test(typed) ? BigInt(typed) : undefined;
  if (minor === undefined || minor < 0n)
    return isMoney ? `Enter an amount in ${currency}.` : 'Enter a whole number.';
  if (minor >= BigInt(step.enter)) return 'To stay takes less than to get in.';
  return { ...rule, where: { ...step.measure, value: Number(minor) } };
}

/** The one "at least" of an amount or a number that a rule is, unless its softer rule asks for something else. */
function softenable(rule: Rule, { keep }: SegmentSettings): ReturnType<typeof stepOf> {
  const step = stepOf(rule);
  if (step === null || !Number.isInteger(step.enter)) return null;
  if (!['money', 'count'].includes(fieldOf(step.measure.field).type)) return null;
  if (keep === undefined) return step;
  const softer = stepOf(keep);
  const same = (one: Condition) => canonical({ ...one, value: 0 });
  return softer && same(softer.measure) === same(step.measure) ? step : null;
}

/** What the form shows of stored settings. @param of the rule to get in, for a softer number to stay */
export function stayFormOf(
  settings: SegmentSettings,
  { rule, currency }: { rule: Rule | null; currency: string },
): StayForm {
  const { hold, minimumStayDays, rejoinAfterDays, lastDay, keep } = settings;
  const text = (days: number | undefined) => (days === undefined ? '' : String(days));
  const step = rule ? softenable(rule, settings) : null;
  const softer = keep ? stepOf(keep) : null;
  const amount = (value: number) =>
    step && fieldOf(step.measure.field).type === 'money' ? decimalOf(BigInt(value), currency) : String(value);
  return {
    ...(step ? { keepAtLeast: softer ? amount(softer.enter) : '' } : {}),
    hold: hold?.for ?? 'none',
    months: hold?.for === 'months' ? String(hold.months) : '12',
    minimumStayDays: text(minimumStayDays),
    rejoinAfterDays: text(rejoinAfterDays),
    lastDay: lastDay ?? '',
  };
}
