/**
 * Bulk operations: CREATED, then RUNNING, then COMPLETED, FAILED or CANCELED; at most five queries and five
 * mutations at a time in a store; the end is announced (bulk_finished), also of failures. Results can be read
 * for seven days, a query may take ten days and a mutation one: on the machine's clock and what a test adds to it.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bulkNotEnabled } from '../access/guard-fields.ts';
import { EVERYTHING } from '../access/permissions.ts';
import type { Permissions } from '../access/permissions.ts';
import { withHttpFaults } from '../faults/http-faults.ts';
import type { GraphContext } from '../graphql/context.ts';
import { gid } from '../graphql/gid.ts';
import { adminSchema } from '../graphql/schema.ts';
import { HttpError } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import { checkBulkMutation, checkBulkQuery, checkClientIdentifier } from './check-documents.ts';
import type { BulkUserError, CheckedDocument } from './check-documents.ts';
import { checkInputFile } from './check-input-file.ts';
import { endOperation } from './end-operation.ts';
import { spoilResult, planOfFaults } from './fault-plan.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { BulkOperation } from './operation.ts';
import { pause } from './pace.ts';
import { FileIsFull, ResultFile } from './result-file.ts';
import { runBulkMutation } from './run-mutation.ts';
import type { BulkMutationRun } from './run-mutation.ts';
import { runBulkQuery } from './run-query.ts';
import { expiredAnswer, serveResult } from './serve-result.ts';
import type { StagedUploads } from './staged-uploads.ts';

const AT_ONCE = 5;
/** How long an operation is seen as CREATED. An assumption. */
const START_DELAY_MS = 100;
const DAY_MS = 86_400_000;
export const RESULT_LIFE_MS = 7 * DAY_MS;
export const LONGEST_MS = { QUERY: 10 * DAY_MS, MUTATION: DAY_MS } as const;

export interface BulkStart {
  operation: BulkOperation | undefined;
  userErrors: BulkUserError[];
}

interface Running {
  operation: BulkOperation;
  store: Store;
  controller: AbortController;
  startedAt: number;
  timedOut: boolean;
  done: Promise<void>;
}

interface Result {
  file: string;
  domain: string;
  finishedAt: number;
}

type Type = BulkOperation['type'];
type Work = (run: BulkMutationRun) => Promise<void>;

/** What all callers share. */
interface Shared {
  running: Map<BulkOperation, Running>;
  work: Set<Promise<void>>;
  results: Map<string, Result>;
  folder: Promise<string> | undefined;
  closing: boolean;
  /** Milliseconds that a test has let the clock of expiries run ahead. */
  aged: number;
}

export class BulkRunner {
  readonly #sandbox: Sandbox;
  readonly #uploads: StagedUploads;
  readonly #permissions: Permissions;
  readonly #shared: Shared;

