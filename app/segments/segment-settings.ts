/**
 * What a segment says besides its rule: who may stay longer, and who has to wait. Stored as JSON beside the rule and
 * versioned with it.
 */
import { z } from 'zod';
import { addMonths, type LocalDate } from '../local-date.ts';
import { isRuleDate, MUST_BE_A_DATE } from './rule-date.ts';
import { parseRule, type Rule, type RuleFault } from './rule.ts';

/** Until when a member stays whatever the rule says. Counted from the day of entering, and again when it has run out. */
export type Hold =
  { for: 'months'; months: number } | { for: 'end_of_this_year' } | { for: 'end_of_next_year' };

export interface SegmentSettings {
  /** A softer rule for those who are in already. Of a tier: for those in it or in a higher one. */
  keep?: Rule;
  hold?: Hold;
  /** Who has entered stays this many days at least. */
  minimumStayDays?: number;
  /** Who has left may enter again after this many days. */
  rejoinAfterDays?: number;
  /** The last day of a list; it is empty from the next midnight on. */
  lastDay?: LocalDate;
}

const days = z
  .int({ error: 'must be a whole number of days' })
  .min(1, 'must be at least 1')
  .max(3_650, 'is too large');

const schema = z.strictObject({
  keep: z.unknown().optional(),
  hold: z
    .union(
      [
        z.strictObject({ for: z.literal('months'), months: z.int().min(1).max(60) }),
        z.strictObject({ for: z.literal('end_of_this_year') }),
        z.strictObject({ for: z.literal('end_of_next_year') }),
      ],
      { error: 'must be so many months (1 to 60), the end of this year or the end of the next' },
    )
    .optional(),
  minimumStayDays: days.optional(),
  rejoinAfterDays: days.optional(),
  lastDay: z.string().refine(isRuleDate, MUST_BE_A_DATE).optional(),
}); // prettier-ignore

export type ParsedSettings = { ok: true; settings: SegmentSettings } | { ok: false; faults: RuleFault[] };

/** From unknown JSON; every fault has its path. */
export function parseSettings(json: unknown): ParsedSettings {
  const parsed = schema.safeParse(json ?? {});
  if (!parsed.success) {
    return {
      ok: false,
      faults: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    };
  }
  const { keep, ...others } = parsed.data;
  if (keep === undefined) return { ok: true, settings: others as SegmentSettings };
  const rule = parseRule(keep);
  if (rule.ok) return { ok: true, settings: { ...others, keep: rule.rule } as SegmentSettings };
  return { ok: false, faults: rule.faults.map(({ path, message }) => ({ path: `keep.${path}`, message })) };
}

/** The last day of a hold that begins on `today`. */
export function holdUntil(hold: Hold, today: LocalDate): LocalDate {
  const year = Number(today.slice(0, 4));
  switch (hold.for) {
    case 'end_of_this_year':
      return `${year}-12-31` as LocalDate;
    case 'end_of_next_year':
      return `${year + 1}-12-31` as LocalDate;
    case 'months':
      return addMonths(today, hold.months);
  }
}

/** The hold in words: "Members stay until 31 December of the next year at least." */
export function holdWords(hold: Hold): string {
  switch (hold.for) {
    case 'end_of_this_year':
      return 'Members stay to the end of the year in which they came in.';
    case 'end_of_next_year':
      return 'Members stay to the end of the year after the one in which they came in.';
    case 'months':
      return `Members stay for ${hold.months} ${hold.months === 1 ? 'month' : 'months'} at least.`;
  }
}
