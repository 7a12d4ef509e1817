/** Who is told: of changes that were emitted, of every write, and of a restored snapshot. */
import type { Change, Id, SandboxCustomer, SandboxOrder, SandboxProduct } from './model.ts';
import type { Store } from './store.ts';

export type ChangeListener = (change: Change, store: Store) => void;

export type Listed = 'customer' | 'order' | 'product';
export interface ListedRecord {
  customer: SandboxCustomer;
  order: SandboxOrder;
  product: SandboxProduct;
}
/**
 * A record is put or deleted. `before` gives a copy of what was put last (undefined for a new record), whatever
 * has been written into the live object since; it may only be called while the listener runs.
 */
export type WriteListener = <K extends Listed>(
  kind: K,
  id: Id,
  before: () => ListedRecord[K] | undefined,
) => void;

export class Listeners {
  #changes = new Set<ChangeListener>();
  #writes = new Set<WriteListener>();
  #restored = new Set<() => void>();

  /** Whether anybody is told of writes. */
  get watched(): boolean {
    return this.#writes.size > 0;
  }

  onChange(listener: ChangeListener): () => void {
    return kept(this.#changes, listener);
  }

  onWrite(listener: WriteListener): () => void {
    return kept(this.#writes, listener);
  }

  onRestored(listener: () => void): () => void {
    return kept(this.#restored, listener);
  }

  changed(change: Change, store: Store): void {
    for (const listener of [...this.#changes]) listener(change, store);
  }

  wrote<K extends Listed>(kind: K, id: Id, before: ListedRecord[K] | undefined): void {
    for (const listener of this.#writes) listener(kind, id, () => before);
  }

  restored(): void {
    for (const listener of this.#restored) listener();
  }
}

/** @returns what forgets it again */
function kept<T>(listeners: Set<T>, listener: T): () => boolean {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
