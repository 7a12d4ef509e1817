/**
 * Bulk operations: CREATED, then RUNNING, then COMPLETED, FAILED or CANCELED; at most five queries and five
 * mutations at a time in a store; the end is announced (bulk_finished), also of failures.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GraphContext } from '../graphql/context.ts';
import { gid } from '../graphql/gid.ts';
import { adminSchema } from '../graphql/schema.ts';
import { HttpError } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import { checkBulkMutation, checkBulkQuery, checkClientIdentifier } from './check-documents.ts';
import type { BulkUserError } from './check-documents.ts';
import type { BulkOperation } from './operation.ts';
import { pause } from './pace.ts';
import { ResultFile, serveResult } from './result-file.ts';
import { runBulkMutation } from './run-mutation.ts';
import { runBulkQuery } from './run-query.ts';
import type { BulkRun } from './run-query.ts';
import type { StagedUploads } from './staged-uploads.ts';

const AT_ONCE = 5;
const MAX_INPUT_MB = 100;
/** How long an operation is seen as CREATED. An assumption. */
const START_DELAY_MS = 100;

export interface BulkStart {
  operation: BulkOperation | undefined;
  userErrors: BulkUserError[];
}

type Work = (run: BulkRun) => Promise<void>;

export class BulkRunner {
  readonly #sandbox: Sandbox;
  readonly #uploads: StagedUploads;
  #cancels = new Map<BulkOperation, AbortController>();
  #running = new Set<Promise<void>>();
  #results = new Map<string, string>();
  #folder: Promise<string> | undefined;
  #closing = false;

  constructor(sandbox: Sandbox, uploads: StagedUploads) {
    this.#sandbox = sandbox;
    this.#uploads = uploads;
  }

  startQuery(store: Store, input: { query: string; groupObjects: boolean }): BulkStart {
    const busy = this.#busy(store, 'QUERY');
    if (busy) return busy;
    const checked = checkBulkQuery(adminSchema(), input.query);
    if (checked.outcome === 'refused') return { operation: undefined, userErrors: checked.userErrors };
    return this.#start(store, 'QUERY', input.query, (run) => runBulkQuery(run, checked, input.groupObjects));
  }

