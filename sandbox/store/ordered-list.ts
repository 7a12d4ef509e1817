/**
 * All records of a kind by a sort key, without a copy of them: a permutation of the base's records (none, when they
 * stand by their ids) and the sorted changed and added ones, merged by position. It is a view of one revision;
 * records that go afterwards are undefined in it.
 */
import type { Id } from './model.ts';

export type SortValue = string | number;
export interface SortKey {
  value: SortValue;
  id: Id;
}

export function compareKeys(a: SortKey, b: SortKey): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Records of the base in the order of a key; `undefined`: in the order of their ids. */
export interface Permutation {
  order: Uint32Array;
  place: Uint32Array;
}

export interface OrderedParts<T> {
  baseCount: number;
  permutation: Permutation | undefined;
  /** Base records that are not at their base place: changed in this key's sense, or gone. Any order. */
  lifted: Uint32Array;
  /** Changed and added records, ascending by their keys. */
  laid: { count: number; key(n: number): SortKey; record(n: number): T | undefined };
  baseRecord(index: number): T | undefined;
  baseKey(index: number): SortKey;
  /** Is it still what the base has? */
  asBase(index: number): boolean;
}

export class OrderedList<T> {
  readonly size: number;
  readonly #parts: OrderedParts<T>;
  /** Places of the lifted ones in the permutation, ascending. */
  readonly #holes: Uint32Array;
  /** Position of each laid record in the whole. */
  readonly #laidAt: Uint32Array;

  constructor(parts: OrderedParts<T>) {
    this.#parts = parts;
    const { permutation, lifted, laid } = parts;
    this.#holes = permutation
      ? Uint32Array.from(lifted, (index) => permutation.place[index] as number)
      : lifted.slice();
    this.#holes.sort();
    const left = parts.baseCount - lifted.length;
    this.size = left + laid.count;
    this.#laidAt = new Uint32Array(laid.count);
    let from = 0;
    for (let n = 0; n < laid.count; n += 1) {
      // Most of what changes comes after all that did not.
      if (from < left) from = this.#placeAmongLeft(laid.key(n), from, left);
      this.#laidAt[n] = from + n;
    }
  }

  /** Undefined when it is gone since. */
  at(position: number): T | undefined {
    const n = this.#laidBefore(position);
    if (this.#laidAt[n] === position) return this.#parts.laid.record(n);
    return this.#parts.baseRecord(this.#leftIndex(position - n));
  }

  keyAt(position: number): SortKey {
    const n = this.#laidBefore(position);
    if (this.#laidAt[n] === position) return this.#parts.laid.key(n);
    return this.#leftKey(position - n);
  }

  /**
   * Records from behind a key (from the start without one), made as they are read. `skip` says of base records by
   * their index that they need not be looked at.
   */
  *after(key?: SortKey, skip?: (baseIndex: number) => boolean): Generator<T> {
    for (let at = key ? this.countBefore(key, true) : 0; at < this.size; at += 1) {
      const record = this.#look(at, skip);
      if (record !== undefined) yield record;
    }
  }

  /** The same backwards, from before a key (from the end without one). */
  *before(key?: SortKey, skip?: (baseIndex: number) => boolean): Generator<T> {
    for (let at = (key ? this.countBefore(key, false) : this.size) - 1; at >= 0; at -= 1) {
      const record = this.#look(at, skip);
      if (record !== undefined) yield record;
    }
  }

  /** How many stand before a key; with `orAt` also those at it. */
  countBefore(key: SortKey, orAt: boolean): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareKeys(this.keyAt(middle), key);
      if (order < 0 || (orAt && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #look(position: number, skip: ((baseIndex: number) => boolean) | undefined): T | undefined {
    if (!skip) return this.at(position);
    const n = this.#laidBefore(position);
    if (this.#laidAt[n] === position) return this.#parts.laid.record(n);
    const index = this.#leftIndex(position - n);
    return this.#parts.asBase(index) && skip(index) ? undefined : this.#parts.baseRecord(index);
  }

  #placeAmongLeft(key: SortKey, from: number, until: number): number {
    if (compareKeys(this.#leftKey(until - 1), key) < 0) return until;
    let [low, high] = [from, until];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(this.#leftKey(middle), key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many laid ones stand before a position. */
  #laidBefore(position: number): number {
    let low = 0;
    let high = this.#laidAt.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#laidAt[middle] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The n-th base record that was left in its place. */
  #leftIndex(n: number): number {
    let low = 0;
    let high = this.#holes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#holes[middle] as number) - middle <= n) low = middle + 1;
      else high = middle;
    }
    const place = n + low;
    const { permutation } = this.#parts;
    return permutation ? (permutation.order[place] as number) : place;
  }

  #leftKey(n: number): SortKey {
    return this.#parts.baseKey(this.#leftIndex(n));
  }
}
