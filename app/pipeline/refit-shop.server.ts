/**
 * The value models of one shop: counts from the facts, a fit on a thread of its own, and publication by the rule and
 * the brake. A fit that would move many people in live segments waits for a person; any other that is due is put in
 * force and applied to everybody. Killed anywhere and run again it ends the same: a fit that is in force but not
 * applied to everybody is applied too.
 */
import type { Clock } from '../clock.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import type { Log } from '../log.server.ts';
import { noteAvailability } from '../segments/note-availability.server.ts';
import { fitOnThread } from '../value/fit-on-thread.server.ts';
import { readFitInput } from '../value/read-fit-input.server.ts';
import { readFit } from '../value/read-fit.server.ts';
import { putFitInForce, storeFit, type StoredFit } from '../value/store-fit.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { isUnderWay } from './background-run.server.ts';
import { applyFit } from './apply-fit.server.ts';
import { needsPerson } from './brake.ts';
import { holdPublication, readDecisions, replaceHeld } from './held-change.server.ts';
import { measurePublication } from './measure-publication.server.ts';

export type FitPublication =
  | { outcome: 'published'; reason: Extract<StoredFit, { outcome: 'due' }>['reason']; version: number }
  /** For a person: so many customers would be affected. */
  | { outcome: 'held'; version: number; affected: number }
  /** Another order policy is being worked out, or taken back: the next night's fit is by what is in force then. */
  | { outcome: 'under_way' }
  | Exclude<StoredFit, { outcome: 'due' }>;

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
    chunk,
    signal,
  }: { publish?: 'if-due' | 'force'; chunk?: number; signal?: AbortSignal } = {},
): Promise<Refit> {
  const { input, day } = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    const today = await readShopDay(tx, ctx.clock.now());
    return { input: await readFitInput(tx, today), day: today };
  });
  const fit = await fitOnThread(input, signal);
  const stored = await ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const decisions = await readDecisions(tx, 'fit');
    const result = await storeFit(tx, day, { fit, size: input.size }, publish, decisions);
    if (result.outcome === 'kept') await replaceHeld(tx, 'fit', day.now);
    // Trust may be lost: whoever asks for predictions stands still from here on.
    await noteAvailability(tx, { now: day.now, release: 'later' });
    return result;
  });
  const batches = chunk === undefined ? {} : { chunk };
  const publication = stored.outcome === 'due' ? await putInForce(ctx, shopId, stored, batches) : stored;
  const predictions = await applyFit(ctx, shopId, batches);
  if (publication.outcome === 'refused') {
    ctx.log.warn({ shopId, reason: publication.reason }, 'the value models were not put in force');
  }
  ctx.log.info({ shopId, publication: publication.outcome, predictions }, 'value models fitted');
  return { publication, predictions };
}

async function putInForce(
  ctx: { db: Db; clock: Clock },
  shopId: ShopId,
  { reason, version }: Extract<StoredFit, { outcome: 'due' }>,
  batches: { chunk?: number },
): Promise<FitPublication> {
  const now = ctx.clock.now();
  const fit = await ctx.db.inShop(shopId, (tx) => readFit(tx, version));
  if (!fit) return { outcome: 'kept' };
  const measured = await measurePublication(ctx, shopId, { subject: 'fit', fit }, { now, ...batches });
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    if (await isUnderWay(tx, ['policy'])) return { outcome: 'under_way' };
    if (needsPerson(measured.affected, measured.buyers)) {
      await holdPublication(tx, { subject: 'fit', version, measured, now });
      return { outcome: 'held', version, affected: measured.affected };
    }
    await replaceHeld(tx, 'fit', now);
    return (await putFitInForce(tx, version, now))
      ? { outcome: 'published', reason, version }
      : { outcome: 'kept' };
  });
}