  startMutation(
    store: Store,
    input: { mutation: string; stagedUploadPath: string; clientIdentifier?: string | null },
  ): BulkStart {
    const busy = this.#busy(store, 'MUTATION');
    if (busy) return busy;
    const identifier = checkClientIdentifier(input.clientIdentifier);
    if (identifier.length > 0) return { operation: undefined, userErrors: identifier };
    const checked = checkBulkMutation(adminSchema(), input.mutation);
    if (checked.outcome === 'refused') return { operation: undefined, userErrors: checked.userErrors };
    const staged = this.#uploads.sizeOf(input.stagedUploadPath);
    const fileError = checkFile(staged);
    if (fileError) return { operation: undefined, userErrors: [fileError] };
    return this.#start(store, 'MUTATION', input.mutation, async (run) => {
      const bytes = await this.#uploads.read(input.stagedUploadPath);
      if (bytes) await runBulkMutation(run, bytes);
    });
  }

  cancel(store: Store, id: string): BulkStart {
    const operation = store.bulkOperation(id);
    if (!operation) {
      const message = 'Bulk operation does not exist';
      return { operation: undefined, userErrors: [{ field: ['id'], message, code: null }] };
    }
    const controller = this.#cancels.get(operation);
    if (!controller) {
      const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
      return { operation, userErrors: [{ field: null, message, code: null }] };
    }
    if (operation.status !== 'CANCELING') {
      operation.status = 'CANCELING';
      setTimeout(() => controller.abort(), this.#sandbox.fast ? 0 : START_DELAY_MS);
    }
    return { operation: { ...operation }, userErrors: [] };
  }

  /** The result of an address that `url` or `partialDataUrl` gave. */
  serve(request: SandboxRequest): Promise<SandboxAnswer> {
    const file = this.#results.get(request.url.pathname);
    if (!file) throw new HttpError(404, { error: 'NoSuchKey' });
    return serveResult(request, file);
  }

  /** Stops what runs; results are gone. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const controller of this.#cancels.values()) controller.abort();
    await Promise.allSettled([...this.#running]);
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }

  #busy(store: Store, type: BulkOperation['type']): BulkStart | undefined {
    const running = [...this.#cancels.keys()].filter(
      (operation) => operation.type === type && store.bulkOperation(operation.id) === operation,
    );
    const [first] = running;
    if (!first || running.length < AT_ONCE) return undefined;
    const message = `A bulk ${type.toLowerCase()} operation for this app and shop is already in progress: ${gid('BulkOperation', first.id)}.`;
    return { operation: undefined, userErrors: [{ field: null, message, code: 'OPERATION_IN_PROGRESS' }] };
  }

  #start(store: Store, type: BulkOperation['type'], query: string, work: Work): BulkStart {
    const operation: BulkOperation = {
      id: store.newId('other'),
      type,
      status: 'CREATED',
      errorCode: null,
      query,
      createdAt: store.clock.machineNow().toISOString(),
      completedAt: null,
      objectCount: 0,
      rootObjectCount: 0,
      fileSize: null,
      url: null,
      partialDataUrl: null,
      failure: null,
    };
    store.putBulkOperation(operation);
    this.#sandbox.apiLog.bulkStarted(store.shop.domain);
    const controller = new AbortController();
    this.#cancels.set(operation, controller);
    const done = this.#run(store, operation, controller.signal, work).finally(() => {
      this.#running.delete(done);
    });
    this.#running.add(done);
    return { operation: { ...operation }, userErrors: [] };
  }

  async #run(store: Store, operation: BulkOperation, signal: AbortSignal, work: Work): Promise<void> {
    await pause(this.#sandbox.fast ? 0 : START_DELAY_MS, signal);
    this.#folder ??= mkdtemp(path.join(tmpdir(), 'regulars-sandbox-bulk-'));
    const file = await ResultFile.create(
      path.join(await this.#folder, `${store.shop.domain}-${operation.id}.jsonl`),
    );
    if (!signal.aborted && operation.status === 'CREATED') operation.status = 'RUNNING';
    const context: GraphContext = { sandbox: this.#sandbox, store, bulk: this, uploads: this.#uploads };
    let failure: string | null = null;
    try {
      if (!signal.aborted) await work({ operation, file, context, signal });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    await file.close();
    this.#cancels.delete(operation);
    const url = file.lines > 0 ? this.#publish(store, operation, file) : null;
    operation.fileSize = file.bytes;
    operation.completedAt = store.clock.machineNow().toISOString();
    if (failure !== null) {
      operation.status = 'FAILED';
      operation.errorCode = 'INTERNAL_SERVER_ERROR';
      operation.failure = failure;
      operation.partialDataUrl = url;
    } else if (signal.aborted) {
      operation.status = 'CANCELED';
      operation.partialDataUrl = url;
    } else {
      operation.status = 'COMPLETED';
      operation.url = url;
    }
    if (!this.#closing) store.emit({ kind: 'bulk_finished', bulkOperationId: operation.id });
  }

  #publish(store: Store, operation: BulkOperation, file: ResultFile): string {
    const pathname = `/bulk/${store.shop.domain}/${operation.id}/${randomUUID()}.jsonl`;
    this.#results.set(pathname, file.path);
    return `${this.#sandbox.url}${pathname}`;
  }
}

function checkFile(size: number | undefined): BulkUserError | undefined {
  if (size === undefined) {
    return {
      field: null,
      message:
        "The JSONL file could not be found. Try uploading the file again, and check that you've entered the URL correctly for the stagedUploadPath mutation argument.",
      code: 'NO_SUCH_FILE',
    };
  }
  const code = 'INVALID_STAGED_UPLOAD_FILE';
  if (size === 0) return { field: null, message: 'The input file is empty.', code };
  if (size > MAX_INPUT_MB * 1024 * 1024) {
    return {
      field: null,
      message: `The input file size exceeds the maximum allowed size of ${MAX_INPUT_MB} MB.`,
      code,
    };
  }
  return undefined;
}
