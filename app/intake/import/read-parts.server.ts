/**
 * The parts of an import, each from nothing to done: start, look until it is ready, load; or page by page where
 * Shopify refuses bulk queries. Every step is stored before the next, so a call that was killed is gone on with.
 */
import { AppError } from '../../app-error.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { deniedText } from '../../shopify/denied.ts';
import type { BulkKind } from '../../shopify/documents/bulk-queries.ts';
import { whyNoBulk } from '../../shopify/standing.ts';
import { recordStanding } from '../../shopify/standing.server.ts';
import { countObjects } from '../count-objects.server.ts';
import { readPicks } from '../read-picks.server.ts';
import type { ImportContext } from './import-context.server.ts';
import { changePart, readParts, type Hidden, type ImportPart, type ImportRun } from './import-rows.server.ts';
import { loadPart } from './load-part.server.ts';
import { ended, pollBulk } from './poll-bulk.server.ts';
import { readPages } from './read-pages.server.ts';
import { startBulk } from './start-bulk.server.ts';
import { renewStatistics } from './statistics.server.ts';
import { waitFor } from './wait-for.server.ts';

/** How often a part is started anew, or read on after its file broke off, before a person is asked. */
const RESTARTS = 2;
const REREADS = 5;
const LOOK_MS = { first: 300, most: 5_000 };
/** Without a free slot for this long, somebody else's operations are stuck. */
const BUSY_MS = 30 * 60_000;

export const DATA_NOT_SHOWN =
  'Shopify does not show this app any customers or orders: the app needs approval for protected customer data ' +
  '(Partner Dashboard, API access requests). What was read before stays as it is. Start the import again when it is there.';

/** An end that a person must know of: what happened and what to do. */
export class ImportFailure extends Error {}

export interface Work {
  ctx: ImportContext;
  shopId: ShopId;
  run: ImportRun;
  currency: string;
  restarts: Map<BulkKind, number>;
  /** What Shopify does not show this app now. */
  hidden: Hidden[];
}

/** Takes every part one step further, again and again, until all are done. */
export async function readAll(work: Work): Promise<void> {
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
  const extras = {
    ...picks,
    postalCodes: picks.postalCodes && !work.hidden.includes('postal_codes'),
    metafields: picks.metafields.map(({ key }) => key),
  };
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
        hidden: work.hidden,
        fromStart: true,
      });
      await ctx.db.inShop(shopId, (tx) =>
        recordStanding(tx, 'bulk_queries', { state: 'granted' }, ctx.clock.machineNow()),
      );
      return true;
    case 'busy':
      return false;
    case 'denied': {
      const why = whyNoBulk(started.said);
      ctx.log.warn({ kind: part.kind, why }, 'bulk queries are refused: reading page by page');
      await ctx.db.inShop(shopId, (tx) =>
        recordStanding(tx, 'bulk_queries', { state: 'refused', why }, ctx.clock.machineNow()),
      );
      return goByPages(work, part);
    }
    case 'refused':
      throw new ImportFailure(started.message);
  }
}

async function goByPages(work: Work, part: ImportPart): Promise<boolean> {
  await changePart(work.ctx.db, work.shopId, work.run.id, part, {
    state: 'loading',
    way: 'paged',
    hidden: work.hidden,
    fromStart: true,
  });
  return true;
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
    case 'denied':
      return goByPages(work, part);
    case 'ended':
      return startAnew(work, part, bulk);
  }
}

async function loadPages(work: Work, part: ImportPart): Promise<boolean> {
  const { ctx, shopId, run } = work;
  try {
    const count = await countObjects(ctx.admin, part.kind, null, { signal: ctx.signal });
    const objectCount = String(count);
    await changePart(ctx.db, shopId, run.id, part, { state: 'loading', objectCount });
    await readPages(ctx, shopId, run.id, part);
  } catch (error) {
    if (deniedText(error) === undefined) throw error;
    throw new ImportFailure(
      part.kind === 'products'
        ? 'Shopify does not show this app the products. Grant its permissions again, then start the import again.'
        : DATA_NOT_SHOWN,
    );
  }
  await renewStatistics(ctx.db);
  await changePart(ctx.db, shopId, run.id, part, { state: 'done' });
  return true;
}

async function load(work: Work, part: ImportPart): Promise<boolean> {
  if (part.way === 'paged') return loadPages(work, part);
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
