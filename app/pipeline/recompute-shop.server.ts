/**
 * Everything again from the facts: after an import, a change of policy, currency or time zone. In chunks of
 * customers, each a transaction under the shop's lock, so the inbox gets its turn in between; running it
 * again after a kill ends the same.
 *
 * Profiles of all first, because the store-wide numbers are computed over them; then scores and memberships.
 */
import type { Clock } from '../clock.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { computeProfiles } from '../history/compute-profiles.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import type { MassCause } from '../intake/cause.ts';
import type { Log } from '../log.server.ts';
import { publishCutPoints, type Publication } from '../value/publish-cut-points.server.ts';
import { allowMassAct } from './allow-mass-act.server.ts';
import { refreshTouched } from './refresh.server.ts';

export interface RecomputeContext {
  db: Db;
  clock: Clock;
  log: Log;
}

export interface RecomputeOptions {
  cause: MassCause;
  /** Whether new store-wide numbers are put in force: when section "published" says so, in any case, or not. */
  publish: 'if-due' | 'force' | 'never';
  /** `done` and `total` are customers. */
  onProgress?: (step: RecomputeStep, done: number, total: number) => void | Promise<void>;
  /** Customers in one transaction. */
  chunk?: number;
}

export type RecomputeStep = 'profiles' | 'scores' | 'memberships';

export interface Recomputed {
  customers: number;
  published: Publication['outcome'] | 'not_asked';
  entered: number;
  left: number;
  queued: number;
}

const CHUNK = 20_000;

export async function recomputeShop(
  ctx: RecomputeContext,
  shopId: ShopId,
  { cause, publish, onProgress, chunk = CHUNK }: RecomputeOptions,
): Promise<Recomputed> {
  const total = await countCustomers(ctx, shopId);
  let customers = 0;
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const step = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      const page = await touchCustomersAfter(tx, from, chunk, cause);
      await computeProfiles(tx, await readShopDay(tx, ctx.clock.now()));
      return page;
    });
    after = step.last;
    customers += step.touched;
    await onProgress?.('profiles', customers, Math.max(total, customers));
  }

  await onProgress?.('scores', 0, total);
  const publication = await ctx.db.inShop(shopId, async (tx) => {
    if (publish === 'never') return 'not_asked';
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    return (await publishCutPoints(tx, await readShopDay(tx, ctx.clock.now()), publish)).outcome;
  });
  await onProgress?.('scores', total, total);

  const result: Recomputed = { customers, published: publication, entered: 0, left: 0, queued: 0 };
  let done = 0;
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const step = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      const page = await touchCustomersAfter(tx, from, chunk, cause);
      if (page.touched === 0) return { ...page, entered: 0, left: 0, queued: 0 };
      const refreshed = await refreshTouched(tx, { now: ctx.clock.now(), from: 'scores', log: ctx.log });
      return { ...page, ...refreshed };
    });
    after = step.last;
    done += step.touched;
    result.entered += step.entered;
    result.left += step.left;
    result.queued += step.queued;
    await onProgress?.('memberships', done, Math.max(total, done));
  }
  ctx.log.info({ shopId, cause, ...result }, 'shop recomputed');
  return result;
}

async function countCustomers(ctx: RecomputeContext, shopId: ShopId): Promise<number> {
  return ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM customer WHERE shop_id = ${shopId} AND deleted_at IS NULL`,
    );
    return rows[0]?.n ?? 0;
  });
}
