/**
 * The import: three bulk queries at Shopify, their files into the facts, then everything that is computed.
 * Where it stands lies in import_run and import_part, so it may be killed anywhere: the next call goes on.
 * Running it again, or while webhooks come in, changes nothing that is newer (stamps decide).
 *
 * Acts: read the shop's currency -> start -> look until ready -> load -> join -> afterLoad -> done.
 */
import { AppError } from '../../app-error.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import type { BulkKind } from '../../shopify/documents/bulk-queries.ts';
import { readPicks } from '../read-picks.server.ts';
import { syncShopSettings } from '../sync-shop-settings.server.ts';
import type { ImportContext, OnProgress } from './import-context.server.ts';
import {
  changePart, failRun, finishRun, openRun, readParts, setProgress, type ImportPart, type ImportRun,
} from './import-rows.server.ts'; // prettier-ignore
import { joinImport } from './join-import.server.ts';
import { loadPart } from './load-part.server.ts';
import { ended, pollBulk } from './poll-bulk.server.ts';
import { renewStatistics } from './statistics.server.ts';
import { startBulk } from './start-bulk.server.ts';
import { waitFor } from './wait-for.server.ts';

export type { ImportContext, OnProgress } from './import-context.server.ts';

export type ImportOutcome =
  | { outcome: 'done'; runId: string }
  /** Named in import_run with words for the merchant; starting again makes a new run. */
  | { outcome: 'failed'; runId: string; message: string };

/** How often a part is started anew, or read on after its file broke off, before a person is asked. */
const RESTARTS = 2;
const REREADS = 5;
const LOOK_MS = { first: 300, most: 5_000 };
/** Without a free slot for this long, somebody else's operations are stuck. */
const BUSY_MS = 30 * 60_000;

/** An end that a person must know of: what happened and what to do. */
class ImportFailure extends Error {}

interface Work {
  ctx: ImportContext;
  shopId: ShopId;
  run: ImportRun;
  currency: string;
  restarts: Map<BulkKind, number>;
}

/**
 * @returns when the import is done, or cannot go on without a person
 * @throws AppError (retryable) or a database error when calling it again may go on
 */
export async function runImport(ctx: ImportContext, shopId: ShopId): Promise<ImportOutcome> {
  const run = await openRun(ctx.db, shopId, ctx.clock.machineNow());
  const log = ctx.log.child({ shopId, importRun: run.id });
  log.info({ resumed: run.resumed, step: run.step }, 'import');
  try {
    const { currency } = await syncShopSettings(ctx, shopId, { importFollows: !run.resumed });
    await readAll({ ctx: { ...ctx, log }, shopId, run, currency, restarts: new Map() });

    await setProgress(ctx.db, shopId, run.id, 'joining', 0, 1);
    const joined = await ctx.db.inShop(shopId, (tx) => joinImport(tx, ctx.clock.machineNow()));
    log.info(joined, 'import joined');
    await ctx.afterLoad(shopId, progressWriter(ctx, shopId, run));
    await finishRun(ctx.db, shopId, run.id, ctx.clock.machineNow());
    log.info('import done');
    return { outcome: 'done', runId: run.id };
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    log.warn({ err: error }, 'import failed');
    await failRun(ctx.db, shopId, run.id, message, ctx.clock.machineNow());
    return { outcome: 'failed', runId: run.id, message };
  }
}

/** Words for the merchant when calling again would not help by itself. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof ImportFailure) return error.message;
  if (!(error instanceof AppError) || error.retryable) return undefined;
  switch (error.code) {
    case 'shopify_access':
    case 'shopify_rejected':
    case 'shopify_user_error':
    case 'bad_payload':
    case 'not_found':
    case 'config':
      return error.userMessage;
    default:
      return undefined;
  }
}

/** Takes every part one step further, again and again, until all are done. */
async function readAll(work: Work): Promise<void> {
  const { ctx, shopId, run } = work;
  let pause = LOOK_MS.first;
  let waited = 0;
  for (;;) {
    ctx.signal?.throwIfAborted();
    const parts = await readParts(ctx.db, shopId, run.id);
    if (parts.every((part) => part.state === 'done')) return;
    let moved = false;
    // What can be loaded is loaded last: the other reads run at Shopify meanwhile.
    for (const part of parts.filter(({ state }) => state === 'starting')) {
      moved = (await start(work, part)) || moved;
    }
    for (const part of parts.filter(({ state }) => state === 'running')) {
      moved = (await look(work, part)) || moved;
    }
    for (const part of parts.filter(({ state }) => state === 'loading')) {
      moved = (await load(work, part)) || moved;
    }
    if (moved) {
      pause = LOOK_MS.first;
      waited = 0;
      continue;
    }
    if (waited > BUSY_MS && parts.some(({ state }) => state === 'starting')) {
      throw new ImportFailure(
        'Shopify is busy with other bulk operations of this app. Start the import again later.',
      );
    }
    await (ctx.wait ?? waitFor)(pause, ctx.signal);
    waited += pause;
    pause = Math.min(LOOK_MS.most, pause * 1.5);
  }
}

