/**
 * One store of the sandbox. Everything that reads or writes a store goes through these methods, so the Maps
 * behind them could become files without a change elsewhere. Records are handed out as they are: whoever
 * changes one puts it back with `put...`, which keeps the indexes true, and then emits what happened.
 */
import type { Clock } from '../../app/clock.ts';
import type { BulkOperation } from '../bulk/operation.ts';
import { Metafields } from './metafields.ts';
import type {
  Change, Id, SandboxCollection, SandboxCustomer, SandboxJob, SandboxMetafieldDefinition, SandboxOrder,
  SandboxProduct, SandboxShop, SandboxSubscription,
} from './model.ts'; // prettier-ignore
import { Table } from './table.ts';

export type ChangeListener = (change: Change, store: Store) => void;
type Kind = 'customer' | 'order' | 'product' | 'other';

export type Listed = 'customer' | 'order' | 'product';
interface ListedRecord {
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

  #customers = new Map<Id, SandboxCustomer>();
  #orders = new Map<Id, SandboxOrder>();
  #products = new Map<Id, SandboxProduct>();
  #bulkOperations = new Map<Id, BulkOperation>();
  #ordersByCustomer = new Map<Id, Set<Id>>();
  #ownerOfOrder = new Map<Id, Id>();
  #customerByEmail = new Map<string, Id>();
  #emailOfCustomer = new Map<Id, string>();
  #productByVariant = new Map<Id, Id>();
  #listeners = new Set<ChangeListener>();
  #watchers = new Set<WriteListener>();
  /** What was put last, as JSON: acts change records in place. */
  #written = {
    customer: new Map<Id, string>(),
    order: new Map<Id, string>(),
    product: new Map<Id, string>(),
  };
  #nextId: Record<Kind, number>;
  #nextOrderNumber = 1001;
  #revisions = { customer: 0, order: 0, product: 0 };

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

  // --- customers -----------------------------------------------------------------------------------------
  customer(id: Id): SandboxCustomer | undefined {
    return this.#customers.get(id);
  }

  /** Trimmed, case ignored. */
  customerByEmail(email: string): SandboxCustomer | undefined {
    const id = this.#customerByEmail.get(normalEmail(email));
    return id === undefined ? undefined : this.#customers.get(id);
  }

  /** Those that a merge removed are not among them. */
  customers(): IterableIterator<SandboxCustomer> {
    return this.#customers.values();
  }

  customerCount(): number {
    return this.#customers.size;
  }

  putCustomer(customer: SandboxCustomer): void {
    this.#keepAbove('customer', customer.id);
    const before = this.#emailOfCustomer.get(customer.id);
    const email = customer.email === null ? undefined : normalEmail(customer.email);
    if (before !== undefined && before !== email && this.#customerByEmail.get(before) === customer.id) {
      this.#customerByEmail.delete(before);
    }
    if (email === undefined) this.#emailOfCustomer.delete(customer.id);
    else {
      this.#emailOfCustomer.set(customer.id, email);
      this.#customerByEmail.set(email, customer.id);
    }
    this.#customers.set(customer.id, customer);
    this.#wrote('customer', customer.id, customer);
  }

  deleteCustomer(id: Id): void {
    const email = this.#emailOfCustomer.get(id);
    if (email !== undefined && this.#customerByEmail.get(email) === id) this.#customerByEmail.delete(email);
    this.#emailOfCustomer.delete(id);
    this.#customers.delete(id);
    this.#wrote('customer', id, undefined);
  }

  // --- orders --------------------------------------------------------------------------------------------
  order(id: Id): SandboxOrder | undefined {
    return this.#orders.get(id);
  }

  orders(): IterableIterator<SandboxOrder> {
    return this.#orders.values();
  }

  orderCount(): number {
    return this.#orders.size;
  }

  /** In the order in which they were put. */
  ordersOf(customerId: Id): SandboxOrder[] {
    const ids = this.#ordersByCustomer.get(customerId);
    if (!ids) return [];
    const orders: SandboxOrder[] = [];
    for (const id of ids) {
      const order = this.#orders.get(id);
      if (order) orders.push(order);
    }
    return orders;
  }

  putOrder(order: SandboxOrder): void {
    this.#keepAbove('order', order.id);
    if (order.number >= this.#nextOrderNumber) this.#nextOrderNumber = order.number + 1;
    this.#setOwner(order.id, order.customerId);
    this.#orders.set(order.id, order);
    this.#wrote('order', order.id, order);
  }

  deleteOrder(id: Id): void {
    this.#setOwner(id, null);
    this.#orders.delete(id);
    this.#wrote('order', id, undefined);
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
    this.#products.set(product.id, product);
    this.#wrote('product', product.id, product);
  }

  deleteProduct(id: Id): void {
    for (const variant of this.#products.get(id)?.variants ?? []) this.#productByVariant.delete(variant.id);
    this.#products.delete(id);
    this.#wrote('product', id, undefined);
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
  revision(kind: 'customer' | 'order' | 'product'): number {
    return this.#revisions[kind];
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

  /** Called after the state has changed. */
  emit(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change, this);
  }

  #wrote<K extends Listed>(kind: K, id: Id, record: ListedRecord[K] | undefined): void {
    this.#revisions[kind] += 1;
    const written = this.#written[kind];
    const text = written.get(id);
    const before = () => (text === undefined ? undefined : (JSON.parse(text) as ListedRecord[K]));
    for (const watcher of this.#watchers) watcher(kind, id, before);
    if (record === undefined) written.delete(id);
    else written.set(id, JSON.stringify(record));
  }

  #setOwner(orderId: Id, customerId: Id | null): void {
    const before = this.#ownerOfOrder.get(orderId);
    if (before === (customerId ?? undefined)) return;
    if (before !== undefined) this.#ordersByCustomer.get(before)?.delete(orderId);
    if (customerId === null) {
      this.#ownerOfOrder.delete(orderId);
      return;
    }
    this.#ownerOfOrder.set(orderId, customerId);
    const orders = this.#ordersByCustomer.get(customerId);
    if (orders) orders.add(orderId);
    else this.#ordersByCustomer.set(customerId, new Set([orderId]));
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
