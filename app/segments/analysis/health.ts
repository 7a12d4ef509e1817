/** What to look at again: segments that do nothing, hold nobody, nearly everybody, or the same people as another. */
import type { Overlap } from './overlap.ts';

export type HealthNote =
  | { kind: 'failing'; why: string }
  | { kind: 'empty' }
  /** Share of all customers, 0 to 1. */
  | { kind: 'nearly_everyone'; share: number }
  /** Nobody came or went for so many days. */
  | { kind: 'stale'; days: number }
  /** All of its members are in the other one too. */
  | { kind: 'contained'; in: string; name: string }
  | { kind: 'same_people'; as: string; name: string };

export interface SegmentHealth {
  key: string;
  name: string;
  size: number;
  notes: HealthNote[];
}

export const HEALTH_BOUNDS = {
  /** Without a change for so long. */
  staleDays: 90,
  /** This share of all customers, or more. */
  everyone: 0.95,
} as const;

export interface HealthFacts {
  key: string;
  name: string;
  status: 'live' | 'paused' | 'failing';
  size: number;
  failure: string | null;
  /** Days since it was turned on; null while it is not. */
  daysOn: number | null;
  /** Days since somebody last came or went; null: never. */
  daysSinceChange: number | null;
  /** A list of frozen members changes by itself on its last day only. */
  frozen: boolean;
}

/**
 * Those with a note, in the given order. Whether one lies in another is only said when everybody was counted: of a
 * sample one cannot say "all".
 */
export function healthOf(
  segments: readonly HealthFacts[],
  customers: number,
  overlap: Overlap | null,
): SegmentHealth[] {
  return segments
    .map(({ key, name, size, ...facts }) => ({
      key,
      name,
      size,
      notes: [
        ...ownNotes({ key, name, size, ...facts }, customers),
        ...(overlap && overlap.step === 1 && size > 0 ? containing(key, overlap) : []),
      ],
    }))
    .filter(({ notes }) => notes.length > 0);
}

function ownNotes(facts: HealthFacts, customers: number): HealthNote[] {
  const { status, size, failure, daysOn, daysSinceChange, frozen } = facts;
  if (status === 'failing') return [{ kind: 'failing', why: failure ?? '' }];
  if (size === 0) return [{ kind: 'empty' }];
  const quiet = daysSinceChange ?? daysOn ?? 0;
  const share = customers > 0 ? size / customers : 0;
  return [
    ...(share >= HEALTH_BOUNDS.everyone ? [{ kind: 'nearly_everyone', share } as const] : []),
    ...(!frozen && quiet >= HEALTH_BOUNDS.staleDays ? [{ kind: 'stale', days: quiet } as const] : []),
  ];
}

function containing(key: string, { segments, pairs }: Overlap): HealthNote[] {
  const by = new Map(segments.map((segment) => [segment.key, segment]));
  const own = by.get(key);
  if (!own) return [];
  return pairs.flatMap(({ a, b, both }): HealthNote[] => {
    if ((a !== key && b !== key) || both !== own.size) return [];
    const other = by.get(a === key ? b : a);
    if (!other) return [];
    return other.size === own.size
      ? [{ kind: 'same_people', as: other.key, name: other.name }]
      : [{ kind: 'contained', in: other.key, name: other.name }];
  });
}
