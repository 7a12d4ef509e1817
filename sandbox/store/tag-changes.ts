/**
 * Customers of a generated store of which only the tags (and `updatedAt`) have changed: an app that tags a million of
 * them must not make a million records of it. Twelve bytes each, and every distinct list of tags once.
 */
import type { SandboxCustomer } from './model.ts';

export interface TagChangesCopy {
  listOf: Uint32Array;
  updatedAt: Float64Array;
  lists: string[][];
  uses: number[];
}

export class TagChanges {
  /** 0: not changed. */
  #listOf: Uint32Array;
  #updatedAt: Float64Array;
  #lists: string[][] = [[]];
  #uses: number[] = [0];
  #numbers = new Map<string, number>();
  #free: number[] = [];
  size = 0;

  constructor(count: number) {
    this.#listOf = new Uint32Array(count);
    this.#updatedAt = new Float64Array(count);
  }

  has(index: number): boolean {
    return this.#listOf[index] !== 0;
  }

  /** @returns false when more than that differs from the base's record */
  keep(index: number, record: SandboxCustomer, base: SandboxCustomer): boolean {
    const at = Date.parse(record.updatedAt);
    if (Number.isNaN(at) || new Date(at).toISOString() !== record.updatedAt) return false;
    const { tags, updatedAt } = base;
    if (JSON.stringify({ ...record, tags, updatedAt }) !== JSON.stringify(base)) return false;
    this.forget(index);
    this.#listOf[index] = this.#take(record.tags);
    this.#updatedAt[index] = at;
    this.size += 1;
    return true;
  }

  forget(index: number): void {
    const list = this.#listOf[index] as number;
    if (list === 0) return;
    this.#listOf[index] = 0;
    this.size -= 1;
    const uses = (this.#uses[list] as number) - 1;
    this.#uses[list] = uses;
    if (uses > 0) return;
    this.#numbers.delete(JSON.stringify(this.#lists[list]));
    this.#lists[list] = [];
    this.#free.push(list);
  }

  /** Not to be changed. Undefined when the tags are the base's. */
  tagsAt(index: number): readonly string[] | undefined {
    const list = this.#listOf[index] as number;
    return list === 0 ? undefined : this.#lists[list];
  }

  updatedAt(index: number): number {
    return this.#updatedAt[index] as number;
  }

  /** Lays the change over the base's record. */
  apply(index: number, base: SandboxCustomer): SandboxCustomer {
    const tags = this.tagsAt(index);
    if (!tags) return base;
    base.tags = [...tags];
    base.updatedAt = new Date(this.#updatedAt[index] as number).toISOString();
    return base;
  }

  /** Ascending. */
  indexes(): Uint32Array {
    const found = new Uint32Array(this.size);
    let at = 0;
    for (let index = 0; at < found.length; index += 1) if (this.#listOf[index] !== 0) found[at++] = index;
    return found;
  }

  copy(): TagChangesCopy {
    return {
      listOf: this.#listOf.slice(),
      updatedAt: this.#updatedAt.slice(),
      lists: this.#lists.slice(),
      uses: this.#uses.slice(),
    };
  }

  restore(copy: TagChangesCopy): void {
    this.#listOf = copy.listOf.slice();
    this.#updatedAt = copy.updatedAt.slice();
    this.#lists = copy.lists.slice();
    this.#uses = copy.uses.slice();
    this.#numbers = new Map();
    this.#free = [];
    this.size = 0;
    for (let list = 1; list < this.#lists.length; list += 1) {
      if (this.#uses[list] === 0) this.#free.push(list);
      else this.#numbers.set(JSON.stringify(this.#lists[list]), list);
    }
    for (const list of this.#listOf) if (list !== 0) this.size += 1;
  }

  #take(tags: readonly string[]): number {
    const text = JSON.stringify(tags);
    let list = this.#numbers.get(text);
    if (list === undefined) {
      list = this.#free.pop() ?? this.#lists.length;
      this.#lists[list] = [...tags];
      this.#uses[list] = 0;
      this.#numbers.set(text, list);
    }
    this.#uses[list] = (this.#uses[list] as number) + 1;
    return list;
  }
}
