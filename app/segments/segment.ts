import type { Rule } from './rule.ts';
import type { SegmentSettings } from './segment-settings.ts';

/** draft: nothing kept. live: kept and written. paused: kept, the store stays as it is. failing: left out, shown. */
export type SegmentStatus = 'draft' | 'live' | 'paused' | 'failing';

/** rule: members by a rule. list: members were frozen on one day; the rule says what they were frozen from. */
export type SegmentKind = 'rule' | 'list';

export interface Segment {
  id: string;
  key: string;
  name: string;
  family: string;
  /** The tag without the shop's prefix. */
  tagName: string;
  status: SegmentStatus;
  kind: SegmentKind;
  rule: Rule;
  ruleVersion: number;
  settings: SegmentSettings;
  /** The set of which a customer is in one segment at most; rank 1 wins. */
  setId: string | null;
  setKind: SetKind | null;
  setRank: number | null;
  /** On for the chosen customers only. */
  trial: boolean;
  /** Somebody has named people for it: always in, never in, the members of a list, those of a trial. */
  hasPeople: boolean;
  /** A change of a segment that is on waits for approval. */
  hasDraft: boolean;
  liveSince: Date | null;
  /** Why it is failing, in words. */
  failure: string | null;
  /** Why it is kept as it is though it is on: it asks for what the shop cannot supply now (note-availability.server.ts). */
  unavailable: string | null;
  /** The segments that its membership rests on ("member of"), near and far, with those of their sets. */
  refersTo: readonly Segment[];
}

export type SetKind = 'exclusive' | 'tiers';

/** A rule as a segment that no store has yet: a draft of its own, so that it goes the way of all segments. */
export function unsavedSegment(
  rule: Rule,
  given: Partial<Pick<Segment, 'key' | 'name' | 'tagName' | 'settings'>> = {},
): Segment {
  return {
    id: '0',
    key: '',
    name: '',
    family: 'own',
    tagName: '',
    status: 'draft',
    kind: 'rule',
    rule,
    ruleVersion: 1,
    settings: {},
    setId: null,
    setKind: null,
    setRank: null,
    trial: false,
    hasPeople: false,
    hasDraft: false,
    liveSince: null,
    failure: null,
    unavailable: null,
    refersTo: [],
    ...given,
  };
}

/** A stored segment whose rule or settings this version of the app cannot read. */
export interface UnreadableSegment extends Omit<Segment, 'rule'> {
  rule: null;
  fault: string;
}

/** The segment's own rules: the one to enter and the one to stay. A list has none. */
export function ownRulesOf({ kind, rule, settings }: Pick<Segment, 'kind' | 'rule' | 'settings'>): Rule[] {
  if (kind === 'list') return [];
  return settings.keep ? [rule, settings.keep] : [rule];
}

/** All rules that decide on its members, those of segments that it rests on too: what time and predictions work through. */
export function rulesOf(segment: Segment): Rule[] {
  return [segment, ...segment.refersTo].flatMap(ownRulesOf);
}

/** `chosen` and the segments that share a set with one of them: a set is decided as a whole. */
export function withMates<T extends Pick<Segment, 'id' | 'setId'>>(
  all: readonly T[],
  chosen: (segment: T) => boolean,
): T[] {
  const picked = all.filter(chosen);
  const ids = new Set(picked.map(({ id }) => id));
  const sets = new Set(picked.flatMap(({ setId }) => setId ?? []));
  return all.filter(({ id, setId }) => ids.has(id) || (setId !== null && sets.has(setId)));
}
