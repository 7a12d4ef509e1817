/**
 * A change of segments that is looked at before it is made: what it would make of which segments. Undoing one is a
 * change back to the states before.
 */
import type { Rule } from './rule.ts';
import type { SegmentSettings } from './segment-settings.ts';
import type { Segment, SegmentStatus, SetKind } from './segment.ts';

export type SegmentChange =
  | { act: 'turn_on'; keys: readonly string[] }
  | { act: 'turn_off'; keys: readonly string[] }
  /** A paused segment goes on. */
  | { act: 'resume'; key: string }
  /** The change of a segment that is on and waits as its draft. */
  | { act: 'change'; key: string }
  /** An earlier version in force again, as a new version. */
  | { act: 'return'; key: string; version: number }
  /** On for so many chosen customers (they are in segment_person as "trial"); everybody else as before. */
  | { act: 'try'; key: string }
  /** Of the segments with these keys a customer is in one at most, the first that holds. */
  | { act: 'arrange_set'; set: SetPlan }
  | { act: 'dissolve_set'; setId: string }
  | { act: 'undo'; approvalId: string };

export type SegmentAct = SegmentChange['act'];

export interface SetPlan {
  /** An existing set; a new one without. */
  id?: string;
  name: string;
  kind: SetKind;
  settings: Readonly<Record<string, unknown>>;
  /** By rank, the first one wins. */
  keys: readonly string[];
  /** Of tiers: what the steps say, by key. */
  states?: Readonly<Record<string, { rule: Rule; settings: SegmentSettings }>>;
  /** Segments that were made for it: they go again when it is given up. */
  made?: readonly string[];
}

/** Everything of a segment that decides on members and tags. */
export interface SegmentState {
  status: SegmentStatus;
  trial: boolean;
  rule: Rule;
  settings: SegmentSettings;
  setId: string | null;
  setKind: SetKind | null;
  setRank: number | null;
}

export function stateOf(segment: Segment): SegmentState {
  const { status, trial, rule, settings, setId, setKind, setRank } = segment;
  return { status, trial, rule, settings, setId, setKind, setRank };
}

/** Members are kept of these. */
export const isActive = ({ status }: { status: SegmentStatus }): boolean =>
  status === 'live' || status === 'paused';

export interface ProposedSegment {
  before: Segment;
  after: Segment;
}

/** Whether the rule or the settings are others: then the segment gets a new version. */
export function saysOther(one: SegmentState, other: SegmentState): boolean {
  return (
    canonical(one.rule) !== canonical(other.rule) || canonical(one.settings) !== canonical(other.settings)
  );
}

/** JSON with sorted keys: the database does not keep their order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The cause that the history names. */
export function causeOf(act: SegmentAct): 'activation' | 'rule' | 'undo' {
  switch (act) {
    case 'turn_on':
    case 'turn_off':
    case 'resume':
    case 'try':
      return 'activation';
    case 'change':
    case 'return':
    case 'arrange_set':
    case 'dissolve_set':
      return 'rule';
    case 'undo':
      return 'undo';
  }
}
