/** Ids and order numbers of a store: none is given out twice, and those of two stores differ, as at Shopify. */
import type { StoreBase } from './base-records.ts';
import type { Id } from './model.ts';

export type Kind = 'customer' | 'order' | 'product' | 'other';

export interface NumberingCopy {
  nextId: Record<Kind, number>;
  nextOrderNumber: number;
}

export class Numbering {
  #nextId: Record<Kind, number>;
  #nextOrderNumber = 1001;

  /** The same ids on every run. */
  constructor(shopId: Id) {
    const base = 6_000_000_000_000 + (Number(BigInt(shopId) % 997n) + 1) * 1_000_000_000;
    this.#nextId = { customer: base, order: base, product: base, other: base };
  }

  newId(kind: Kind): Id {
    return String(this.#nextId[kind]++);
  }

  newOrderNumber(): number {
    return this.#nextOrderNumber++;
  }

  /** Ids that came from outside (an export) are never given out again. */
  keepAbove(kind: Kind, id: Id): void {
    const number = Number(id);
    if (Number.isSafeInteger(number) && number >= this.#nextId[kind]) this.#nextId[kind] = number + 1;
  }

  keepAboveOrderNumber(number: number): void {
    if (number >= this.#nextOrderNumber) this.#nextOrderNumber = number + 1;
  }

  /** From where a base may number its records. */
  free(): { customer: number; order: number; other: number; orderNumber: number } {
    const { customer, order, other } = this.#nextId;
    return { customer, order, other, orderNumber: this.#nextOrderNumber };
  }

  lay(base: StoreBase): void {
    Object.assign(this.#nextId, base.nextIds);
    this.#nextOrderNumber = base.firstOrderNumber + base.orders.count;
  }

  copy(): NumberingCopy {
    return { nextId: { ...this.#nextId }, nextOrderNumber: this.#nextOrderNumber };
  }

  /** Ids of the kind "other" name files of bulk results too: they are not given out again even then. */
  restore(copy: NumberingCopy): void {
    const { other } = this.#nextId;
    Object.assign(this.#nextId, copy.nextId, { other: Math.max(other, copy.nextId.other) });
    this.#nextOrderNumber = copy.nextOrderNumber;
  }
}
