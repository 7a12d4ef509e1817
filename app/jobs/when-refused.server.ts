/**
 * Shopify lets nobody of us in (HTTP 403: our address is not on the app's IP allowlist; 401, 402, 423: token, plan,
 * store): trying again at once helps nobody. The job ends, its wish waits, and it goes on by itself once the cause
 * is mended: each try is one call.
 */
import { AppError } from '../app-error.ts';
import { sql } from '../db/sql.ts';
import type { Work } from '../db/shop-due.server.ts';
import type { ShopId } from '../db/tenancy.server.ts';
import { deniedText } from '../shopify/denied.ts';
import { recordStanding } from '../shopify/standing.server.ts';
import type { JobName } from './catalogue.ts';
import type { WorkerContext } from './worker-context.server.ts';

const AGAIN_MS = 15 * 60_000;
/** The wishes of jobs that call Shopify (turns.server.ts). What waits with a wish sends no job meanwhile. */
const WISHES: Partial<Record<JobName, Work>> = {
  import: 'import',
  'push-tags': 'outbox',
  'sync-shop': 'settings',
  'sync-offers': 'offers',
  'write-metafields': 'metafields',
  'sync-native-segments': 'native-segments',
  'send-flow': 'flow',
  'sort-leftovers': 'leftovers',
};
/** Those that call Shopify whenever they run: of the others a good end says nothing. */
const CALLERS: readonly JobName[] = ['import', 'push-tags', 'sync-shop', 'reconcile'];

/** @returns whether that is what happened; then the job is to end without an error */
export async function whenRefused(
  ctx: Pick<WorkerContext, 'db' | 'clock'>,
  name: JobName,
  shopId: ShopId,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof AppError) || error.retryable) return false;
  const address = error.code === 'config' && error.context['status'] === 403;
  if (!address && error.code !== 'shopify_access') return false;
  const now = ctx.clock.machineNow();
  const work = WISHES[name];
  await ctx.db.inShop(shopId, async (tx) => {
    // A single field that is refused is no word on all calls.
    if (deniedText(error) === undefined) {
      await recordStanding(tx, 'calls', { state: 'refused', why: address ? 'address' : 'access' }, now);
    }
  });
  if (work !== undefined) {
    const at = new Date(now.getTime() + AGAIN_MS);
    await ctx.db.outsideShops((tx) =>
      tx.query(sql`
        UPDATE shop_due SET due_at = greatest(due_at, ${at}) WHERE shop_id = ${shopId} AND work = ${work}`),
    );
  }
  return true;
}

/** A job that calls Shopify has ended well: whoever was refused is let in again. */
export async function whenLetIn(
  ctx: Pick<WorkerContext, 'db' | 'clock'>,
  name: JobName,
  shopId: ShopId,
): Promise<void> {
  if (!CALLERS.includes(name)) return;
  const now = ctx.clock.machineNow();
  await ctx.db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE shopify_standing SET state = 'granted', why = '', since = ${now}, seen_at = ${now}
       WHERE shop_id = ${shopId} AND subject = 'calls' AND state = 'refused'`),
  );
}
