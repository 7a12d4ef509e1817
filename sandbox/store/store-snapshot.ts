/**
 * A store at one moment. The base is shared, because it never changes; everything else is a copy. Plain data but for
 * the base, so it stays in the process; a snapshot can be restored any number of times.
 */
import type { BulkOperation } from '../bulk/operation.ts';
import type { StoreBase } from './base-records.ts';
import type {
  Id, SandboxCollection, SandboxJob, SandboxMetafield, SandboxMetafieldDefinition, SandboxShop,
  SandboxSubscription,
} from './model.ts'; // prettier-ignore
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
    collections: SandboxCollection[];
    metafields: SandboxMetafield[];
    metafieldDefinitions: SandboxMetafieldDefinition[];
    subscriptions: SandboxSubscription[];
    jobs: SandboxJob[];
  };
}

interface Parts {
  shop: SandboxShop;
  collections: { all(): Iterable<SandboxCollection> };
  metafields: { all(): Iterable<SandboxMetafield> };
  metafieldDefinitions: { all(): Iterable<SandboxMetafieldDefinition> };
  subscriptions: { all(): Iterable<SandboxSubscription> };
  jobs: { all(): Iterable<SandboxJob> };
}

type Kept = Omit<StoreSnapshot['plain'], keyof Parts>;

export function copyStore(
  from: Kept & { parts: Parts; base: StoreBase | undefined; tagChanges: TagChangesCopy | undefined },
): StoreSnapshot {
  const { parts, base, tagChanges, ...kept } = from;
  const plain = structuredClone({
    ...kept,
    bulkOperations: kept.bulkOperations.filter(({ completedAt }) => completedAt !== null),
    shop: parts.shop,
    collections: [...parts.collections.all()],
    metafields: [...parts.metafields.all()],
    metafieldDefinitions: [...parts.metafieldDefinitions.all()],
    subscriptions: [...parts.subscriptions.all()],
    jobs: [...parts.jobs.all()],
  });
  return { base, tagChanges, plain };
}
