/**
 * The records of which a store has many: customers, orders and products, with what is found by them. A generated store
 * lies on a base whose records are made on demand (`layBase`); what was changed, added or deleted lies over it. So a
 * record that is handed out may be a fresh object: whoever changes one puts it back with `put...`, which keeps the
 * indexes true.
 */
import type { StoreBase } from './base-records.ts';
import { CustomerOrders } from './customer-orders.ts';
import { CustomerTags } from './customer-tags.ts';
import { EmailIndex } from './email-index.ts';
import type { EmailsCopy } from './email-index.ts';
import type { TagJudge } from './ids-by-tags.ts';
import { Listeners } from './listeners.ts';
import type { Listed, ListedRecord, WriteListener } from './listeners.ts';
import type { Id, SandboxCustomer, SandboxOrder, SandboxProduct } from './model.ts';
import { Numbering } from './numbering.ts';
import type { Kind, NumberingCopy } from './numbering.ts';
import type { OrderedList, SortValue } from './ordered-list.ts';
import type { OwnersCopy } from './order-owners.ts';
import { RecordTable } from './record-table.ts';
import type { TableCopy } from './record-table.ts';
import type { TagChangesCopy } from './tag-changes.ts';

/** One name has one value function: lists are kept by the name. `UPDATED_AT` is that of the record, as ISO text or in milliseconds. */
export interface Sort<T> {
  name: string;
  value(record: T): SortValue;
}

/** Plain data. */
export interface RecordsCopy {
  numbering: NumberingCopy;
  customers: TableCopy;
  orders: TableCopy;
  products: TableCopy;
  owners: OwnersCopy;
  emails: EmailsCopy;
}

export class StoreRecords {
  protected readonly listeners = new Listeners();
  #base: StoreBase | undefined;
  #customers = new RecordTable<SandboxCustomer>();
  #orders = new RecordTable<SandboxOrder>();
  #products = new RecordTable<SandboxProduct>();
  #numbering: Numbering;
  #emails = new EmailIndex();
  #tags = new CustomerTags(this.#customers);
  #ordersOf = new CustomerOrders(this.#orders);
  #productByVariant = new Map<Id, Id>();

  constructor(shopId: Id) {
    this.#numbering = new Numbering(shopId);
  }

  // --- ids -----------------------------------------------------------------------------------------------
  newId(kind: Kind): Id {
    return this.#numbering.newId(kind);
  }

  /** Ids that will be put later: never given out. */
  reserveIds(kind: Kind, ids: Iterable<Id>): void {
    for (const id of ids) this.#numbering.keepAbove(kind, id);
  }

  newOrderNumber(): number {
    return this.#numbering.newOrderNumber();
  }

  // --- the base ------------------------------------------------------------------------------------------
  /** From where a base may number its records. */
  freeIds(): { customer: number; order: number; other: number; orderNumber: number } {
    return this.#numbering.free();
  }

  /** Under a store without customers and orders. */
  layBase(base: StoreBase): void {
    this.#base = base;
    this.#customers.lay(base.customers, this.#tags.lay(base));
    this.#orders.lay(base.orders);
    this.#ordersOf.lay(base);
    this.#emails.lay(base);
    this.#numbering.lay(base);
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
    const id = this.#emails.idOf(text);
    return id === undefined ? undefined : this.#customers.get(id);
  }

  /** Those that a merge removed are not among them. */
  customers(): IterableIterator<SandboxCustomer> {
    return this.#customers.values();
  }

  /** Tags of a base's customer that were changed and nothing else of it; undefined: as the base has them, or more. */
  changedTags(index: number): readonly string[] | undefined {
    return this.#tags.changedAt(index);
  }

  /**
   * Ids of customers that `judge` does not refuse by their tags; only who is left open is made. Others are served
   * between two steps: a step is one customer, null for one who is out.
   */
  idsByTags(judge: TagJudge): Generator<{ id: Id; customer: SandboxCustomer | undefined } | null> {
    return this.#tags.ids(judge);
  }

