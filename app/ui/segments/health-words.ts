import type { HealthNote } from '../../segments/analysis/health.ts';
import { countOf, formatShare } from '../format.ts';

/** What is odd about a segment, in a few words. */
export function noteWords(note: HealthNote): string {
  switch (note.kind) {
    case 'failing':
      return 'Set aside';
    case 'empty':
      return 'Empty';
    case 'nearly_everyone':
      return `${formatShare(note.share, 1)} of all customers`;
    case 'stale':
      return `No change for ${countOf(note.days, 'day')}`;
    case 'contained':
      return `All are in ${note.name} too`;
    case 'same_people':
      return `The same people as ${note.name}`;
  }
}
