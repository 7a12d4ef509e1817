/** How far segments hold the same people, from counts of the combinations in which they occur. */

export interface OverlapSegment {
  id: string;
  key: string;
  name: string;
  /** Members; estimated when a sample was counted. */
  size: number;
}

export interface OverlapPair {
  /** Keys, in the order of the segments. */
  a: string;
  b: string;
  both: number;
  /** Of the smaller of the two, 0 to 1; 0 when it is empty. */
  shareOfSmaller: number;
}

export interface Overlap {
  segments: OverlapSegment[];
  /** Every pair with anybody in both. */
  pairs: OverlapPair[];
  /** 1: everybody was counted; n: about one customer in n, and the counts are multiplied. */
  step: number;
}

/** @param combinations the ids of the segments that so many customers are in */
export function overlapOf(
  segments: readonly { id: string; key: string; name: string }[],
  combinations: readonly { ids: readonly string[]; customers: number }[],
  step: number,
): Overlap {
  const place = new Map(segments.map(({ id }, i) => [id, i]));
  const n = segments.length;
  const both = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (const { ids, customers } of combinations) {
    const places = ids.flatMap((id) => place.get(id) ?? []);
    for (const i of places) {
      const row = both[i];
      if (row) for (const j of places) row[j] = (row[j] ?? 0) + customers * step;
    }
  }
  const count = (i: number, j: number) => both[i]?.[j] ?? 0;
  const pairs = segments.flatMap((a, i) =>
    segments.slice(i + 1).flatMap((b, offset): OverlapPair[] => {
      const j = i + 1 + offset;
      const together = count(i, j);
      if (together === 0) return [];
      return [
        { a: a.key, b: b.key, both: together, shareOfSmaller: together / Math.min(count(i, i), count(j, j)) },
      ];
    }),
  );
  return { segments: segments.map((segment, i) => ({ ...segment, size: count(i, i) })), pairs, step };
}