  /** How many customers carry each tag. Kept until a customer changes. */
  tagCounts(): ReadonlyMap<string, number> {
    return this.#tags.counts();
  }

  customerCount(): number {
    return this.#customers.size;
  }

  putCustomer(customer: SandboxCustomer): void {
    this.#numbering.keepAbove('customer', customer.id);
    const before = this.#before('customer', customer.id);
    this.#customers.put(customer);
    this.#emails.set(customer.id, customer.email);
    this.listeners.wrote('customer', customer.id, before);
  }

  deleteCustomer(id: Id): void {
    const before = this.#before('customer', id);
    this.#customers.delete(id);
    this.#emails.delete(id);
    this.listeners.wrote('customer', id, before);
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
    return this.#ordersOf.of(customerId);
  }

  /** Its place among the customer's orders by time, tests left out, from 1; null for tests and guests. */
  placeOf(order: SandboxOrder): number | null {
    return this.#ordersOf.placeOf(order);
  }

  putOrder(order: SandboxOrder): void {
    this.#numbering.keepAbove('order', order.id);
    this.#numbering.keepAboveOrderNumber(order.number);
    const before = this.#before('order', order.id);
    this.#ordersOf.setOwner(order.id, order.customerId);
    this.#orders.put(order);
    this.listeners.wrote('order', order.id, before);
  }

  deleteOrder(id: Id): void {
    const before = this.#before('order', id);
    this.#ordersOf.setOwner(id, null);
    this.#orders.delete(id);
    this.listeners.wrote('order', id, before);
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
    this.#numbering.keepAbove('product', product.id);
    this.#knowVariants(product);
    const before = this.#before('product', product.id);
    this.#products.put(product);
    this.listeners.wrote('product', product.id, before);
  }

  deleteProduct(id: Id): void {
    for (const variant of this.#products.get(id)?.variants ?? []) this.#productByVariant.delete(variant.id);
    const before = this.#before('product', id);
    this.#products.delete(id);
    this.listeners.wrote('product', id, before);
  }

  // --- all of a kind --------------------------------------------------------------------------------------
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

  /** Every write, also those that nobody is told of (seeding): for what is derived from the records. */
  watch(listener: WriteListener): () => void {
    return this.listeners.onWrite(listener);
  }

  // --- copies --------------------------------------------------------------------------------------------
  protected copyRecords(): RecordsCopy & {
    base: StoreBase | undefined;
    tagChanges: TagChangesCopy | undefined;
  } {
    return {
      numbering: this.#numbering.copy(),
      base: this.#base,
      customers: this.#customers.copy(),
      tagChanges: this.#tags.copy(),
      orders: this.#orders.copy(),
      products: this.#products.copy(),
      owners: this.#ordersOf.copy(),
      emails: this.#emails.copy(),
    };
  }

  protected restoreRecords(
    kept: RecordsCopy,
    base: StoreBase | undefined,
    tagChanges: TagChangesCopy | undefined,
  ): void {
    this.#numbering.restore(kept.numbering);
    this.#base = base;
    const small = this.#tags.restore(tagChanges, base);
    this.#customers.restore({ ...kept.customers, base: base?.customers }, small);
    this.#orders.restore({ ...kept.orders, base: base?.orders });
    this.#products.restore({ ...kept.products, base: undefined });
    this.#ordersOf.restore(kept.owners, base);
    this.#emails.restore(kept.emails, base);
    this.#productByVariant = new Map();
    for (const product of this.#products.values()) this.#knowVariants(product);
  }

  #table<K extends Listed>(kind: K): RecordTable<ListedRecord[K]> {
    const tables = { customer: this.#customers, order: this.#orders, product: this.#products };
    return tables[kind] as unknown as RecordTable<ListedRecord[K]>;
  }

  #before<K extends Listed>(kind: K, id: Id): ListedRecord[K] | undefined {
    return this.listeners.watched ? this.#table(kind).copyOf(id) : undefined;
  }

  #knowVariants(product: SandboxProduct): void {
    for (const variant of product.variants) this.#productByVariant.set(variant.id, product.id);
  }
}
