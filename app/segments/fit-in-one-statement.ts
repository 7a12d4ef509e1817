/** Whether segments can be evaluated together: they, their evidence and their next dates in one statement each. */
import { sql, type Sql } from '../db/sql.ts';
import { subjectOf } from './compile-rule.ts';
import { explainDifference } from './explain-difference.ts';
import type { RuleContext } from './field.ts';
import { compileSegments, membershipDifference } from './membership-difference.ts';
import { rulesOf, type Segment } from './segment.ts';
import { STATEMENT_LIMITS, StatementTooLarge } from './statement-limits.ts';

export const TOO_MUCH_TOGETHER =
  'Together, all segments that would be on ask for more different values than can be worked out at once. Turn some of them off, or ask for less in their rules.';

export function fitInOneStatement(segments: readonly Segment[], context: RuleContext): boolean {
  if (segments.length === 0) return true;
  return (
    fits(
      () => sql`${membershipDifference('0', compileSegments(segments), context)},
                   ${explainDifference(compileSegments(segments))}`,
    ) && fits(() => subjectOf('0', [], context, { touched: true, flipsOf: segments.flatMap(rulesOf) }))
  );
}

function fits(statement: () => Sql): boolean {
  try {
    return statement().values.length <= STATEMENT_LIMITS.parameters;
  } catch (error) {
    if (error instanceof StatementTooLarge) return false;
    throw error;
  }
}

/**
 * The same segments in as few portions as fit, each a list of units that are decided together.
 * @param fit whether some of them can go together
 */
export function inPortions<T>(units: readonly T[], fit: (some: readonly T[]) => boolean): T[][] {
  if (units.length <= 1 || fit(units)) return [[...units]];
  const half = Math.ceil(units.length / 2);
  return [...inPortions(units.slice(0, half), fit), ...inPortions(units.slice(half), fit)];
}
