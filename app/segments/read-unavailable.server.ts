/** Which segments a change cannot turn on, or give another rule or set, because the shop cannot supply what they ask for. */
import type { ShopTx } from '../db/tenancy.server.ts';
import { missingIn, readAvailability } from './note-availability.server.ts';
import { fitInOneStatement, TOO_MUCH_TOGETHER } from './fit-in-one-statement.ts';
import type { Proposal } from './propose-change.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import type { RuleContext } from './field.ts';
import { isActive, saysOther, type ProposedSegment } from './segment-change.ts';
import { ownRulesOf, rulesOf, withMates, type Segment } from './segment.ts';
import { tiersAskedBy } from './tier-standing.ts';

export interface UnavailableSegment {
  /** Empty, and the name, where it is not one segment that asks for too much. */
  key: string;
  name: string;
  /** What is missing, each a sentence. */
  missing: string[];
}

/** It is all of them together that ask for too much. */
export const isTooMuch = ({ missing }: UnavailableSegment): boolean => missing.includes(TOO_MUCH_TOGETHER);

/** One that is on already and says the same stays as it is: see note-availability.server.ts. */
export async function readUnavailable(
  tx: ShopTx,
  { targets, all }: Pick<Proposal, 'targets' | 'all'>,
  now: Date,
): Promise<UnavailableSegment[]> {
  const begins = targets.filter(
    ({ before, after }) => isActive(after) && (!isActive(before) || saysOther(before, after)),
  );
  const robbed = robbedOfTiers(all, targets);
  const { context } = await readRuleDay(tx, now);
  const tooMuch = fitTogether({ targets, all }, context)
    ? []
    : [{ key: '', name: '', missing: [TOO_MUCH_TOGETHER] }];
  if (begins.length === 0) return [...robbed, ...tooMuch];
  const facts = await readAvailability(tx, now);
  const lacking = begins.flatMap(({ after }) => {
    const missing = [...new Set(rulesOf(after).flatMap((rule) => missingIn(rule, facts)))];
    return missing.length > 0 ? [{ key: after.key, name: after.name, missing }] : [];
  });
  return [...robbed, ...lacking, ...tooMuch];
}

/**
 * All that would be on, and each set that changes as if all of it were on. Only what is turned off is not asked for: less
 * is left then.
 */
function fitTogether({ targets, all }: Pick<Proposal, 'targets' | 'all'>, context: RuleContext): boolean {
  const arranged = targets.filter(setChanges);
  const ids = new Set(arranged.flatMap(({ after }) => (after.setId === null ? [] : [after.id])));
  const on = arranged.length > 0 || targets.some(({ after }) => isActive(after));
  return (
    (!on || fitInOneStatement(all.filter(isActive), context)) &&
    fitInOneStatement(
      withMates(all, ({ id }) => ids.has(id)),
      context,
    )
  );
}

function setChanges({ before, after }: ProposedSegment): boolean {
  return before.setId !== after.setId || before.setKind !== after.setKind || before.setRank !== after.setRank;
}

/** Segments, drafts too, that ask for tiers by a step that would be in none any more: those tiers cannot be given up. */
function robbedOfTiers(all: readonly Segment[], targets: Proposal['targets']): UnavailableSegment[] {
  const taken = new Map(
    targets
      .filter(({ before, after }) => before.setKind === 'tiers' && after.setKind !== 'tiers')
      .map(({ after }) => [after.key, after.name]),
  );
  return all.flatMap((segment) => {
    const missing = tiersAskedBy(ownRulesOf(segment)).flatMap((key) => {
      const step = taken.get(key);
      return step === undefined
        ? []
        : [`tiers by their step ${step}, which would be none any more. Change its rule first.`];
    });
    return missing.length > 0 ? [{ key: segment.key, name: segment.name, missing }] : [];
  });
}
