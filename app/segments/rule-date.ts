import { parseLocalDate } from '../local-date.ts';

/**
 * A date in a rule. PostgreSQL knows no year 0, and JavaScript and PostgreSQL write years of five digits differently: a
 * year on either side must be left to count from.
 */
export function isRuleDate(text: string): boolean {
  return parseLocalDate(text) !== undefined && text >= '0002-01-01' && text <= '9998-12-31';
}

export const MUST_BE_A_DATE = 'must be a date like 2026-11-22';
