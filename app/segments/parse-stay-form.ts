/** The settings of a segment as a form sends them: texts and choices, each fault beside its field. */
import { parseSettings, type SegmentSettings } from './segment-settings.ts';

export interface StayForm {
  /** "none", "months", "end_of_this_year", "end_of_next_year" */
  hold: string;
  months: string;
  minimumStayDays: string;
  rejoinAfterDays: string;
  /** Of a list. */
  lastDay: string;
}

export type StayField = 'hold' | 'months' | 'minimumStayDays' | 'rejoinAfterDays' | 'lastDay';
export type ParsedStay =
  { ok: true; settings: SegmentSettings } | { ok: false; errors: Partial<Record<StayField, string>> };

/** @param before what the form does not show stays: the softer rule of a tier */
export function parseStayForm(form: StayForm, before: SegmentSettings): ParsedStay {
  const number = (text: string): unknown => (/^\d+$/.test(text.trim()) ? Number(text) : text);
  const given = {
    ...(before.keep ? { keep: before.keep } : {}),
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

/** What the form shows of stored settings. */
export function stayFormOf({ hold, minimumStayDays, rejoinAfterDays, lastDay }: SegmentSettings): StayForm {
  const text = (days: number | undefined) => (days === undefined ? '' : String(days));
  return {
    hold: hold?.for ?? 'none',
    months: hold?.for === 'months' ? String(hold.months) : '12',
    minimumStayDays: text(minimumStayDays),
    rejoinAfterDays: text(rejoinAfterDays),
    lastDay: lastDay ?? '',
  };
}
