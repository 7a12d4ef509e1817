/** The orders of a customer, and the place of each among them. */
import type { StoreBase } from './base-records.ts';
import type { Id, SandboxOrder } from './model.ts';
import { OrderOwners } from './order-owners.ts';
import type { OwnersCopy } from './order-owners.ts';
import type { RecordTable } from './record-table.ts';

export class CustomerOrders {
  readonly #orders: RecordTable<SandboxOrder>;
  #base: StoreBase | undefined;
  #owners = new OrderOwners();
  #asked: { customerId: Id; revision: number; orders: SandboxOrder[] } | undefined;

  constructor(orders: RecordTable<SandboxOrder>) {
    this.#orders = orders;
  }

  lay(base: StoreBase): void {
    this.#base = base;
    this.#owners.lay(base);
  }

  /** In the order in which they were put. Asked again in the same moment, the same records. */
  of(customerId: Id): SandboxOrder[] {
    const { revision } = this.#orders;
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

  /** null: nobody's. */
  setOwner(orderId: Id, customerId: Id | null): void {
    this.#owners.set(orderId, customerId);
  }

  copy(): OwnersCopy {
    return this.#owners.copy();
  }

  restore(copy: OwnersCopy, base: StoreBase | undefined): void {
    this.#base = base;
    this.#owners.restore(copy, base);
  }
}
