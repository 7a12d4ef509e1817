/** What has become of a bulk query. The finish webhook is a hint at most: it may be lost. */
import { assertNever } from '../../app-error.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { READ_BULK_OPERATION } from '../../shopify/documents/bulk.ts';
import type { BulkKind } from '../../shopify/documents/bulk-queries.ts';

export type BulkState =
  | { state: 'running'; objectCount: string }
  | { state: 'ready'; url: string; objectCount: string; fileSize: string | null; createdAt: Date }
  /** Done, and there was nothing: Shopify writes no file. */
  | { state: 'empty'; createdAt: Date }
  /** The query names something that Shopify does not show this app: reading page by page says what. */
  | { state: 'denied' }
  /** `again`: starting it again may well help. */
  | { state: 'ended'; reason: EndReason; again: boolean; message: string };

export type EndReason = 'failed' | 'timeout' | 'canceled' | 'expired' | 'unknown' | 'no_file';

export async function pollBulk(
  admin: AdminClient,
  kind: BulkKind,
  id: string,
  signal: AbortSignal | undefined,
): Promise<BulkState> {
  const { data } = await admin.request(READ_BULK_OPERATION, { id }, { signal });
  const operation = data.bulkOperation;
  if (!operation) return ended('unknown', kind);
  switch (operation.status) {
    case 'CREATED':
    case 'RUNNING':
    case 'CANCELING':
      return { state: 'running', objectCount: String(operation.objectCount) };
    case 'COMPLETED': {
      const createdAt = new Date(operation.createdAt);
      if (operation.url) {
        return {
          state: 'ready',
          url: operation.url,
          objectCount: String(operation.objectCount),
          fileSize: operation.fileSize ? String(operation.fileSize) : null,
          createdAt,
        };
      }
      return String(operation.objectCount) === '0' ? { state: 'empty', createdAt } : ended('no_file', kind);
    }
    case 'FAILED':
      if (operation.errorCode === 'ACCESS_DENIED') return { state: 'denied' };
      return ended(operation.errorCode === 'TIMEOUT' ? 'timeout' : 'failed', kind);
    case 'CANCELED':
      return ended('canceled', kind);
    case 'EXPIRED':
      return ended('expired', kind);
    default:
      return assertNever(operation.status);
  }
}

/** Part of the data may be there then (partialDataUrl); it is not used, so nothing is counted by halves. */
export function ended(reason: EndReason, kind: BulkKind): BulkState & { state: 'ended' } {
  const make = (again: boolean, message: string) => ({ state: 'ended' as const, reason, again, message });
  switch (reason) {
    case 'canceled':
      return make(false, `Reading the ${kind} was cancelled at Shopify. Start the import again.`);
    case 'failed':
      return make(
        true,
        `Shopify could not finish reading the ${kind}; what it had read was not used. Start the import again.`,
      );
    case 'timeout':
      return make(true, `Shopify took too long to read the ${kind}. Start the import again.`);
    case 'expired':
      return make(
        true,
        `Shopify no longer has the ${kind} that it read for this import. Start the import again.`,
      );
    case 'unknown':
      return make(true, `Shopify does not know the reading of the ${kind} any more. Start the import again.`);
    case 'no_file':
      return make(true, `Shopify read the ${kind} but handed out no file. Start the import again.`);
    default:
      return assertNever(reason);
  }
}
