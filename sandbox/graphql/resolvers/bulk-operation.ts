import type { BulkOperation } from '../../bulk/operation.ts';
import { gid } from '../gid.ts';

/** A record for GraphQL: counts are strings (UnsignedInt64); the reason of a failure is not Shopify's to tell. */
export function bulkObject(operation: BulkOperation | undefined) {
  if (!operation) return null;
  const { failure: _failure, ...rest } = operation;
  return {
    ...rest,
    __typename: 'BulkOperation',
    id: gid('BulkOperation', operation.id),
    objectCount: String(operation.objectCount),
    rootObjectCount: String(operation.rootObjectCount),
    fileSize: operation.fileSize === null ? null : String(operation.fileSize),
  };
}
