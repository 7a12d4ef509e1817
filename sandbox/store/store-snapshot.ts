/**
 * A store at one moment. The base is shared, because it never changes; everything else is a copy. Plain data but for
 * the base, so it stays in the process; a snapshot can be restored any number of times.
 */
import type { BulkOperation } from '../bulk/operation.ts';
import type { StoreBase } from './base-records.ts';
import type { SandboxShop } from './model.ts';
import type { RecordsCopy } from './store-records.ts';
import type { TagChangesCopy } from './tag-changes.ts';

export interface StoreSnapshot {
  readonly base: StoreBase | undefined;
  readonly tagChanges: TagChangesCopy | undefined;
  readonly plain: RecordsCopy & {
    shop: SandboxShop;
    laterOrders: number;
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
