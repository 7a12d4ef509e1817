/** The tags of all customers, answered without making a base's customers. */
import type { StoreBase } from './base-records.ts';
import { countTags } from './count-tags.ts';
import { idsByTags } from './ids-by-tags.ts';
import type { TagJudge } from './ids-by-tags.ts';
import type { Id, SandboxCustomer } from './model.ts';
import type { RecordTable } from './record-table.ts';
import { TagChanges } from './tag-changes.ts';
import type { TagChangesCopy } from './tag-changes.ts';

export class CustomerTags {
  readonly #customers: RecordTable<SandboxCustomer>;
  #base: StoreBase | undefined;
  #changes: TagChanges | undefined;
  #counts: { revision: number; counts: ReadonlyMap<string, number> } | undefined;

  constructor(customers: RecordTable<SandboxCustomer>) {
    this.#customers = customers;
  }

  /** @returns where the table of customers keeps the changes of nothing but tags */
  lay(base: StoreBase): TagChanges {
    this.#base = base;
    this.#changes = new TagChanges(base.customers.count);
    return this.#changes;
  }

  /** Tags of a base's customer that were changed and nothing else of it; undefined: as the base has them, or more. */
  changedAt(index: number): readonly string[] | undefined {
    return this.#changes?.tagsAt(index);
  }

  /**
   * Ids of customers that `judge` does not refuse by their tags; only who is left open is made. Others are served
   * between two steps: a step is one customer, null for one who is out.
   */
  ids(judge: TagJudge): Generator<{ id: Id; customer: SandboxCustomer | undefined } | null> {
    return idsByTags(this.#base?.customers, this.#customers, this.#changes, judge);
  }

  /** How many customers carry each tag. Kept until a customer changes. */
  counts(): ReadonlyMap<string, number> {
    const { revision } = this.#customers;
    if (this.#counts?.revision !== revision) {
      this.#counts = { revision, counts: countTags(this.#base?.customers, this.#customers, this.#changes) };
    }
    return this.#counts.counts;
  }

  copy(): TagChangesCopy | undefined {
    return this.#changes?.copy();
  }

  /** @returns as `lay` does; undefined without a base */
  restore(copy: TagChangesCopy | undefined, base: StoreBase | undefined): TagChanges | undefined {
    this.#base = base;
    this.#changes = base && new TagChanges(base.customers.count);
    if (copy) this.#changes?.restore(copy);
    return this.#changes;
  }
}
