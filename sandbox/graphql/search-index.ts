/**
 * The search index of a store, which lags behind writes as Shopify's does: a search sees a record as it was before
 * its last writes until the lag is over, and a new record not at all. How long is an assumption.
 */
import type { Id } from '../store/model.ts';
import type { Listed } from '../store/listeners.ts';
import type { Store } from '../store/store.ts';

interface Version {
  /** The record as search still sees it; undefined: it is not there yet. */
  record: unknown;
  /** Until then, in milliseconds of the index's clock. */
  until: number;
}

/** So many records with older versions, and those that are over are cleared away. */
const MANY = 8000;
/** Without the fast switch. */
const DEFAULT_LAG_MS = 1000;

const indexes = new WeakMap<Store, SearchIndex>();

/** The one index of a store; it follows every write from its making on. */
export function searchIndexOf(store: Store): SearchIndex {
  let index = indexes.get(store);
  if (!index) indexes.set(store, (index = new SearchIndex(store)));
  return index;
}

/** The first call decides. With the fast switch there is no lag until somebody asks for one. */
export function startSearchIndex(store: Store, fast: boolean): SearchIndex {
  if (indexes.has(store)) return searchIndexOf(store);
  const index = searchIndexOf(store);
  index.lagMs = fast ? 0 : DEFAULT_LAG_MS;
  return index;
}

export class SearchIndex {
  /** How long a write stays unseen by searches. Reads by id see it at once. */
  lagMs = 0;
  #ahead = 0;
  /** Other records that no search finds yet, by any name. */
  #hidden = new Map<string, number>();
  #versions = {
    customer: new Map<Id, Version[]>(),
    order: new Map<Id, Version[]>(),
    product: new Map<Id, Version[]>(),
  };

  constructor(store: Store) {
    store.watch((kind, id, before) => {
      if (this.lagMs > 0) this.#keep(kind, id, before());
    });
    store.onRestored(() => this.catchUp());
  }

  /** Lets the index's clock run ahead: tests need not wait. */
  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  /** Search sees everything now. */
  catchUp(): void {
    this.#hidden.clear();
    for (const versions of Object.values(this.#versions)) versions.clear();
  }

  /** A new record of a kind of which a store has few: searches do not find it until the lag is over. */
  hide(name: string): void {
    if (this.lagMs > 0) this.#hidden.set(name, this.#now() + this.lagMs);
  }

  hides(name: string): boolean {
    const until = this.#hidden.get(name);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#hidden.delete(name);
    return false;
  }

  /** Whether the record is not seen as it is now. */
  isPending(kind: Listed, id: Id): boolean {
    const now = this.#now();
    return this.#versions[kind].get(id)?.some(({ until }) => until > now) ?? false;
  }

  /** Whether a write is still unseen; until then what was derived from `seen` is not the last word. */
  isBehind(): boolean {
    const now = this.#now();
    return Object.values(this.#versions).some((versions) => {
      for (const kept of versions.values()) if (kept.some(({ until }) => until > now)) return true;
      return false;
    });
  }

  /** The record as search sees it: `current` when the index is up to date with it. */
  seen<T>(kind: Listed, id: Id, current: T): T | undefined {
    const versions = this.#versions[kind].get(id);
    if (!versions) return current;
    const now = this.#now();
    const version = versions.find(({ until }) => until > now);
    if (version) return version.record as T | undefined;
    this.#versions[kind].delete(id);
    return current;
  }

  #keep(kind: Listed, id: Id, before: unknown): void {
    const now = this.#now();
    const versions = (this.#versions[kind].get(id) ?? []).filter(({ until }) => until > now);
    versions.push({ record: before, until: now + this.lagMs });
    this.#versions[kind].set(id, versions);
    if (this.#versions[kind].size % MANY === 0) this.#clearAway(kind, now);
  }

  #clearAway(kind: Listed, now: number): void {
    for (const [id, versions] of this.#versions[kind]) {
      if (versions.every(({ until }) => until <= now)) this.#versions[kind].delete(id);
    }
  }

  #now(): number {
    return performance.now() + this.#ahead;
  }
}
