/** How held changes are called. */
import type { HeldChange } from '../../pipeline/held-change.server.ts';
import { countOf, formatShare } from '../format.ts';

export type ShownChange = Pick<
  HeldChange,
  'id' | 'cause' | 'subject' | 'buyers' | 'affected' | 'changes' | 'state'
>;

/** "New cut points would change the tags of 312 customers". */
export function heldTitle({ cause, subject, affected }: ShownChange): string {
  return `${whatOf({ cause, subject })} would change the tags of ${countOf(affected, 'customer')}`;
}

export function heldExplanation({ affected, buyers, subject }: ShownChange): string {
  const much = buyers > 0 ? ` (${formatShare(affected, buyers)} of your buyers)` : '';
  return subject === 'outbox'
    ? `Nobody has approved this${much}, so nothing was written to your store for them, neither tags nor metafields, and Flow was not told. Segments here are up to date. Customers who order meanwhile are written at once, as always.`
    : `Nobody has approved this${much}, so it is not in force. Segments and tags go by the numbers of before until you decide.`;
}

/** What the two buttons do. */
export function decisionHelp({ subject, cause }: Pick<HeldChange, 'subject' | 'cause'>): string {
  if (subject !== 'outbox') {
    return 'Release puts it in force for everybody. Discard keeps the numbers of before; new ones are proposed when they differ.';
  }
  const approved =
    cause === 'timezone' ? ' Whom a change that you approved has moved since is written in either case.' : '';
  return `Release writes these tags and what goes with them: metafields, and Flow in your contact hours. Discard leaves the tags and metafields of these customers as they are until something else changes for them, and tells Flow nothing.${approved}`;
}

export function whatOf({ cause, subject }: Pick<HeldChange, 'cause' | 'subject'>): string {
  if (subject === 'cut_points') return 'New cut points';
  if (subject === 'fit') return 'New predictions';
  switch (cause) {
    case 'import':
      return 'The import';
    case 'timezone':
      return 'The new time zone';
    case 'loss':
      return 'A sudden loss of members';
    case 'refit':
    case 'rebuild':
      return 'Computing everything again';
  }
}

export const DECIDED_WORDS = {
  measuring: 'being counted',
  held: 'waiting for you',
  released: 'released',
  discarded: 'discarded',
  replaced: 'overtaken by newer numbers',
  allowed: 'discarded, later let in again',
} as const satisfies Record<HeldChange['state'], string>;
