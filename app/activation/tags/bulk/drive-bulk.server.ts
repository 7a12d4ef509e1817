/**
 * Drives one file to its end, from whatever state it is found in: stage, run, poll, read. Each state is stored
 * before the step that follows it:
 *
 *   staging -> (stored as running) -> run -> shopify_id -> poll -> reading -> done
 *
 * A worker that dies between "running" and the id finds the operation by the marker in its text; only when
 * Shopify has never seen it is the file run again. The finish webhook is a hint: polling with back-off is the truth.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, assertNever } from '../../../app-error.ts';
import type { ShopId } from '../../../db/tenancy.server.ts';
import { deniedText } from '../../../shopify/denied.ts';
import { whyNoBulk, type Why } from '../../../shopify/standing.ts';
import { recordStanding } from '../../../shopify/standing.server.ts';
import { mayWrite } from '../may-write.server.ts';
import type { PushContext } from '../push-context.server.ts';
import {
  cancelBulkOperation,
  findBulkOperation,
  readBulkOperation,
  runBulkMutation,
  stageUpload,
  type BulkOperationState,
} from './bulk-api.server.ts';
import { bulkDocument, bulkFile, bulkMarker } from './bulk-mutation-document.ts';
import {
  openLines,
  readBulk,
  releaseUnrun,
  setReading,
  setRunning,
  type BulkRow,
} from './bulk-rows.server.ts';
import { readBulkResult } from './read-bulk-result.server.ts';

const FIRST_POLL_MS = 250;
const LAST_POLL_MS = 2_000;
const MAX_WAIT_MS = 30_000;
const MAX_UPLOADS = 3;

export type BulkEnd =
  | 'done'
  /** Shopify does not let us run bulk mutations: the customers go the single way. */
  | 'denied';

/** @throws when `signal` is aborted; the file is then found again as it is stored */
export async function driveBulk(
  ctx: PushContext,
  shopId: ShopId,
  bulkId: string,
  signal: AbortSignal,
): Promise<BulkEnd> {
  let failures = 0;
  let uploads = 0;
  for (;;) {
    signal.throwIfAborted();
    const bulk = await ctx.db.inShop(shopId, (tx) => readBulk(tx, bulkId));
    if (bulk === null || bulk.state === 'done' || bulk.state === 'failed') return 'done';
    try {
      if (bulk.shopifyId !== null) {
        const operation = await waitForEnd(ctx, shopId, bulk.shopifyId, signal);
        await ctx.db.inShop(shopId, (tx) => setReading(tx, bulkId));
        await readOrGiveBack(ctx, shopId, bulk, operation, signal);
        return 'done';
      }
      const started = await start(ctx, shopId, bulk, signal);
      switch (started) {
        case 'started':
        case 'released':
          break;
        case 'busy':
          await sleep(LAST_POLL_MS, undefined, { signal });
          break;
        case 'file':
          if (++uploads >= MAX_UPLOADS) await release(ctx, shopId, bulkId, 'Shopify cannot read the file');
          break;
        default:
          assertNever(started);
      }
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError)) throw error;
      if (error.code === 'shopify_access' && bulk.shopifyId === null) {
        const said = deniedText(error);
        if (said !== undefined) await recordRefusal(ctx, shopId, whyNoBulk(said));
        await release(ctx, shopId, bulkId, error.userMessage);
        return 'denied';
      }
      // A lost answer to "run" is no reason to stop: the marker tells whether it was done.
      if (!error.retryable && error.code !== 'shopify_unavailable') throw error;
      ctx.log.warn({ err: error, shopId, bulkId }, 'a bulk step is tried again');
      await sleep(Math.min(MAX_WAIT_MS, 500 * 2 ** failures++), undefined, { signal });
    }
  }
}

async function recordRefusal(ctx: PushContext, shopId: ShopId, why: Why): Promise<void> {
  ctx.log.warn({ shopId, why }, 'bulk mutations are refused: tags are written one by one');
  await ctx.db.inShop(shopId, (tx) =>
    recordStanding(tx, 'bulk_mutations', { state: 'refused', why }, ctx.clock.machineNow()),
  );
}

