/**
 * One store of the sandbox: its many records (`StoreRecords`), the kinds of which it has few, and who is told of what
 * happens. Whoever changes something puts it first and then emits what happened.
 */
import type { Clock } from '../../app/clock.ts';
import type { BulkOperation } from '../bulk/operation.ts';
import type { ChangeListener } from './listeners.ts';
import { Metafields } from './metafields.ts';
import type {
  Change, Id, SandboxCollection, SandboxDiscount, SandboxFlowTrigger, SandboxJob, SandboxMembersQuery,
  SandboxMetafieldDefinition, SandboxSegment, SandboxShop, SandboxSubscription,
} from './model.ts'; // prettier-ignore
import { StoreRecords } from './store-records.ts';
import { copyStore } from './store-snapshot.ts';
import type { StoreSnapshot } from './store-snapshot.ts';
import { Table } from './table.ts';

export class Store extends StoreRecords {
  readonly shop: SandboxShop;
  readonly clock: Clock;
  /** Orders of an export that are later than the as-of date: counted, not loaded. */
  laterOrders = 0;
  readonly collections = new Table<SandboxCollection>();
  readonly metafields = new Metafields();
  readonly metafieldDefinitions = new Table<SandboxMetafieldDefinition>();
  readonly subscriptions = new Table<SandboxSubscription>();
  readonly jobs = new Table<SandboxJob>();
  readonly segments = new Table<SandboxSegment>();
  readonly membersQueries = new Table<SandboxMembersQuery>();
  readonly discounts = new Table<SandboxDiscount>();
  readonly flowTriggers = new Table<SandboxFlowTrigger>();

  #bulkOperations = new Map<Id, BulkOperation>();

  constructor(shop: SandboxShop, clock: Clock) {
    super(shop.id);
    this.shop = shop;
    this.clock = clock;
  }

  // --- bulk operations -----------------------------------------------------------------------------------
  bulkOperation(id: Id): BulkOperation | undefined {
    return this.#bulkOperations.get(id);
  }

  bulkOperations(): IterableIterator<BulkOperation> {
    return this.#bulkOperations.values();
  }

  putBulkOperation(operation: BulkOperation): void {
    this.#bulkOperations.set(operation.id, operation);
  }

  // --- changes -------------------------------------------------------------------------------------------
  subscribe(listener: ChangeListener): () => void {
    return this.listeners.onChange(listener);
  }

  /** A snapshot was restored: what was derived from the records is void. */
  onRestored(listener: () => void): () => void {
    return this.listeners.onRestored(listener);
  }

  /** Called after the state has changed. */
  emit(change: Change): void {
    this.listeners.changed(change, this);
  }

  // --- snapshots -----------------------------------------------------------------------------------------
  /** All that the store holds, apart from what is written later. A generated store costs only what was changed. */
  snapshot(): StoreSnapshot {
    return copyStore({
      ...this.copyRecords(),
      shop: this.shop,
      tables: Object.fromEntries(this.#tables().map(([name, table]) => [name, [...table.all()]])),
      laterOrders: this.laterOrders,
      bulkOperations: [...this.#bulkOperations.values()],
    });
  }

  /** Everything is as it was; nobody is told. Bulk operations that run go on, unseen. */
  restore(snapshot: StoreSnapshot): void {
    const kept = structuredClone(snapshot.plain);
    Object.assign(this.shop, kept.shop);
    this.laterOrders = kept.laterOrders;
    this.restoreRecords(kept, snapshot.base, snapshot.tagChanges);
    this.#bulkOperations = new Map(kept.bulkOperations.map((operation) => [operation.id, operation]));
    for (const [name, table] of this.#tables()) table.replace((kept.tables[name] ?? []) as never);
    this.listeners.restored();
  }

  /** The kinds of which a store has few, by their names here: those added later too. */
  #tables(): [string, Table<{ id: Id }> | Metafields][] {
    return Object.entries(this).filter(
      (entry): entry is [string, Table<{ id: Id }> | Metafields] =>
        entry[1] instanceof Table || entry[1] instanceof Metafields,
    );
  }
}
