/**
 * Records of one kind: those of the base, made on demand, and over them what was changed, added and deleted. A record
 * of the base is a fresh object every time, so a change is nothing until it is put. Order: the base's places, then
 * the added ones as they were put.
 */
import type { BaseRecords } from './base-records.ts';
import type { Id } from './model.ts';
import { compareKeys, OrderedList } from './ordered-list.ts';
import type { Permutation, SortKey, SortValue } from './ordered-list.ts';
import { byChange, merge, permutationOf } from './sorted-indexes.ts';

interface Kept<T> {
  record: T;
  /** As it was put, as JSON: acts change records in place. */
  written: string;
}

/** Changes of a known small kind, in less room than a record. */
export interface SmallChanges<T> {
  readonly size: number;
  has(index: number): boolean;
  keep(index: number, record: T, base: T): boolean;
  forget(index: number): void;
  apply(index: number, base: T): T;
  /** Ascending. */
  indexes(): Uint32Array;
  updatedAt(index: number): number;
}

export interface TableCopy {
  changed: [number, string][];
  added: [Id, string][];
  gone: number[];
}

/** The sort by the moment of change, as ISO text or milliseconds: the only one in which small changes move a record. */
const BY_CHANGE = 'UPDATED_AT';

export class RecordTable<T extends { id: Id; updatedAt: string }> {
  /** Grows with every write. */
  revision = 0;
  #base: BaseRecords<T> | undefined;
  #small: SmallChanges<T> | undefined;
  #changed = new Map<number, Kept<T>>();
  #added = new Map<Id, Kept<T>>();
  #gone = new Set<number>();
  #lists = new Map<string, { value: (record: T) => SortValue; list: OrderedList<T> }>();
  #permutations = new Map<string, Permutation>();

  /** Under a table that is empty. */
  lay(base: BaseRecords<T>, small?: SmallChanges<T>): void {
    if (this.size > 0) throw new Error('A base is laid under an empty table');
    this.#base = base;
    this.#small = small;
    this.#gone.clear();
    this.#permutations.clear();
    this.#lists.clear();
    this.revision += 1;
  }

