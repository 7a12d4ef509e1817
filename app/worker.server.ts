/**
 * The worker process: turns (inbox, re-reads, reviews) and jobs (import, tags, nights) until it is told to stop.
 *
 * SIGTERM and SIGINT drain within ten seconds; what is not done by then goes on elsewhere, because every step can
 * be repeated. It outlives restarts of PostgreSQL, and ends with the launcher that started it.
 */
import { AppError } from './app-error.ts';
import { readConfig } from './config.server.ts';
import { buildContext } from './context.server.ts';
import { refusePowerfulRole } from './db/pool.server.ts';
import { untilDatabaseAnswers } from './db/until-database-answers.server.ts';
import { listenDue } from './jobs/listen-due.server.ts';
import { planAllNights } from './jobs/plan-night.server.ts';
import { workerTurns } from './jobs/turns.server.ts';
import { workJobs, type WorkingJobs } from './jobs/work-jobs.server.ts';
import { startWorkLoop } from './jobs/work-loop.server.ts';
import { describeError, type Log } from './log.server.ts';
import { createFetchResult } from './shopify/fetch-bulk-result.server.ts';
import { createUploadFile } from './shopify/upload-file.server.ts';

const TURNS_SIDE_BY_SIDE = 4;
const STOP_WITHIN_MS = 8_000;
const LAST_WORD_MS = 9_500;

/** Resolves with a function that stops it. */
async function startWorker(): Promise<{ log: Log; stop(): Promise<void> }> {
  const config = readConfig(process.env);
  const context = await buildContext(config, 'worker');
  try {
    await untilDatabaseAnswers(context.log, () => refusePowerfulRole(context.db.pool));
    const ctx = {
      ...context,
      fetchResult: createFetchResult(config),
      uploadFile: createUploadFile(config, { fetch: context.shopifyFetch }),
    };
    const jobs: WorkingJobs = await workJobs(ctx);
    const loop = startWorkLoop(ctx, workerTurns(ctx), { concurrency: TURNS_SIDE_BY_SIDE });
    const listening = listenDue(config.directDatabaseUrl, () => loop.wake(), ctx.log);
    await planAllNights(ctx);
    ctx.log.info('worker started');
    return {
      log: ctx.log,
      async stop() {
        await Promise.allSettled([listening.stop(), loop.stop(), jobs.stop(STOP_WITHIN_MS)]);
        await context.close();
      },
    };
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function main(): Promise<void> {
  let stopping = false;
  const starting = startWorker();
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), LAST_WORD_MS).unref();
    void starting.then(
      async ({ log, stop: stopWorker }) => {
        log.info({ why }, 'worker stops');
        await stopWorker();
        process.exit(0);
      },
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // Started by a launcher: when it is gone, nobody would ever stop us.
  process.on('disconnect', () => stop('the launcher is gone'));
  try {
    await starting;
  } catch (error) {
    process.stderr.write(
      `${error instanceof AppError ? error.userMessage : JSON.stringify(describeError(error))}\n`,
    );
    process.exit(1);
  }
}

await main();