async function start(
  ctx: PushContext,
  shopId: ShopId,
  bulk: BulkRow,
  signal: AbortSignal,
): Promise<'started' | 'released' | 'busy' | 'file'> {
  const marker = bulkMarker(bulk.id, bulk.startedAt);
  if (bulk.state === 'running') {
    const found = await findBulkOperation(ctx.admin, marker);
    if (found !== null) {
      await ctx.db.inShop(shopId, (tx) => setRunning(tx, bulk.id, found));
      return 'started';
    }
  }
  const lines = await ctx.db.inShop(shopId, async (tx) => {
    if (await mayWrite(tx)) return openLines(tx, bulk.id);
    await releaseUnrun(tx, bulk.id, {
      at: ctx.clock.machineNow(),
      message: 'writing was stopped',
      single: false,
    });
    return null;
  });
  if (lines === null) return 'released';
  const name = `${marker}.jsonl`;
  const target = await stageUpload(ctx.admin, name);
  const path = await ctx.uploadFile(target, { name, text: bulkFile(lines) }, signal);
  await ctx.db.inShop(shopId, (tx) => setRunning(tx, bulk.id, null));
  const outcome = await runBulkMutation(ctx.admin, {
    mutation: bulkDocument(bulk.act, marker),
    stagedUploadPath: path,
    clientIdentifier: marker,
  });
  switch (outcome.kind) {
    case 'started':
      await ctx.db.inShop(shopId, async (tx) => {
        await setRunning(tx, bulk.id, outcome.id);
        await recordStanding(tx, 'bulk_mutations', { state: 'granted' }, ctx.clock.machineNow());
      });
      ctx.log.info({ shopId, bulkId: bulk.id, act: bulk.act, lines: lines.length }, 'bulk tag write started');
      return 'started';
    case 'busy':
    case 'file':
      return outcome.kind;
    case 'refused':
      ctx.log.error({ shopId, bulkId: bulk.id, said: outcome.said }, 'a bulk tag write was refused');
      await release(ctx, shopId, bulk.id, outcome.said);
      return 'released';
    default:
      return assertNever(outcome);
  }
}

/** A result file that can never be read (expired, not allowed) must not hold its customers for ever. */
async function readOrGiveBack(
  ctx: PushContext,
  shopId: ShopId,
  bulk: BulkRow,
  operation: BulkOperationState | null,
  signal: AbortSignal,
): Promise<void> {
  try {
    await readBulkResult(ctx, shopId, bulk, operation, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable || operation === null) throw error;
    ctx.log.error({ err: error, shopId, bulkId: bulk.id }, 'the result of a bulk tag write cannot be read');
    await readBulkResult(ctx, shopId, bulk, { ...operation, url: null }, signal);
  }
}

async function release(ctx: PushContext, shopId: ShopId, bulkId: string, message: string): Promise<void> {
  await ctx.db.inShop(shopId, (tx) =>
    releaseUnrun(tx, bulkId, { at: ctx.clock.machineNow(), message, single: true }),
  );
}

/** Polls until the operation has ended; cancels it when writing is stopped meanwhile. Null: unknown to Shopify. */
async function waitForEnd(
  ctx: PushContext,
  shopId: ShopId,
  id: string,
  signal: AbortSignal,
): Promise<BulkOperationState | null> {
  let cancelled = false;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(LAST_POLL_MS, wait * 1.5)) {
    const operation = await readBulkOperation(ctx.admin, id);
    if (operation === null) return null;
    switch (operation.status) {
      case 'COMPLETED':
      case 'FAILED':
      case 'CANCELED':
      case 'EXPIRED':
        return operation;
      case 'CREATED':
      case 'RUNNING':
      case 'CANCELING':
        break;
      default:
        assertNever(operation.status);
    }
    if (!cancelled && !(await ctx.db.inShop(shopId, mayWrite))) {
      cancelled = true;
      await cancelBulkOperation(ctx.admin, id);
    }
    await sleep(wait, undefined, { signal });
  }
}
