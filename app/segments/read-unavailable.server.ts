/** Which segments a change cannot turn on, or give another rule, because the shop cannot supply what they ask for. */
import type { ShopTx } from '../db/tenancy.server.ts';
import { missingIn, readAvailability } from './note-availability.server.ts';
import type { Proposal } from './propose-change.server.ts';
import { isActive, saysOther } from './segment-change.ts';
import { rulesOf } from './segment.ts';

export interface UnavailableSegment {
  key: string;
  name: string;
  /** What is missing, each a sentence. */
  missing: string[];
}

/** One that is on already and says the same stays as it is: see note-availability.server.ts. */
export async function readUnavailable(
  tx: ShopTx,
  { targets }: Pick<Proposal, 'targets'>,
  now: Date,
): Promise<UnavailableSegment[]> {
  const begins = targets.filter(
    ({ before, after }) => isActive(after) && (!isActive(before) || saysOther(before, after)),
  );
  if (begins.length === 0) return [];
  const facts = await readAvailability(tx, now);
  return begins.flatMap(({ after }) => {
    const missing = [...new Set(rulesOf(after).flatMap((rule) => missingIn(rule, facts)))];
    return missing.length > 0 ? [{ key: after.key, name: after.name, missing }] : [];
  });
}
