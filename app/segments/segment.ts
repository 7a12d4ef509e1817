import type { Rule } from './rule.ts';

/** draft: nothing kept. live: kept and written. paused: kept, the store stays as it is. failing: left out, shown. */
export type SegmentStatus = 'draft' | 'live' | 'paused' | 'failing';

export interface Segment {
  id: string;
  key: string;
  name: string;
  family: string;
  /** The tag without the shop's prefix. */
  tagName: string;
  status: SegmentStatus;
  rule: Rule;
  ruleVersion: number;
  liveSince: Date | null;
  /** Why it is failing, in words. */
  failure: string | null;
}

/** A stored segment whose rule this version of the app cannot read. */
export interface UnreadableSegment extends Omit<Segment, 'rule'> {
  rule: null;
  fault: string;
}
