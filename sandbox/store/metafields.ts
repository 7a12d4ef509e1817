/** Metafields of a store: found by their owner, and by owner, namespace and key. */
import type { Id, SandboxMetafield } from './model.ts';

export class Metafields {
  #byOwner = new Map<string, Map<string, SandboxMetafield>>();
  #byId = new Map<Id, SandboxMetafield>();

  /** In the order in which they were first set. */
  of(ownerType: string, ownerId: Id): SandboxMetafield[] {
    return [...(this.#byOwner.get(`${ownerType} ${ownerId}`)?.values() ?? [])];
  }

  find(ownerType: string, ownerId: Id, namespace: string, key: string): SandboxMetafield | undefined {
    return this.#byOwner.get(`${ownerType} ${ownerId}`)?.get(`${namespace}.${key}`);
  }

  get(id: Id): SandboxMetafield | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<SandboxMetafield> {
    return this.#byId.values();
  }

  put(metafield: SandboxMetafield): void {
    const owner = `${metafield.ownerType} ${metafield.ownerId}`;
    let fields = this.#byOwner.get(owner);
    if (!fields) this.#byOwner.set(owner, (fields = new Map()));
    fields.set(`${metafield.namespace}.${metafield.key}`, metafield);
    this.#byId.set(metafield.id, metafield);
  }

  delete(metafield: SandboxMetafield): void {
    const owner = `${metafield.ownerType} ${metafield.ownerId}`;
    const fields = this.#byOwner.get(owner);
    fields?.delete(`${metafield.namespace}.${metafield.key}`);
    if (fields?.size === 0) this.#byOwner.delete(owner);
    this.#byId.delete(metafield.id);
  }

  /** They go with their owner. */
  deleteOf(ownerType: string, ownerId: Id): void {
    for (const metafield of this.of(ownerType, ownerId)) this.delete(metafield);
  }

  /** For a restored snapshot: everything else is gone. */
  replace(metafields: Iterable<SandboxMetafield>): void {
    this.#byOwner.clear();
    this.#byId.clear();
    for (const metafield of metafields) this.put(metafield);
  }
}
