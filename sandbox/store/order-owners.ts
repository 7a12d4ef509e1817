/** Whose an order is, and the orders of a customer: the base's word, and over it what has been put since. */
import type { StoreBase } from './base-records.ts';
import type { Id } from './model.ts';

export interface OwnersCopy {
  owners: [Id, Id | null][];
}

export class OrderOwners {
  #base: StoreBase | undefined;
  /** Of orders whose owner is not the base's; null: nobody's. */
  #owners = new Map<Id, Id | null>();
  /** Those of them by customer, in the order in which they came. */
  #byCustomer = new Map<Id, Set<Id>>();

  lay(base: StoreBase | undefined): void {
    this.#base = base;
  }

  ordersOf(customerId: Id): Id[] {
    const found: Id[] = [];
    const index = this.#base?.customers.indexOf(customerId) ?? -1;
    if (this.#base && index !== -1) {
      for (const order of this.#base.ordersOf(index)) {
        const id = this.#base.orders.idAt(order);
        if (!this.#owners.has(id)) found.push(id);
      }
    }
    found.push(...(this.#byCustomer.get(customerId) ?? []));
    return found;
  }

  set(orderId: Id, customerId: Id | null): void {
    const before = this.#owners.get(orderId);
    const atBase = this.#atBase(orderId);
    if (before === undefined ? atBase === customerId : before === customerId) return;
    if (typeof before === 'string') this.#byCustomer.get(before)?.delete(orderId);
    // Nobody's and unknown to the base: nothing to keep.
    if (atBase === customerId || (customerId === null && atBase === undefined)) {
      this.#owners.delete(orderId);
      return;
    }
    this.#owners.set(orderId, customerId);
    if (customerId === null) return;
    const orders = this.#byCustomer.get(customerId);
    if (orders) orders.add(orderId);
    else this.#byCustomer.set(customerId, new Set([orderId]));
  }

  copy(): OwnersCopy {
    return { owners: [...this.#owners] };
  }

  restore(copy: OwnersCopy, base: StoreBase | undefined): void {
    this.#base = base;
    this.#owners = new Map();
    this.#byCustomer = new Map();
    for (const [order, owner] of copy.owners) this.set(order, owner);
  }

  /** undefined: no order of the base. */
  #atBase(orderId: Id): Id | null | undefined {
    const index = this.#base?.orders.indexOf(orderId) ?? -1;
    if (!this.#base || index === -1) return undefined;
    const owner = this.#base.ownerOf(index);
    return owner === -1 ? null : this.#base.customers.idAt(owner);
  }
}
