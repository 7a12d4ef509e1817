/**
 * Records that follow from a seed: each is made when it is asked for and never kept, so a store of millions costs
 * some typed arrays. They never change; the store lays what was changed, added and deleted over them.
 */
import type { Id, SandboxCustomer, SandboxOrder } from './model.ts';

export interface BaseRecords<T> {
  readonly count: number;
  /** Ids grow with the index, one by one. */
  idAt(index: number): Id;
  /** -1 when the id is none of these. */
  indexOf(id: Id): number;
  /** A fresh record every time. */
  make(index: number): T;
  /** Seconds since 1970 of `createdAt` (of orders also `processedAt`): a filter by time needs no record. */
  readonly createdSeconds: Uint32Array;
  /** The `updatedAt` of them all. */
  readonly updatedAt: string;
  /** Sort keys by which the records already stand in the order of their ids. */
  readonly sortedById: ReadonlySet<string>;
}

export interface BaseCustomers extends BaseRecords<SandboxCustomer> {
  /** Distinct tags, each with the bit that says who has it. */
  readonly tags: ReadonlyMap<string, number>;
  /** The tags of each customer as bits. */
  tagBits(): Uint32Array;
}

/** What lies under a generated store. */
export interface StoreBase {
  readonly customers: BaseCustomers;
  readonly orders: BaseRecords<SandboxOrder>;
  /** Ascending. */
  ordersOf(customerIndex: number): number[];
  /** The customer of an order; -1 for a guest's. */
  ownerOf(orderIndex: number): number;
  isTest(orderIndex: number): boolean;
  /** @param email as `normalEmail` gives it; -1 when nobody has it */
  customerByEmail(email: string): number;
  /** Orders are numbered from here, in the order of their ids. */
  readonly firstOrderNumber: number;
  /** The first ids that are free. */
  readonly nextIds: { customer: number; order: number; other: number };
}
