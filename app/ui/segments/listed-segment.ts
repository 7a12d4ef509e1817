/** The lines of the page of all segments: which of them a view or a search shows, and by which family. */
import type { SegmentRow } from '../../segments/read-segments.server.ts';

export const VIEWS = [
  { view: 'all', label: 'All' },
  { view: 'on', label: 'On' },
  { view: 'drafts', label: 'Drafts' },
  { view: 'attention', label: 'Needs a look' },
] as const;
export type View = (typeof VIEWS)[number]['view'];

export interface ListedSegment extends SegmentRow {
  waits: boolean;
  trial: boolean;
  list: boolean;
  /** What is odd about it, in words. */
  notes: string[];
}

/** Whether a view shows it. */
export function isIn(view: View, { status, waits, trial, notes }: ListedSegment): boolean {
  switch (view) {
    case 'all':
      return true;
    case 'on':
      return status !== 'draft';
    case 'drafts':
      return status === 'draft';
    case 'attention':
      return status === 'failing' || waits || trial || notes.length > 0;
  }
}

/** Whether it says all the words that were typed. */
export function says({ name, tag, sentence, family }: SegmentRow, typed: string): boolean {
  const text = `${name} ${tag} ${sentence} ${family}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export interface Family {
  name: string;
  /** Place of its first segment among all. */
  position: number;
  segments: ListedSegment[];
}

/** Families in the order of the list; those of one family stand together. */
export function familiesOf(segments: readonly ListedSegment[]): Family[] {
  const families: Family[] = [];
  segments.forEach((segment, position) => {
    const last = families.at(-1);
    if (last?.name === segment.family) last.segments.push(segment);
    else families.push({ name: segment.family, position, segments: [segment] });
  });
  return families;
}

/** How much of a family is selected. */
export function selectedShare(segments: readonly SegmentRow[], selected: readonly string[]) {
  const count = segments.filter((segment) => selected.includes(segment.key)).length;
  if (count === 0) return false;
  return count === segments.length ? true : 'indeterminate';
}
