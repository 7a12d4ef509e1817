/** Records by id, for the kinds of which a store has few: collections, metafield definitions, jobs, subscriptions. */
import type { Id } from './model.ts';

export class Table<T extends { id: Id }> {
  #records = new Map<Id, T>();

  get(id: Id): T | undefined {
    return this.#records.get(id);
  }

  /** In the order in which they were first put. */
  all(): IterableIterator<T> {
    return this.#records.values();
  }

  get size(): number {
    return this.#records.size;
  }

  put(record: T): void {
    this.#records.set(record.id, record);
  }

  delete(id: Id): void {
    this.#records.delete(id);
  }

  /** For a restored snapshot: everything else is gone. */
  replace(records: Iterable<T>): void {
    this.#records = new Map([...records].map((record) => [record.id, record]));
  }
}
