/** What bulk mutations need of Shopify's API, with every expected outcome as a value. */
import { AppError } from '../../../app-error.ts';
import type { AdminClient } from '../../../shopify/admin-client.ts';
import {
  CANCEL_BULK_OPERATION,
  READ_BULK_OPERATION,
  RUN_BULK_MUTATION,
  STAGE_UPLOADS,
} from '../../../shopify/documents/bulk.ts';
import { RECENT_BULK_MUTATIONS } from '../../../shopify/documents/recent-bulk-mutations.ts';
import type { StagedTarget } from '../../../shopify/upload-file.server.ts';

const BACKGROUND = { priority: 'background' } as const;

/** @throws AppError when Shopify prepares no upload */
export async function stageUpload(admin: AdminClient, filename: string): Promise<StagedTarget> {
  const input = {
    resource: 'BULK_MUTATION_VARIABLES',
    filename,
    mimeType: 'text/jsonl',
    httpMethod: 'POST',
  } as const;
  const { data } = await admin.request(STAGE_UPLOADS, { input: [input] }, BACKGROUND);
  const target = data.stagedUploadsCreate?.stagedTargets?.[0];
  if (!target?.url) {
    throw new AppError('shopify_unavailable', 'Shopify did not prepare an upload.', {
      context: { said: data.stagedUploadsCreate?.userErrors.map((error) => error.message) },
      retryable: true,
    });
  }
  return { url: target.url, parameters: target.parameters };
}

export type RunOutcome =
  | { kind: 'started'; id: string }
  /** All slots are taken, perhaps by others: later. */
  | { kind: 'busy' }
  /** The uploaded file has expired or cannot be read: stage again. */
  | { kind: 'file' }
  | { kind: 'refused'; said: string };

export async function runBulkMutation(
  admin: AdminClient,
  input: { mutation: string; stagedUploadPath: string; clientIdentifier: string },
): Promise<RunOutcome> {
  const { data } = await admin.request(RUN_BULK_MUTATION, input, BACKGROUND);
  const payload = data.bulkOperationRunMutation;
  if (payload?.bulkOperation) return { kind: 'started', id: payload.bulkOperation.id };
  const error = payload?.userErrors[0];
  const said = error?.message ?? 'no reason given';
  switch (error?.code) {
    case 'OPERATION_IN_PROGRESS':
    case 'LIMIT_REACHED':
      return { kind: 'busy' };
    case 'NO_SUCH_FILE':
    case 'INVALID_STAGED_UPLOAD_FILE':
    case 'INTERNAL_FILE_SERVER_ERROR':
      return { kind: 'file' };
    default:
      return /already in progress/i.test(said) ? { kind: 'busy' } : { kind: 'refused', said };
  }
}

export interface BulkOperationState {
  id: string;
  status: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELING' | 'CANCELED' | 'EXPIRED';
  errorCode: string | null;
  createdAt: Date;
  completedAt: Date | null;
  url: string | null;
}

/** @returns null when Shopify does not know the operation (any more) */
export async function readBulkOperation(admin: AdminClient, id: string): Promise<BulkOperationState | null> {
  const { data } = await admin.request(READ_BULK_OPERATION, { id }, BACKGROUND);
  const operation = data.bulkOperation;
  if (!operation) return null;
  return {
    id: operation.id,
    status: operation.status,
    errorCode: operation.errorCode ?? null,
    createdAt: new Date(operation.createdAt),
    completedAt: operation.completedAt ? new Date(operation.completedAt) : null,
    url: operation.url ?? operation.partialDataUrl ?? null,
  };
}

/** The operation that runs the file with this marker, if Shopify ever started it. */
export async function findBulkOperation(admin: AdminClient, marker: string): Promise<string | null> {
  const { data } = await admin.request(RECENT_BULK_MUTATIONS, {}, BACKGROUND);
  return data.bulkOperations.nodes.find((node) => node.query.includes(`${marker}(`))?.id ?? null;
}

export async function cancelBulkOperation(admin: AdminClient, id: string): Promise<void> {
  await admin.request(CANCEL_BULK_OPERATION, { id }, BACKGROUND);
}
