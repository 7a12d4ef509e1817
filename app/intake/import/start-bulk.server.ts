/**
 * Starts the bulk query of one part. Starting twice does no harm to the facts, but takes one of the shop's five
 * slots: so when an earlier start may have gone through unrecorded, it is looked for first, by its text.
 */
import type { AdminClient } from '../../shopify/admin-client.ts';
import { deniedText } from '../../shopify/denied.ts';
import { RUN_BULK_QUERY } from '../../shopify/documents/bulk.ts';
import { bulkQuery, type BulkExtras, type BulkKind } from '../../shopify/documents/bulk-queries.ts';
import { RECENT_BULK_QUERIES } from '../../shopify/documents/recent-bulk-queries.ts';

export type BulkStart =
  | { outcome: 'started'; id: string; createdAt: Date }
  /** No free slot: try again later. */
  | { outcome: 'busy' }
  /** Shopify does not let this app use bulk queries: read page by page. */
  | { outcome: 'denied'; said: string }
  | { outcome: 'refused'; message: string };

const LIVE = new Set(['CREATED', 'RUNNING', 'COMPLETED']);

/** @param maybeStartedSince machine time since which a start of ours may have been lost, if any */
export async function startBulk(
  admin: AdminClient,
  kind: BulkKind,
  options: {
    extras: BulkExtras;
    maybeStartedSince: Date | undefined;
    signal: AbortSignal | undefined;
  },
): Promise<BulkStart> {
  const { signal } = options;
  const query = bulkQuery(kind, options.extras);
  if (options.maybeStartedSince) {
    const found = await findStarted(admin, query, options.maybeStartedSince, signal);
    if (found) return found;
  }
  try {
    const { data } = await admin.request(RUN_BULK_QUERY, { query }, { signal });
    const operation = data.bulkOperationRunQuery?.bulkOperation;
    const error = data.bulkOperationRunQuery?.userErrors[0];
    if (operation && !error) {
      return { outcome: 'started', id: operation.id, createdAt: new Date(operation.createdAt) };
    }
    if (error?.code === 'OPERATION_IN_PROGRESS' || error?.code === 'LIMIT_REACHED')
      return { outcome: 'busy' };
    if (/access|denied|not enabled|approv/i.test(error?.message ?? '')) {
      return { outcome: 'denied', said: error?.message ?? '' };
    }
    return { outcome: 'refused', message: `Shopify refused to read the ${kind}. Start the import again.` };
  } catch (error) {
    const said = deniedText(error);
    if (said !== undefined) return { outcome: 'denied', said };
    throw error;
  }
}

async function findStarted(
  admin: AdminClient,
  query: string,
  since: Date,
  signal: AbortSignal | undefined,
): Promise<BulkStart | undefined> {
  const { data } = await admin.request(RECENT_BULK_QUERIES, {}, { signal });
  const operation = data.bulkOperations.nodes.find(
    (candidate) =>
      candidate.query === query && LIVE.has(candidate.status) && new Date(candidate.createdAt) >= since,
  );
  return operation && { outcome: 'started', id: operation.id, createdAt: new Date(operation.createdAt) };
}
