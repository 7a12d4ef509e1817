/** A segment of a set rests on what the others of the set ask for, because one of them may take its members. */
import { referencesOf } from './rule-references.ts';
import { ownRulesOf, type Segment } from './segment.ts';

/** @returns the fault in words; null when the segment does not ask for itself that way */
export function circleThroughSets(segment: Segment, byKey: ReadonlyMap<string, Segment>): string | null {
  const all = [...byKey.values()];
  const done = new Set<string>();
  const visit = (one: Segment, path: readonly string[]): string | null => {
    if (path.includes(one.key)) {
      return `asks in a circle, through the set that it is in: ${[...path, one.key].join(' -> ')}`;
    }
    if (done.has(one.key)) return null;
    const mates = one.setId === null ? [one] : all.filter(({ setId }) => setId === one.setId);
    for (const key of new Set([one, ...mates].flatMap((asking) => referencesOf(ownRulesOf(asking))))) {
      const asked = byKey.get(key);
      const round = asked ? visit(asked, [...path, one.key]) : null;
      if (round !== null) return round;
    }
    done.add(one.key);
    return null;
  };
  return visit(segment, []);
}
