/**
 * The fingerprint of a review: a digest of what is decided on, and the reviewed counts of each segment in their
 * order ("DIGEST:9-0,14-2"). The counts travel with it, so an approval can be compared with what was shown
 * without keeping reviews that nobody approves.
 */
import { createHash } from 'node:crypto';
import { withinBound, type ReviewedCounts } from './review-bound.ts';

/** @param decided everything that must not change between review and approval; the same order each time */
export function reviewFingerprint(decided: unknown, segments: readonly ReviewedCounts[]): string {
  const digest = createHash('sha256').update(JSON.stringify(decided)).digest('hex').slice(0, 32);
  return `${digest}:${segments.map(({ gains, loses }) => `${gains}-${loses}`).join(',')}`;
}

/**
 * Compares an approved fingerprint with the review of this instant.
 * @returns the counts that were approved, in the order of the segments; undefined when the approval is for
 *   something else, or the store has moved on beyond the bound
 */
export function stillReviewed(
  approved: string,
  now: { fingerprint: string; segments: readonly ReviewedCounts[] },
): ReviewedCounts[] | undefined {
  const [digest, counts = ''] = approved.split(':');
  if (digest !== now.fingerprint.split(':')[0]) return undefined;
  const reviewed = counts.split(',').map((pair) => {
    const [gains = NaN, loses = NaN] = pair.split('-').map(Number);
    return { gains, loses };
  });
  const near = now.segments.every((segment, i) => {
    const shown = reviewed[i];
    return shown !== undefined && withinBound(shown, segment);
  });
  return near && reviewed.length === now.segments.length ? reviewed : undefined;
}
