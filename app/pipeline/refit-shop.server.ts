/**
 * The value models of one shop: counts from the facts, a fit on a thread of its own, publication by the rule, and
 * when a fit is put in force everybody's predictions and the memberships that rest on them, in chunks under the
 * shop's lock. Killed anywhere and run again
 * it ends the same: a fit that is in force but not applied to everybody is applied first.
 */
import type { Clock } from '../clock.ts';
import { queueChanged } from '../activation/queue-changed.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import type { Log } from '../log.server.ts';
import { evaluateSegments } from '../segments/evaluate-memberships.server.ts';
import { loadReadableSegments } from '../segments/load-segments.server.ts';
import { compileSegments } from '../segments/membership-difference.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { usesPredictions } from '../segments/uses-predictions.ts';
import { fitOnThread } from '../value/fit-on-thread.server.ts';
import { readFitInput } from '../value/read-fit-input.server.ts';
import { readFitInForce } from '../value/read-fit.server.ts';
import { markFitApplied, storeFit, type FitPublication } from '../value/store-fit.server.ts';
import { writePredictions } from '../value/write-predictions.server.ts';
import { allowMassAct } from './allow-mass-act.server.ts';

const CHUNK = 20_000;

export interface Refit {
  publication: FitPublication;
  /** Predictions written or removed. */
  predictions: number;
}

export async function refitShop(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  {
    publish = 'if-due',
    chunk = CHUNK,
    signal,
  }: { publish?: 'if-due' | 'force'; chunk?: number; signal?: AbortSignal } = {},
): Promise<Refit> {
  const { input, day } = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    const today = await readShopDay(tx, ctx.clock.now());
    return { input: await readFitInput(tx, today), day: today };
  });
  const fit = await fitOnThread(input, signal);
  const publication = await ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    return storeFit(tx, day, { fit, size: input.size }, publish);
  });
  const predictions = await applyFit(ctx, shopId, chunk);
  if (publication.outcome === 'refused') {
    ctx.log.warn({ shopId, reason: publication.reason }, 'the value models were not put in force');
  }
  ctx.log.info({ shopId, publication: publication.outcome, predictions }, 'value models fitted');
  return { publication, predictions };
}

/** Writes everybody's predictions when the fit in force is not applied yet. */
async function applyFit(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  chunk: number,
): Promise<number> {
  const fit = await ctx.db.inShop(shopId, readFitInForce);
  if (!fit || fit.appliedAt) return 0;
  let predictions = 0;
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const step = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      const page = await touchCustomersAfter(tx, from, chunk, 'refit');
      const written = page.touched > 0 ? await scoreTouched(tx, ctx) : 0;
      if (page.last === null) await markFitApplied(tx, fit.version, ctx.clock.now());
      return { ...page, written };
    });
    after = step.last;
    predictions += step.written;
  }
  return predictions;
}

/**
 * Predictions of the touched customers, then their memberships in the segments that ask for them; no others, since
 * nothing else has changed.
 * @returns predictions written or removed
 */
async function scoreTouched(tx: ShopTx, { clock, log }: { clock: Clock; log: Log }): Promise<number> {
  const now = clock.now();
  const { day, context } = await readRuleDay(tx, now);
  const written = await writePredictions(tx, day);
  const active = await loadReadableSegments(tx, { statuses: ['live', 'paused'] });
  const segments = active.filter(({ rule }) => usesPredictions(rule));
  if (segments.length > 0) {
    const { entered, left, failedIds } = await evaluateSegments(tx, compileSegments(segments), {
      now,
      context,
      log,
    });
    const queued = await queueChanged(tx, now);
    log.info(
      { shopId: tx.shopId, entered, left, queued, failedIds },
      'memberships follow the new predictions',
    );
  }
  return written;
}