  get size(): number {
    return (this.#base?.count ?? 0) - this.#gone.size + this.#added.size;
  }

  get(id: Id): T | undefined {
    const index = this.#indexOf(id);
    return index === -1 ? this.#added.get(id)?.record : this.at(index);
  }

  has(id: Id): boolean {
    const index = this.#indexOf(id);
    return index === -1 ? this.#added.has(id) : !this.#gone.has(index);
  }

  /** The base's record of an index, with its changes; undefined when it is gone. */
  at(index: number): T | undefined {
    const changed = this.#changed.get(index);
    if (changed) return changed.record;
    if (!this.#base || !(index >= 0 && index < this.#base.count) || this.#gone.has(index)) return undefined;
    const record = this.#base.make(index);
    return this.#small ? this.#small.apply(index, record) : record;
  }

  /** A copy of what was put last, whatever was written into the live record since. */
  copyOf(id: Id): T | undefined {
    const index = this.#indexOf(id);
    const kept = index === -1 ? this.#added.get(id) : this.#changed.get(index);
    if (kept) return JSON.parse(kept.written) as T;
    return index === -1 ? undefined : this.at(index);
  }

  /** Does the base's record count for this index, but for small changes? */
  isBase(index: number): boolean {
    return !this.#changed.has(index) && !this.#gone.has(index);
  }

  /** Not those with small changes, nor the ones in their base state. */
  *written(): IterableIterator<T> {
    for (const { record } of this.#changed.values()) yield record;
    for (const { record } of this.#added.values()) yield record;
  }

  *values(): IterableIterator<T> {
    const count = this.#base?.count ?? 0;
    for (let index = 0; index < count; index += 1) {
      const record = this.at(index);
      if (record) yield record;
    }
    for (const { record } of this.#added.values()) yield record;
  }

  put(record: T): void {
    this.#beforeWrite(record.id, record);
    const index = this.#indexOf(record.id);
    if (index === -1) {
      this.#added.set(record.id, { record, written: JSON.stringify(record) });
      return;
    }
    this.#gone.delete(index);
    if (this.#base && this.#small?.keep(index, record, this.#base.make(index))) {
      this.#changed.delete(index);
      return;
    }
    this.#small?.forget(index);
    this.#changed.set(index, { record, written: JSON.stringify(record) });
  }

  delete(id: Id): void {
    this.#beforeWrite(id, undefined);
    const index = this.#indexOf(id);
    if (index === -1) {
      this.#added.delete(id);
      return;
    }
    this.#small?.forget(index);
    this.#changed.delete(index);
    this.#gone.add(index);
  }

  /** Ascending by (value, id). Kept until a write that moves a record in it. */
  ordered(name: string, value: (record: T) => SortValue): OrderedList<T> {
    let kept = this.#lists.get(name);
    if (!kept) this.#lists.set(name, (kept = { value, list: this.#order(name, value) }));
    return kept.list;
  }

  /**
   * Gets ready for a sort that needs a value of every record of the base, a slice at a time, so that others are
   * served meanwhile. Nothing to do for times and ids.
   */
  async prepare(name: string, value: (record: T) => SortValue): Promise<void> {
    const base = this.#base;
    if (!base || base.sortedById.has(name) || this.#permutations.has(name)) return;
    const values: SortValue[] = new Array<SortValue>(base.count);
    if (name !== 'CREATED_AT') {
      for (let index = 0; index < base.count; index += 1) {
        values[index] = value(base.make(index));
        if (index % 2000 === 1999) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    this.#permutations.set(
      name,
      permutationOf(base, name, (index) => values[index] as SortValue),
    );
  }

  copy(): TableCopy {
    const kept = <K>(map: Map<K, Kept<T>>): [K, string][] =>
      [...map].map(([key, { written }]) => [key, written]);
    return {
      changed: kept(this.#changed),
      added: kept(this.#added),
      gone: [...this.#gone],
    };
  }

  /** Small changes are restored by whoever keeps them. */
  restore(copy: TableCopy & { base: BaseRecords<T> | undefined }, small?: SmallChanges<T>): void {
    const live = (written: string): Kept<T> => ({ record: JSON.parse(written) as T, written });
    if (copy.base !== this.#base) this.#permutations.clear();
    this.#base = copy.base;
    this.#small = small;
    this.#changed = new Map(copy.changed.map(([index, written]) => [index, live(written)]));
    this.#added = new Map(copy.added.map(([id, written]) => [id, live(written)]));
    this.#gone = new Set(copy.gone);
    this.#lists.clear();
    this.revision += 1;
  }

  /** A list in which the record stays where it is goes on being true: its records are read when it is. */
  #beforeWrite(id: Id, record: T | undefined): void {
    this.revision += 1;
    if (this.#lists.size === 0) return;
    const before = record && this.copyOf(id);
    for (const [name, { value }] of this.#lists) {
      if (!record || !before || value(before) !== value(record)) this.#lists.delete(name);
    }
  }

  #indexOf(id: Id): number {
    return this.#base ? this.#base.indexOf(id) : -1;
  }

  #order(name: string, value: (record: T) => SortValue): OrderedList<T> {
    const base = this.#base;
    const loaded = base && base.count > 0 && name === BY_CHANGE ? value(base.make(0)) : undefined;
    const keyOf = (record: T): SortKey => ({ value: value(record), id: record.id });
    const full: { key: SortKey; record: () => T | undefined }[] = [];
    for (const [index, { record }] of this.#changed) {
      full.push({ key: keyOf(record), record: () => this.at(index) });
    }
    for (const { record } of this.#added.values()) {
      const { id } = record;
      full.push({ key: keyOf(record), record: () => this.#added.get(id)?.record });
    }
    full.sort((a, b) => compareKeys(a.key, b.key));

    const moved = name === BY_CHANGE && this.#small ? byChange(this.#small) : new Uint32Array(0);
    const small = this.#small;
    const smallKey = (index: number): SortKey => ({
      value:
        typeof loaded === 'number'
          ? (small?.updatedAt(index) ?? 0)
          : new Date(small?.updatedAt(index) ?? 0).toISOString(),
      id: base?.idAt(index) ?? '',
    });
    return new OrderedList<T>({
      baseCount: base?.count ?? 0,
      permutation: base ? this.#permutation(base, name, value) : undefined,
      lifted: Uint32Array.from([...this.#gone, ...this.#changed.keys(), ...moved]),
      laid: merge(
        full.length,
        (n) => (full[n] as (typeof full)[number]).key,
        (n) => (full[n] as (typeof full)[number]).record(),
        moved,
        smallKey,
        (index) => this.at(index),
      ),
      baseRecord: (index) => this.at(index),
      baseKey: (index) => {
        const id = base?.idAt(index) ?? '';
        if (loaded !== undefined) return { value: loaded, id };
        const record = this.at(index) ?? base?.make(index);
        return { value: record ? value(record) : '', id };
      },
      asBase: (index) => !this.#changed.has(index) && !this.#small?.has(index),
    });
  }

  #permutation(base: BaseRecords<T>, name: string, value: (record: T) => SortValue): Permutation | undefined {
    if (base.sortedById.has(name)) return undefined;
    let known = this.#permutations.get(name);
    if (!known) {
      known = permutationOf(base, name, (index) => value(base.make(index)));
      this.#permutations.set(name, known);
    }
    return known;
  }
}
