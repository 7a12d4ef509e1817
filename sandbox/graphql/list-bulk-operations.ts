import type { BulkOperation } from '../bulk/operation.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import type { ListArgs } from './list-orders.ts';
import { sortItems } from './listing-cache.ts';
import { bulkObject } from './resolvers/bulk-operation.ts';
import { compileSearch } from './search.ts';
import { enumField, idField, timeField } from './search-fields.ts';
import { NotImplemented } from './not-implemented.ts';

/** bulkOperations(query: "status:running operation_type:query"). */
export function listBulkOperations(store: Store, args: ListArgs): Listing<unknown> {
  const search = compileSearch<BulkOperation>(
    args.query,
    {
      id: idField((operation) => operation.id),
      status: enumField((operation) => operation.status),
      operation_type: enumField((operation) => operation.type),
      created_at: timeField(
        (operation) => operation.createdAt,
        store.shop.ianaTimezone,
        () => new Date(),
      ),
    },
    (word) => {
      throw new NotImplemented(`Searching bulk operations for the word '${word}'`);
    },
  );
  const byCompletion = args.sortKey === 'COMPLETED_AT';
  const keyOf = (operation: BulkOperation) => ({
    value: byCompletion ? (operation.completedAt ?? '') : operation.createdAt,
    id: operation.id,
  });
  const reversed = args.reverse ?? false;
  const found = sortItems([...store.bulkOperations()].filter(search.test), keyOf, reversed);
  const keys = new Map<unknown, { value: string; id: string }>();
  const items = found.map((operation) => {
    const item = bulkObject(operation);
    keys.set(item, keyOf(operation));
    return item;
  });
  return { items, keyOf: (item) => keys.get(item) ?? { value: '', id: '' }, reversed };
}
