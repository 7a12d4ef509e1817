/** What the page of a review is called, and what it says when nothing is left to do. */
import { countOf } from '../format.ts';

const NOTHING: Partial<Record<string, readonly [string, string]>> = {
  turn_on: ['Nothing to turn on', 'The chosen segments are live already.'],
  turn_off: ['Nothing to turn off', 'The chosen segments are drafts.'],
  undo: ['This can no longer be undone', 'It was undone already, or its segments were changed since.'],
};

/** Heading and sentence for an act that has nothing left to change. */
export function nothingWords(act: string): readonly [string, string] {
  return (
    NOTHING[act] ?? [
      'Nothing to change',
      'What was to be changed is so already, or was changed by something else.',
    ]
  );
}

/** `only`: the one segment that is changed; `subject`: the one that was asked about. */
export function reviewTitle(
  act: string,
  only: string | undefined,
  count: number,
  subject: string | undefined,
): string {
  const what = only ?? countOf(count, 'segment');
  switch (act) {
    case 'turn_on':
      return `Turn on ${what}`;
    case 'turn_off':
      return `Turn off ${what}`;
    case 'resume':
      return `Go on with ${subject ?? what}`;
    case 'return':
      return `Return to an earlier version of ${subject ?? what}`;
    case 'undo':
      return 'Undo the change';
    case 'dissolve_set':
      return 'Dissolve the set';
    default:
      return `Change ${subject ?? what}`;
  }
}
