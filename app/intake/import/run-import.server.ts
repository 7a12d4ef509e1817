/**
 * The import: three bulk queries at Shopify (page by page where Shopify refuses those), their files into the facts,
 * then everything that is computed.
 * Where it stands lies in import_run and import_part, so it may be killed anywhere: the next call goes on.
 * Running it again, or while webhooks come in, changes nothing that is newer (stamps decide).
 *
 * Acts: read the shop's currency -> see what is shown -> start -> look until ready -> load -> join -> afterLoad -> done.
 */
import { AppError } from '../../app-error.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { syncShopSettings } from '../sync-shop-settings.server.ts';
import type { ImportContext, OnProgress } from './import-context.server.ts';
import {
  failRun,
  finishRun,
  openRun,
  setProgress,
  setWaiting,
  type ImportRun,
} from './import-rows.server.ts';
import { joinImport } from './join-import.server.ts';
import { DATA_NOT_SHOWN, ImportFailure, readAll } from './read-parts.server.ts';
import { seeWhatIsShown } from './see-what-is-shown.server.ts';

export type { ImportContext, OnProgress } from './import-context.server.ts';

export type ImportOutcome =
  | { outcome: 'done'; runId: string }
  /** Named in import_run with words for the merchant; starting again makes a new run. */
  | { outcome: 'failed'; runId: string; message: string };

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
    const shown = await seeWhatIsShown(ctx, shopId);
    if (shown.outcome === 'nothing') throw new ImportFailure(DATA_NOT_SHOWN);
    await setWaiting(ctx.db, shopId, run.id, null);
    const { hidden } = shown;
    await readAll({ ctx: { ...ctx, log }, shopId, run, currency, hidden, restarts: new Map() });

    await setProgress(ctx.db, shopId, run.id, 'joining', 0, 1);
    const joined = await ctx.db.inShop(shopId, (tx) => joinImport(tx, ctx.clock.machineNow()));
    log.info(joined, 'import joined');
    await ctx.afterLoad(shopId, progressWriter(ctx, shopId, run));
    await finishRun(ctx.db, shopId, run.id, ctx.clock.machineNow());
    log.info('import done');
    return { outcome: 'done', runId: run.id };
  } catch (error) {
    if (error instanceof AppError && error.code === 'config') {
      // Nothing is wrong with this run: it goes on where it is as soon as it is let in again.
      await setWaiting(ctx.db, shopId, run.id, error.userMessage);
      throw error;
    }
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
      return error.userMessage;
    default:
      return undefined;
  }
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
