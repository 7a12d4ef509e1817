import type { BulkOperation } from '../bulk/operation.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import { byName } from './list-customers.ts';
import { sortedList } from './list-records.ts';
import type { ListArgs } from './list-records.ts';
import { NotImplemented } from './not-implemented.ts';
import { bulkObject } from './resolvers/bulk-operation.ts';
import { compileSearch } from './search.ts';
import type { SearchNotes } from './search.ts';
import { enumField, idField, timeField } from './search-fields.ts';

const STATUSES = [
  'created', 'running', 'completed', 'failed', 'canceling', 'canceled', 'expired',
]; // prettier-ignore

/** bulkOperations(query: "status:running operation_type:query"). */
export function listBulkOperations(store: Store, args: ListArgs, notes?: SearchNotes): Listing<unknown> {
  const search = compileSearch<BulkOperation>(
    args.query,
    byName({
      id: idField((operation) => operation.id),
      status: enumField((operation) => operation.status, STATUSES),
      operation_type: enumField((operation) => operation.type, ['query', 'mutation']),
      created_at: timeField(
        (operation) => operation.createdAt,
        store.shop.ianaTimezone,
        () => store.clock.machineNow(),
      ),
    }),
    (word) => {
      throw new NotImplemented(`Searching bulk operations for the word '${word}'`);
    },
    notes,
  );
  const sorts: Record<string, (operation: BulkOperation) => string | number> = {
    CREATED_AT: (operation) => operation.createdAt,
    COMPLETED_AT: (operation) => operation.completedAt ?? '',
    ID: () => 0,
  };
  const value = sorts[args.sortKey ?? 'CREATED_AT'];
  if (!value) throw new NotImplemented(`Sorting bulk operations by ${args.sortKey}`);
  const found = [...store.bulkOperations()].filter(search.test);
  const keyOf = (operation: BulkOperation) => ({ value: value(operation), id: operation.id });
  return mapListing(sortedList(found, keyOf, args.reverse ?? false), bulkObject);
}

/** The same order with other objects for the records. */
export function mapListing<T, U>(listing: Listing<T>, map: (item: T) => U): Listing<U> {
  const records = new Map<U, T>();
  function* all(items: Iterable<T>): Generator<U> {
    for (const record of items) {
      const item = map(record);
      records.set(item, record);
      yield item;
    }
  }
  return {
    keyOf: (item) => listing.keyOf(records.get(item) as T),
    reversed: listing.reversed,
    after: (key) => all(listing.after(key)),
    before: (key) => all(listing.before(key)),
  };
}
