/**
 * One store of the sandbox. A generated store lies on a base whose records are made on demand (`layBase`); what was
 * changed, added or deleted lies over it. So a record that is handed out may be a fresh object: whoever changes one
 * puts it back with `put...`, which keeps the indexes true, and then emits what happened.
 */
import type { Clock } from '../../app/clock.ts';
import type { BulkOperation } from '../bulk/operation.ts';
import type { StoreBase } from './base-records.ts';
import { Metafields } from './metafields.ts';
import type {
  Change, Id, SandboxCollection, SandboxCustomer, SandboxDiscount, SandboxFlowTrigger, SandboxJob,
  SandboxMembersQuery, SandboxMetafieldDefinition, SandboxOrder, SandboxProduct, SandboxSegment, SandboxShop,
  SandboxSubscription,
} from './model.ts'; // prettier-ignore
import { OrderOwners } from './order-owners.ts';
import type { OrderedList, SortValue } from './ordered-list.ts';
import { RecordTable } from './record-table.ts';
import { countTags } from './count-tags.ts';
import { idsByTags } from './ids-by-tags.ts';
import type { TagJudge } from './ids-by-tags.ts';
import { copyStore } from './store-snapshot.ts';
import type { StoreSnapshot } from './store-snapshot.ts';
import { Table } from './table.ts';
import { TagChanges } from './tag-changes.ts';

export type ChangeListener = (change: Change, store: Store) => void;
type Kind = 'customer' | 'order' | 'product' | 'other';

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

/** One name has one value function: lists are kept by the name. `UPDATED_AT` is that of the record, as ISO text or in milliseconds. */
export interface Sort<T> {
  name: string;
  value(record: T): SortValue;
}

export class Store {
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

  #base: StoreBase | undefined;
  #customers = new RecordTable<SandboxCustomer>();
  #tagChanges: TagChanges | undefined;
  #tagCounts: { revision: number; counts: ReadonlyMap<string, number> } | undefined;
  #orders = new RecordTable<SandboxOrder>();
  #products = new RecordTable<SandboxProduct>();
  #owners = new OrderOwners();
  #asked: { customerId: Id; revision: number; orders: SandboxOrder[] } | undefined;
  /** Of customers that are not as the base has them; null: without an address. */
  #emailOfCustomer = new Map<Id, string | null>();
  #customerByEmail = new Map<string, Id>();
  #productByVariant = new Map<Id, Id>();
  #bulkOperations = new Map<Id, BulkOperation>();
  #listeners = new Set<ChangeListener>();
  #watchers = new Set<WriteListener>();
  #replaced = new Set<() => void>();
  #nextId: Record<Kind, number>;
  #nextOrderNumber = 1001;

  constructor(shop: SandboxShop, clock: Clock) {
    this.shop = shop;
    this.clock = clock;
    // Ids of two stores differ, as at Shopify, and are the same on every run.
    const base = 6_000_000_000_000 + (Number(BigInt(shop.id) % 997n) + 1) * 1_000_000_000;
    this.#nextId = { customer: base, order: base, product: base, other: base };
  }

