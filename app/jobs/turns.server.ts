/** What is done when a shop is due, by kind of work. Long work becomes a job; the rest is done in the turn. */
import type { Turn, TurnTaker } from './work-loop.server.ts';
import { releaseWaiting } from '../activation/flow/release-waiting.server.ts';
import { goOnLeaving } from '../activation/leaving/go-on-leaving.server.ts';
import { settleOfferDay } from '../activation/offers/settle-offer-day.server.ts';
import type { DueShop, Work } from '../db/shop-due.server.ts';
import { reviewBatch } from '../pipeline/review-due.server.ts';
import type { JobName } from './catalogue.ts';
import { drainInbox } from './drain-inbox.server.ts';
import { drainRereads } from './drain-rereads.server.ts';
import type { WorkerContext } from './worker-context.server.ts';

/** While a job is asked for or runs, its wake-up is looked at again after so long, in case the job was lost. */
const LOOK_AGAIN_MS = 5_000;
/** While everything of ours is taken out by the others, how often it is looked at how far it is. */
const LEAVING_LOOK_MS = 1_000;
const LOOK_AGAIN_NIGHT_MS = 10 * 60_000;
/** Another worker has the shop: it will do what there is, unless it dies. */
const BUSY_MS = 250;

export function workerTurns(ctx: WorkerContext): Record<Work, TurnTaker> {
  const later = (milliseconds: number): Turn => ({
    more: false,
    nextAt: new Date(ctx.clock.machineNow().getTime() + milliseconds),
  });
  /** The job settles the wish at the version it saw when it began: one that is killed or dropped is sent again. */
  const asJob =
    (name: Exclude<JobName, 'refresh'>) =>
    async ({ shopId }: DueShop): Promise<Turn> => {
      await ctx.jobs.send(name, { shopId });
      return later(LOOK_AGAIN_MS);
    };
  const drain = { ...ctx, redactionKey: ctx.config.redactionKey };
  return {
    inbox: {
      by: 'machine',
      async take({ shopId }) {
        const drained = await drainInbox(drain, shopId);
        if (drained.outcome === 'busy') return later(BUSY_MS);
        return drained.more ? { more: true } : { more: false, nextAt: null };
      },
    },
    reread: { by: 'machine', take: ({ shopId }) => drainRereads(drain, shopId) },
    review: {
      by: 'business',
      async take({ shopId }) {
        const { more, nextAt } = await reviewBatch(ctx, shopId);
        return more ? { more } : { more, nextAt };
      },
    },
    outbox: { by: 'machine', take: asJob('push-tags') },
    // A finished bulk operation, or a shop that came back: whoever waits for one is polling, but may have died.
    bulk: {
      by: 'machine',
      async take({ shopId }) {
        await ctx.jobs.send('push-tags', { shopId });
        return { more: false, nextAt: null };
      },
    },
    import: { by: 'machine', take: asJob('import') },
    settings: { by: 'machine', take: asJob('sync-shop') },
    recompute: { by: 'machine', take: asJob('recompute') },
    'apply-fit': { by: 'machine', take: asJob('apply-fit') },
    'segment-change': { by: 'machine', take: asJob('segment-change') },
    'segment-sizes': { by: 'machine', take: asJob('segment-sizes') },
    'measure-policy': { by: 'machine', take: asJob('measure-policy') },
    metafields: { by: 'machine', take: asJob('write-metafields') },
    'native-segments': { by: 'machine', take: asJob('sync-native-segments') },
    flow: { by: 'machine', take: asJob('send-flow') },
    'flow-hours': {
      by: 'business',
      async take({ shopId }) {
        const nextAt = await ctx.db.inShop(shopId, (tx) => releaseWaiting(tx, ctx.clock.now()));
        return { more: false, nextAt };
      },
    },
    offers: { by: 'machine', take: asJob('sync-offers') },
    'offer-day': {
      by: 'business',
      async take({ shopId }) {
        return { more: false, nextAt: await settleOfferDay(ctx, shopId, ctx.clock.now()) };
      },
    },
    leftovers: { by: 'machine', take: asJob('sort-leftovers') },
    leaving: {
      by: 'machine',
      async take({ shopId }) {
        const ended = await goOnLeaving(ctx, shopId);
        return ended ? { more: false, nextAt: null } : later(LEAVING_LOOK_MS);
      },
    },
    nightly: {
      by: 'business',
      async take({ shopId }) {
        await ctx.jobs.send('nightly', { shopId });
        return { more: false, nextAt: new Date(ctx.clock.now().getTime() + LOOK_AGAIN_NIGHT_MS) };
      },
    },
  };
}