async function start(work: Work, part: ImportPart): Promise<boolean> {
  const { ctx, shopId, run } = work;
  const before = run.resumed ? new Date(run.startedAt.getTime() - 60_000) : undefined;
  const asked = ctx.clock.machineNow();
  const picks = await ctx.db.inShop(shopId, readPicks);
  const extras = { ...picks, metafields: picks.metafields.map(({ key }) => key) };
  let started;
  try {
    started = await startBulk(ctx.admin, part.kind, {
      extras,
      maybeStartedSince: before,
      signal: ctx.signal,
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'shopify_unavailable' || error.retryable) throw error;
    // The answer was lost: it may be running.
    const since = new Date(asked.getTime() - 60_000);
    started = await startBulk(ctx.admin, part.kind, { extras, maybeStartedSince: since, signal: ctx.signal });
  }
  switch (started.outcome) {
    case 'started':
      await changePart(ctx.db, shopId, run.id, part, {
        state: 'running',
        bulkId: started.id,
        readStartedAt: started.createdAt,
        fromStart: true,
      });
      return true;
    case 'busy':
      return false;
    case 'denied':
    case 'refused':
      throw new ImportFailure(started.message);
  }
}

async function look(work: Work, part: ImportPart): Promise<boolean> {
  const { ctx, shopId, run } = work;
  const bulk = await pollBulk(ctx.admin, part.kind, part.bulkId ?? '', ctx.signal);
  switch (bulk.state) {
    case 'running':
      await changePart(ctx.db, shopId, run.id, part, { state: 'running', objectCount: bulk.objectCount });
      return false;
    case 'ready':
      await changePart(ctx.db, shopId, run.id, part, {
        state: 'loading',
        url: bulk.url,
        objectCount: bulk.objectCount,
        fileSize: bulk.fileSize,
        readStartedAt: bulk.createdAt,
      });
      return true;
    case 'empty':
      await changePart(ctx.db, shopId, run.id, part, { state: 'done', readStartedAt: bulk.createdAt });
      return true;
    case 'ended':
      return startAnew(work, part, bulk);
  }
}

async function load(work: Work, part: ImportPart): Promise<boolean> {
  const { ctx, shopId, run } = work;
  let current = part;
  for (let tries = 1; ; tries += 1) {
    try {
      await loadPart(ctx, shopId, run.id, current, work.currency);
      await renewStatistics(ctx.db);
      await changePart(ctx.db, shopId, run.id, part, { state: 'done' });
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'not_found') return startAnew(work, part, ended('expired', part.kind));
      if (error.code !== 'shopify_unavailable') throw error;
      const now = (await readParts(ctx.db, shopId, run.id)).find(({ kind }) => kind === part.kind);
      if (!now || now.state !== 'loading' || now.bulkId !== part.bulkId) throw error;
      // As long as it gets further, it is read on.
      if (now.byteOffset !== current.byteOffset) tries = 0;
      if (tries >= REREADS) return startAnew(work, part, ended('failed', part.kind));
      current = now;
      await (ctx.wait ?? waitFor)(LOOK_MS.first * 2 ** tries, ctx.signal);
    }
  }
}

/** Another bulk query for the part: facts of the old file stay, by their stamps. */
async function startAnew(
  work: Work,
  part: ImportPart,
  end: { again: boolean; message: string; reason: string },
): Promise<boolean> {
  const count = (work.restarts.get(part.kind) ?? 0) + 1;
  if (!end.again || count > RESTARTS) throw new ImportFailure(end.message);
  work.restarts.set(part.kind, count);
  work.ctx.log.info({ kind: part.kind, reason: end.reason, count }, 'bulk query started again');
  await changePart(work.ctx.db, work.shopId, work.run.id, part, { state: 'starting', fromStart: true });
  return true;
}

/** At most one write in half a second, and every change of step. */
function progressWriter(ctx: ImportContext, shopId: ShopId, run: ImportRun): OnProgress {
  let last = { step: '', at: 0 };
  return async (step, done, total) => {
    const at = ctx.clock.machineNow().getTime();
    if (step === last.step && at - last.at < 500 && done < total) return;
    last = { step, at };
    await setProgress(ctx.db, shopId, run.id, step, done, total);
  };
}