  // --- ids -----------------------------------------------------------------------------------------------
  newId(kind: Kind): Id {
    return String(this.#nextId[kind]++);
  }

  /** Ids that will be put later: never given out. */
  reserveIds(kind: Kind, ids: Iterable<Id>): void {
    for (const id of ids) this.#keepAbove(kind, id);
  }

  newOrderNumber(): number {
    return this.#nextOrderNumber++;
  }

  // --- the base ------------------------------------------------------------------------------------------
  /** From where a base may number its records. */
  freeIds(): { customer: number; order: number; other: number; orderNumber: number } {
    const { customer, order, other } = this.#nextId;
    return { customer, order, other, orderNumber: this.#nextOrderNumber };
  }

  /** Under a store without customers and orders. */
  layBase(base: StoreBase): void {
    this.#base = base;
    this.#tagChanges = new TagChanges(base.customers.count);
    this.#customers.lay(base.customers, this.#tagChanges);
    this.#orders.lay(base.orders);
    this.#owners.lay(base);
    Object.assign(this.#nextId, base.nextIds);
    this.#nextOrderNumber = base.firstOrderNumber + base.orders.count;
  }

  /** What filters may ask of a base's records without making them; undefined for stores without one. */
  base(): StoreBase | undefined {
    return this.#base;
  }

  // --- customers -----------------------------------------------------------------------------------------
  customer(id: Id): SandboxCustomer | undefined {
    return this.#customers.get(id);
  }

  /** Trimmed, case ignored. */
  customerByEmail(text: string): SandboxCustomer | undefined {
    const email = normalEmail(text);
    const id = this.#customerByEmail.get(email);
    if (id !== undefined) return this.#customers.get(id);
    const index = this.#base?.customerByEmail(email) ?? -1;
    if (!this.#base || index === -1) return undefined;
    const changed = this.#emailOfCustomer.get(this.#base.customers.idAt(index));
    return changed === undefined || changed === email ? this.#customers.at(index) : undefined;
  }

  /** Those that a merge removed are not among them. */
  customers(): IterableIterator<SandboxCustomer> {
    return this.#customers.values();
  }

  /** Tags of a base's customer that were changed and nothing else of it; undefined: as the base has them, or more. */
  changedTags(index: number): readonly string[] | undefined {
    return this.#tagChanges?.tagsAt(index);
  }

  /**
   * Ids of customers that `judge` does not refuse by their tags; only who is left open is made. Others are served
   * between two steps: a step is one customer, null for one who is out.
   */
  idsByTags(judge: TagJudge): Generator<{ id: Id; customer: SandboxCustomer | undefined } | null> {
    return idsByTags(this.#base?.customers, this.#customers, this.#tagChanges, judge);
  }

  /** How many customers carry each tag. Kept until a customer changes. */
  tagCounts(): ReadonlyMap<string, number> {
    if (this.#tagCounts?.revision !== this.#customers.revision) {
      const counts = countTags(this.#base?.customers, this.#customers, this.#tagChanges);
      this.#tagCounts = { revision: this.#customers.revision, counts };
    }
    return this.#tagCounts.counts;
  }

  customerCount(): number {
    return this.#customers.size;
  }

  putCustomer(customer: SandboxCustomer): void {
    this.#keepAbove('customer', customer.id);
    const before = this.#before('customer', customer.id);
    this.#customers.put(customer);
    this.#setEmail(customer.id, customer.email === null ? null : normalEmail(customer.email));
    this.#wrote('customer', customer.id, before);
  }

  deleteCustomer(id: Id): void {
    const before = this.#before('customer', id);
    this.#customers.delete(id);
    this.#setEmail(id, undefined);
    this.#wrote('customer', id, before);
  }

  // --- orders --------------------------------------------------------------------------------------------
  order(id: Id): SandboxOrder | undefined {
    return this.#orders.get(id);
  }

  /** "#1001". The base's names follow from their numbers and never change. */
  orderByName(name: string): SandboxOrder | undefined {
    const number = Number(/^#(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    const found = this.#base && this.#orders.at(number - this.#base.firstOrderNumber);
    if (found) return found;
    for (const order of this.#orders.written()) if (order.name === name) return order;
    return undefined;
  }

  orders(): IterableIterator<SandboxOrder> {
    return this.#orders.values();
  }

  orderCount(): number {
    return this.#orders.size;
  }

  /** In the order in which they were put. Asked again in the same moment, the same records. */
  ordersOf(customerId: Id): SandboxOrder[] {
    const revision = this.#orders.revision;
    if (this.#asked?.customerId === customerId && this.#asked.revision === revision) {
      return [...this.#asked.orders];
    }
    const orders: SandboxOrder[] = [];
    for (const id of this.#owners.ordersOf(customerId)) {
      const order = this.#orders.get(id);
      if (order) orders.push(order);
    }
    // One node of a bulk query asks several times for them.
    if (!this.#asked) queueMicrotask(() => (this.#asked = undefined));
    this.#asked = { customerId, revision, orders };
    return [...orders];
  }

  /** Its place among the customer's orders by time, tests left out, from 1; null for tests and guests. */
  placeOf(order: SandboxOrder): number | null {
    if (order.customerId === null || order.test) return null;
    const base = this.#base;
    const at = Date.parse(order.processedAt);
    let place = 1;
    for (const id of this.#owners.ordersOf(order.customerId)) {
      if (id === order.id) continue;
      const index = base?.orders.indexOf(id) ?? -1;
      if (base && index !== -1 && this.#orders.isBase(index)) {
        const earlier = (base.orders.createdSeconds[index] as number) * 1000 < at;
        if (earlier && !base.isTest(index)) place += 1;
        continue;
      }
      const other = this.#orders.get(id);
      if (other && !other.test && other.processedAt < order.processedAt) place += 1;
    }
    return place;
  }

  putOrder(order: SandboxOrder): void {
    this.#keepAbove('order', order.id);
    if (order.number >= this.#nextOrderNumber) this.#nextOrderNumber = order.number + 1;
    const before = this.#before('order', order.id);
    this.#owners.set(order.id, order.customerId);
    this.#orders.put(order);
    this.#wrote('order', order.id, before);
  }

  deleteOrder(id: Id): void {
    const before = this.#before('order', id);
    this.#owners.set(id, null);
    this.#orders.delete(id);
    this.#wrote('order', id, before);
  }

  // --- products ------------------------------------------------------------------------------------------
  product(id: Id): SandboxProduct | undefined {
    return this.#products.get(id);
  }

  productOfVariant(variantId: Id): SandboxProduct | undefined {
    const id = this.#productByVariant.get(variantId);
    return id === undefined ? undefined : this.#products.get(id);
  }

  products(): IterableIterator<SandboxProduct> {
    return this.#products.values();
  }

  productCount(): number {
    return this.#products.size;
  }

  putProduct(product: SandboxProduct): void {
    this.#keepAbove('product', product.id);
    for (const variant of product.variants) this.#productByVariant.set(variant.id, product.id);
    const before = this.#before('product', product.id);
    this.#products.put(product);
    this.#wrote('product', product.id, before);
  }

  deleteProduct(id: Id): void {
    for (const variant of this.#products.get(id)?.variants ?? []) this.#productByVariant.delete(variant.id);
    const before = this.#before('product', id);
    this.#products.delete(id);
    this.#wrote('product', id, before);
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
  /** Grows with every change of a record of this kind: what was derived from all of them is stale then. */
  revision(kind: Listed): number {
    return this.#table(kind).revision;
  }

  /** All of a kind, ascending by the sort's value, then by id; read lazily. See `ready`. */
  listBy<K extends Listed>(kind: K, sort: Sort<ListedRecord[K]>): OrderedList<ListedRecord[K]> {
    return this.#table(kind).ordered(sort.name, sort.value);
  }

  /** Before a list by a sort that no base keeps ready (a name, an amount): other work goes on meanwhile. */
  async ready<K extends Listed>(kind: K, sort: Sort<ListedRecord[K]>): Promise<void> {
    await this.#table(kind).prepare(sort.name, sort.value);
  }

  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every write, also those that nobody is told of (seeding): for what is derived from the records. */
  watch(listener: WriteListener): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** A snapshot was restored: what was derived from the records is void. */
  onRestored(listener: () => void): () => void {
    this.#replaced.add(listener);
    return () => this.#replaced.delete(listener);
  }

  /** Called after the state has changed. */
  emit(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change, this);
  }

  // --- snapshots -----------------------------------------------------------------------------------------
  /** All that the store holds, apart from what is written later. A generated store costs only what was changed. */
  snapshot(): StoreSnapshot {
    return copyStore({
      shop: this.shop,
      tables: Object.fromEntries(this.#tables().map(([name, table]) => [name, [...table.all()]])),
      laterOrders: this.laterOrders,
      nextId: this.#nextId,
      nextOrderNumber: this.#nextOrderNumber,
      base: this.#base,
      customers: this.#customers.copy(),
      tagChanges: this.#tagChanges?.copy(),
      orders: this.#orders.copy(),
      products: this.#products.copy(),
      owners: this.#owners.copy(),
      emails: [...this.#emailOfCustomer],
      customerByEmail: [...this.#customerByEmail],
      bulkOperations: [...this.#bulkOperations.values()],
    });
  }

  /** Everything is as it was; nobody is told. Bulk operations that run go on, unseen. */
  restore(snapshot: StoreSnapshot): void {
    const kept = structuredClone(snapshot.plain);
    const { base } = snapshot;
    Object.assign(this.shop, kept.shop);
    this.laterOrders = kept.laterOrders;
    // Ids name files of bulk results too: they are never given out twice.
    const { other } = this.#nextId;
    Object.assign(this.#nextId, kept.nextId, { other: Math.max(other, kept.nextId.other) });
    this.#nextOrderNumber = kept.nextOrderNumber;
    this.#base = base;
    this.#tagChanges = base && new TagChanges(base.customers.count);
    if (snapshot.tagChanges) this.#tagChanges?.restore(snapshot.tagChanges);
    this.#customers.restore({ ...kept.customers, base: base?.customers }, this.#tagChanges);
    this.#orders.restore({ ...kept.orders, base: base?.orders });
    this.#products.restore({ ...kept.products, base: undefined });
    this.#owners.restore(kept.owners, base);
    this.#emailOfCustomer = new Map(kept.emails);
    this.#customerByEmail = new Map(kept.customerByEmail);
    this.#productByVariant = new Map();
    for (const product of this.#products.values()) {
      for (const variant of product.variants) this.#productByVariant.set(variant.id, product.id);
    }
    this.#bulkOperations = new Map(kept.bulkOperations.map((operation) => [operation.id, operation]));
    for (const [name, table] of this.#tables()) table.replace((kept.tables[name] ?? []) as never);
    for (const replaced of this.#replaced) replaced();
  }

  /** The kinds of which a store has few, by their names here: those added later too. */
  #tables(): [string, Table<{ id: Id }> | Metafields][] {
    return Object.entries(this).filter(
      (entry): entry is [string, Table<{ id: Id }> | Metafields] =>
        entry[1] instanceof Table || entry[1] instanceof Metafields,
    );
  }

  #table<K extends Listed>(kind: K): RecordTable<ListedRecord[K]> {
    const tables = { customer: this.#customers, order: this.#orders, product: this.#products };
    return tables[kind] as unknown as RecordTable<ListedRecord[K]>;
  }

  #before<K extends Listed>(kind: K, id: Id): ListedRecord[K] | undefined {
    return this.#watchers.size === 0 ? undefined : this.#table(kind).copyOf(id);
  }

  #wrote<K extends Listed>(kind: K, id: Id, before: ListedRecord[K] | undefined): void {
    for (const watcher of this.#watchers) watcher(kind, id, () => before);
  }

  /** undefined: the customer is gone. What the base says is not said again. */
  #setEmail(id: Id, email: string | null | undefined): void {
    const before = this.#emailOfCustomer.get(id);
    if (typeof before === 'string' && before !== email && this.#customerByEmail.get(before) === id) {
      this.#customerByEmail.delete(before);
    }
    const index = this.#base?.customers.indexOf(id) ?? -1;
    const asBase = typeof email === 'string' && index !== -1 && this.#base?.customerByEmail(email) === index;
    if (email === undefined || asBase) this.#emailOfCustomer.delete(id);
    else this.#emailOfCustomer.set(id, email);
    if (typeof email !== 'string') return;
    if (asBase) this.#customerByEmail.delete(email);
    else this.#customerByEmail.set(email, id);
  }

  /** Ids that came from outside (an export) are never given out again. */
  #keepAbove(kind: Kind, id: Id): void {
    const number = Number(id);
    if (Number.isSafeInteger(number) && number >= this.#nextId[kind]) this.#nextId[kind] = number + 1;
  }
}

export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