  constructor(sandbox: Sandbox, uploads: StagedUploads, permissions = EVERYTHING, shared?: unknown) {
    this.#sandbox = sandbox;
    this.#uploads = uploads;
    this.#permissions = permissions;
    this.#shared = (shared as Shared | undefined) ?? {
      running: new Map(),
      work: new Set(),
      results: new Map(),
      folder: undefined,
      closing: false,
      aged: 0,
    };
  }

  /** The same operations, begun by somebody who may see so much. */
  forCaller(permissions: Permissions): BulkRunner {
    return new BulkRunner(this.#sandbox, this.#uploads, permissions, this.#shared);
  }

  /** @throws GraphQLError ACCESS_DENIED, by a fault */
  startQuery(store: Store, input: { query: string; groupObjects: boolean }): BulkStart {
    const busy = this.#busy(store, 'QUERY');
    if (busy) return busy;
    const checked = checkBulkQuery(adminSchema(), input.query);
    if (checked.outcome === 'refused') return { operation: undefined, userErrors: checked.userErrors };
    return this.#start(store, 'QUERY', input.query, checked, (run) =>
      runBulkQuery(run, checked, input.groupObjects),
    );
  }

  /** @throws GraphQLError ACCESS_DENIED, by a fault */
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
    const file = this.#uploads.fileOf(store, input.stagedUploadPath);
    const fileError = checkInputFile(file?.size);
    if (fileError || !file) return { operation: undefined, userErrors: fileError ? [fileError] : [] };
    return this.#start(store, 'MUTATION', input.mutation, checked, (run) => runBulkMutation(run, file.path));
  }

  cancel(store: Store, id: string): BulkStart {
    const operation = store.bulkOperation(id);
    if (!operation) {
      const message = 'Bulk operation does not exist';
      return { operation: undefined, userErrors: [{ field: ['id'], message, code: null }] };
    }
    const running = this.#shared.running.get(operation);
    if (!running) {
      const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
      return { operation, userErrors: [{ field: null, message, code: null }] };
    }
    if (operation.status !== 'CANCELING') {
      operation.status = 'CANCELING';
      setTimeout(() => running.controller.abort(), this.#sandbox.fast ? 0 : START_DELAY_MS).unref();
    }
    return { operation: { ...operation }, userErrors: [] };
  }

  /** The result of an address that `url` or `partialDataUrl` gave, or what a fault makes of it. */
  serve(request: SandboxRequest): Promise<SandboxAnswer> {
    const { faults } = this.#sandbox;
    const chance = { shop: request.params['domain'] ?? '' };
    return withHttpFaults(faults, 'bulk-result', chance, request.signal, () => {
      const result = this.#shared.results.get(request.url.pathname);
      if (!result) throw new HttpError(404, { error: 'NoSuchKey' });
      const old = this.#now() - result.finishedAt >= RESULT_LIFE_MS;
      if (old || faults.strike('result-expired', chance)) return expiredAnswer();
      return serveResult(request, result.file, faults, chance);
    });
  }

  /** Lets the clock of expiries run ahead: of results, and of operations that take too long. */
  age(milliseconds: number): void {
    this.#shared.aged += milliseconds;
    for (const running of this.#shared.running.values()) {
      if (this.#now() - running.startedAt < LONGEST_MS[running.operation.type]) continue;
      running.timedOut = true;
      running.controller.abort();
    }
  }

  /** What runs in a store is dropped, unannounced: the store is about to be replaced. */
  async drop(domain: string): Promise<void> {
    const dropped: Promise<void>[] = [];
    for (const [operation, running] of this.#shared.running) {
      if (running.store.shop.domain !== domain) continue;
      this.#shared.running.delete(operation);
      running.controller.abort();
      dropped.push(running.done);
    }
    await Promise.allSettled(dropped);
  }

  /** Stops what runs; results are gone. */
  async close(): Promise<void> {
    const shared = this.#shared;
    shared.closing = true;
    for (const { controller } of shared.running.values()) controller.abort();
    await Promise.allSettled([...shared.work]);
    if (shared.folder) await rm(await shared.folder, { recursive: true, force: true });
  }

  #now(): number {
    return Date.now() + this.#shared.aged;
  }

  #busy(store: Store, type: Type): BulkStart | undefined {
    const running = [...this.#shared.running.values()].filter(
      (one) => one.operation.type === type && one.store === store,
    );
    const [first] = running;
    if (!first || running.length < AT_ONCE) return undefined;
    const id = gid('BulkOperation', first.operation.id);
    const message = `A bulk ${type.toLowerCase()} operation for this app and shop is already in progress: ${id}.`;
    return { operation: undefined, userErrors: [{ field: null, message, code: 'OPERATION_IN_PROGRESS' }] };
  }

  #start(
    store: Store,
    type: Type,
    query: string,
    checked: Extract<CheckedDocument, { outcome: 'good' }>,
    work: Work,
  ): BulkStart {
    const { faults } = this.#sandbox;
    const fields = checked.operation.selectionSet.selections.flatMap((field) =>
      field.kind === 'Field' ? [field.name.value] : [],
    );
    const chance = { shop: store.shop.domain, fields };
    if (faults.strike('bulk-denied', chance, (settings) => (settings.type ?? type) === type)) {
      const isQuery = type === 'QUERY';
      throw bulkNotEnabled(
        `bulkOperationRun${isQuery ? 'Query' : 'Mutation'}`,
        isQuery ? 'queries' : 'mutations',
      );
    }
    const plan = planOfFaults(faults, chance, type);
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
    const startedAt = this.#now();
    const running: Running = {
      operation,
      store,
      controller,
      startedAt,
      timedOut: false,
      done: Promise.resolve(),
    };
    this.#shared.running.set(operation, running);
    running.done = this.#run(running, plan, work).finally(() => this.#shared.work.delete(running.done));
    this.#shared.work.add(running.done);
    return { operation: { ...operation }, userErrors: [] };
  }

  async #run(running: Running, plan: FaultPlan, work: Work): Promise<void> {
    const { operation, store } = running;
    const { signal } = running.controller;
    const shared = this.#shared;
    await pause(this.#sandbox.fast ? 0 : START_DELAY_MS, signal);
    shared.folder ??= mkdtemp(path.join(tmpdir(), 'regulars-sandbox-bulk-'));
    const name = `${store.shop.domain}-${operation.id}-${randomUUID()}.jsonl`;
    const file = await ResultFile.create(path.join(await shared.folder, name), plan.ends?.afterLines);
    if (!signal.aborted && operation.status === 'CREATED') operation.status = 'RUNNING';
    const context: GraphContext & { permissions: Permissions } = {
      sandbox: this.#sandbox,
      store,
      bulk: this,
      uploads: this.#uploads,
      permissions: this.#permissions,
    };
    let failure: unknown;
    try {
      if (!signal.aborted) await work({ operation, file, context, signal, plan });
    } catch (error) {
      if (error instanceof FileIsFull) operation.objectCount = file.lines;
      else failure = error;
    }
    if (plan.ends?.status === 'STUCK' && failure === undefined) await aborted(signal);
    await file.close();
    const kept = shared.running.delete(operation);
    await spoilResult(file, plan);
    this.#finish(running, file, plan, failure);
    if (shared.closing || !kept) return;
    const chance = { shop: store.shop.domain, fields: plan.fields };
    if (!this.#sandbox.faults.strike('bulk-finish-lost', chance)) {
      store.emit({ kind: 'bulk_finished', bulkOperationId: operation.id });
    }
  }

  #finish(running: Running, file: ResultFile, plan: FaultPlan, failure: unknown): void {
    const { operation, store, timedOut } = running;
    const url = file.lines > 0 && !plan.noUrl ? this.#publish(store, operation, file) : null;
    operation.fileSize = file.bytes;
    operation.completedAt = store.clock.machineNow().toISOString();
    endOperation(operation, url, {
      failure,
      timedOut,
      aborted: running.controller.signal.aborted,
      fault: plan.ends,
    });
  }

  #publish(store: Store, operation: BulkOperation, file: ResultFile): string {
    const { domain } = store.shop;
    const pathname = `/bulk/${domain}/${operation.id}/${randomUUID()}.jsonl`;
    this.#shared.results.set(pathname, { file: file.path, domain, finishedAt: this.#now() });
    return `${this.#sandbox.url}${pathname}`;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
