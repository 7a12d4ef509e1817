/**
 * A store at one moment. The base is shared, because it never changes; everything else is a copy. Plain data but for
 * the base, so it stays in the process; a snapshot can be restored any number of times.
 */
import type { BulkOperation } from '../bulk/operation.ts';
import type { StoreBase } from './base-records.ts';
import type { Id, SandboxShop } from './model.ts';
import type { OwnersCopy } from './order-owners.ts';
import type { TableCopy } from './record-table.ts';
import type { TagChangesCopy } from './tag-changes.ts';

export interface StoreSnapshot {
  readonly base: StoreBase | undefined;
  readonly tagChanges: TagChangesCopy | undefined;
  readonly plain: {
    shop: SandboxShop;
    laterOrders: number;
    nextId: Record<'customer' | 'order' | 'product' | 'other', number>;
    nextOrderNumber: number;
    customers: TableCopy;
    orders: TableCopy;
    products: TableCopy;
    owners: OwnersCopy;
    emails: [Id, string | null][];
    customerByEmail: [string, Id][];
    /** Those that had ended. */
    bulkOperations: BulkOperation[];
    /** Records of the other kinds, by the names of their tables. */
    tables: Record<string, unknown[]>;
  };
}

export function copyStore(
  from: StoreSnapshot['plain'] & Pick<StoreSnapshot, 'base' | 'tagChanges'>,
): StoreSnapshot {
  const { base, tagChanges, ...kept } = from;
  const bulkOperations = kept.bulkOperations.filter(({ completedAt }) => completedAt !== null);
  return { base, tagChanges, plain: structuredClone({ ...kept, bulkOperations }) };
}
