/** What is done when a shop is due, by kind of work. Long work becomes a job; the rest is done in the turn. */
import type { Turn, TurnTaker } from './work-loop.server.ts';
import type { DueShop, Work } from '../db/shop-due.server.ts';
import { reviewDue } from '../pipeline/review-due.server.ts';
import { drainInbox } from './drain-inbox.server.ts';
import { drainRereads } from './drain-rereads.server.ts';
import type { WorkerContext } from './worker-context.server.ts';

/** While a job is asked for or runs, its wake-up is looked at again after so long, in case the job was lost. */
const LOOK_AGAIN_MS = 5_000;
const LOOK_AGAIN_NIGHT_MS = 10 * 60_000;
/** Another worker has the shop: it will do what there is, unless it dies. */
const BUSY_MS = 250;

export function workerTurns(ctx: WorkerContext): Record<Work, TurnTaker> {
  const later = (milliseconds: number): Turn => ({
    more: false,
    nextAt: new Date(ctx.clock.machineNow().getTime() + milliseconds),
  });
  const asJob =
    (name: 'push-tags') =>
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
        const { nextAt } = await reviewDue(ctx, shopId);
        return { more: false, nextAt };
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
    import: {
      by: 'machine',
      async take({ shopId }) {
        await ctx.jobs.send('import', { shopId });
        return { more: false, nextAt: null };
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
