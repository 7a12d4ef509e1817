/** Orders of a table's records as arrays of indexes: a large store is sorted without making its records. */
import type { BaseRecords } from './base-records.ts';
import { compareKeys } from './ordered-list.ts';
import type { Permutation, SortKey, SortValue } from './ordered-list.ts';
import type { SmallChanges } from './record-table.ts';

/** Indexes by the moment of their change, then by id. */
export function byChange(small: SmallChanges<unknown>): Uint32Array {
  const indexes = small.indexes();
  let earliest = Infinity;
  for (const index of indexes) earliest = Math.min(earliest, small.updatedAt(index));
  // Milliseconds of 50 days and two million indexes fit in one number.
  const room = 2 ** 21;
  const keys = Float64Array.from(indexes, (index) => (small.updatedAt(index) - earliest) * room + index);
  keys.sort();
  return Uint32Array.from(keys, (key) => key % room);
}

/** The places of a base's records in a sort. */
export function permutationOf<T>(
  base: BaseRecords<T>,
  name: string,
  value: (index: number) => SortValue,
): Permutation {
  const { count } = base;
  let order: Uint32Array;
  if (name === 'CREATED_AT') {
    const keys = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      keys[index] = (base.createdSeconds[index] as number) * count + index;
    }
    order = Uint32Array.from(keys.sort(), (key) => key % count);
  } else {
    const values = Array.from({ length: count }, (_, index) => value(index));
    order = Uint32Array.from({ length: count }, (_, index) => index);
    order.sort((a, b) => {
      const [one, other] = [values[a] as SortValue, values[b] as SortValue];
      return one < other ? -1 : one > other ? 1 : a - b;
    });
  }
  const place = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) place[order[at] as number] = at;
  return { order, place };
}

/** Two sorted sources as one: full records by their number, moved ones by their index. */
export function merge<T>(
  fullCount: number,
  fullKey: (n: number) => SortKey,
  fullRecord: (n: number) => T | undefined,
  moved: Uint32Array,
  movedKey: (index: number) => SortKey,
  movedRecord: (index: number) => T | undefined,
): { count: number; key(n: number): SortKey; record(n: number): T | undefined } {
  const count = fullCount + moved.length;
  // At or above zero: a moved one's index; below: -1 - number of a full one.
  const refs = new Int32Array(count);
  let [one, other] = [0, 0];
  for (let n = 0; n < count; n += 1) {
    const index = moved[other];
    const takeFull =
      one < fullCount && (index === undefined || compareKeys(fullKey(one), movedKey(index)) < 0);
    refs[n] = takeFull ? -1 - one++ : (moved[other++] as number);
  }
  return {
    count,
    key: (n) => {
      const ref = refs[n] as number;
      return ref < 0 ? fullKey(-1 - ref) : movedKey(ref);
    },
    record: (n) => {
      const ref = refs[n] as number;
      return ref < 0 ? fullRecord(-1 - ref) : movedRecord(ref);
    },
  };
}
