/** Lets pg-boss run the catalogue's jobs in this process. */
import type { PgBoss } from 'pg-boss';
import { AppError } from '../app-error.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { startBoss } from './boss.server.ts';
import { JOB_NAMES, JOBS, type JobName } from './catalogue.ts';
import { handleApplyFit } from './handlers/apply-fit.server.ts';
import { handleImport } from './handlers/import.server.ts';
import { handleMeasurePolicy } from './handlers/measure-policy.server.ts';
import { handleNightly } from './handlers/nightly.server.ts';
import { handlePrune } from './handlers/prune.server.ts';
import { handlePushTags } from './handlers/push-tags.server.ts';
import { handleRefit } from './handlers/refit.server.ts';
import { handleReconcile } from './handlers/reconcile.server.ts';
import { handleRecompute } from './handlers/recompute.server.ts';
import { handleRefresh } from './handlers/refresh.server.ts';
import { handleSegmentChange } from './handlers/segment-change.server.ts';
import { handleSegmentSizes } from './handlers/segment-sizes.server.ts';
import { handleSendFlow } from './handlers/send-flow.server.ts';
import { handleSortLeftovers } from './handlers/sort-leftovers.server.ts';
import { handleSyncNativeSegments } from './handlers/sync-native-segments.server.ts';
import { handleSyncOffers } from './handlers/sync-offers.server.ts';
import { handleSyncShop } from './handlers/sync-shop.server.ts';
import { handleWriteMetafields } from './handlers/write-metafields.server.ts';
import type { Job } from './job-handler.ts';
import { tellWhatWaits } from './tell-what-waits.server.ts';
import { whenLetIn, whenRefused } from './when-refused.server.ts';
import type { WorkerContext } from './worker-context.server.ts';

const HANDLERS: { [N in JobName]: (ctx: WorkerContext, job: Job<N>) => Promise<void> } = {
  import: handleImport,
  'push-tags': handlePushTags,
  nightly: handleNightly,
  reconcile: handleReconcile,
  recompute: handleRecompute,
  'sync-shop': handleSyncShop,
  refit: handleRefit,
  'apply-fit': handleApplyFit,
  'segment-change': handleSegmentChange,
  'segment-sizes': handleSegmentSizes,
  'measure-policy': handleMeasurePolicy,
  'write-metafields': handleWriteMetafields,
  'sync-native-segments': handleSyncNativeSegments,
  'send-flow': handleSendFlow,
  'sync-offers': handleSyncOffers,
  'sort-leftovers': handleSortLeftovers,
  prune: handlePrune,
  refresh: handleRefresh,
};

/** Coming back asks for everything anew. */
async function isInstalled(db: Db, shopId: ShopId): Promise<boolean> {
  const { rowCount } = await db.outsideShops((tx) =>
    tx.query(sql`SELECT 1 FROM shop WHERE id = ${shopId} AND state = 'installed'`),
  );
  return rowCount === 1;
}

const POLL_SECONDS = 0.5;

export interface WorkingJobs {
  /** Lets go of every job; those that do not end within the time go back to the queue. */
  stop(withinMs: number): Promise<void>;
}

export async function workJobs(ctx: WorkerContext): Promise<WorkingJobs> {
  const boss = await startBoss(ctx.db, 'work', ctx.log);
  const stopping = new AbortController();
  for (const name of JOB_NAMES) await workOne(ctx, boss, name, stopping.signal);
  return {
    async stop(withinMs) {
      stopping.abort();
      await boss.stop({ graceful: true, close: false, timeout: withinMs });
    },
  };
}

async function workOne<N extends JobName>(
  ctx: WorkerContext,
  boss: PgBoss,
  name: N,
  stopping: AbortSignal,
): Promise<void> {
  const { concurrency, schema } = JOBS[name];
  await boss.work(
    name,
    { localConcurrency: concurrency, pollingIntervalSeconds: POLL_SECONDS, batchSize: 1 },
    async (jobs) => {
      for (const job of jobs) {
        const data = schema.parse(job.data) as Job<N>['data'];
        const log = ctx.log.child({ job: name, jobId: job.id, shopId: data.shopId });
        const signal = AbortSignal.any([stopping, job.signal]);
        try {
          if (!(await isInstalled(ctx.db, data.shopId))) {
            log.info('the app is not installed: nothing is done');
            continue;
          }
          await HANDLERS[name]({ ...ctx, log }, { data, signal });
          await whenLetIn(ctx, name, data.shopId);
          await tellWhatWaits({ ...ctx, log }, data.shopId);
        } catch (error) {
          if (!signal.aborted && (await whenRefused(ctx, name, data.shopId, error))) {
            log.warn({ err: error }, 'Shopify refuses this app: the job waits');
            await tellWhatWaits({ ...ctx, log }, data.shopId);
            continue;
          }
          if (signal.aborted) log.info('job interrupted: it goes on elsewhere or later');
          else log.error({ err: error, retry: job.retryCount }, 'job failed');
          // pg-boss keeps what is thrown: of an error nothing but a code of ours.
          throw new Error(signal.aborted ? 'interrupted' : error instanceof AppError ? error.code : 'failed');
        }
      }
    },
  );
}
