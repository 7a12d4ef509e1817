/**
 * Everything again from the facts: after an import, a change of policy, currency or time zone. In chunks of
 * customers, each a transaction under the shop's lock, so the inbox gets its turn in between; running it
 * again after a kill ends the same.
 *
 * Profiles of all first, because the store-wide numbers are computed over them; then scores and memberships.
 *
 * Causes that nobody approved go through the brake: the tags of everybody who changes wait in the outbox until the
 * whole is known, and on for a person's word when it is many. Whatever is not an import shows its progress and can be
 * paused between two chunks; it goes on from the beginning, which costs time and changes nothing.
 *
 * One that is cancelled goes back over everybody, by what is in force again (cancel-run.server.ts). A run that finds
 * itself turned round, or at whose end another policy or time zone is in force than at its beginning, leaves its row: it
 * is to be done once more.
 *
 * An approved run that meets one of another time zone (wished, under way or paused) computes the new days as well, which
 * nobody approved: what it queues waits with that run, which says how many they are.
 */
import type { Clock } from '../clock.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { computeProfiles } from '../history/compute-profiles.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import type { MassCause } from '../intake/cause.ts';
import type { Log } from '../log.server.ts';
import { publishCutPoints, type Publication } from '../value/publish-cut-points.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { finishRun, isCancelled, noteProgress, notePublished, startRun } from './background-run.server.ts';
import { isBraked } from './brake.ts';
import {
  closeOutboxHold,
  openHoldOfUnapproved,
  openOutboxHold,
  type HeldCause,
} from './held-change.server.ts';
import { closeLoss, isLossAmongHeld } from './hold-loss.server.ts';
import { refreshTouched } from './refresh.server.ts';

export interface RecomputeContext {
  db: Db;
  clock: Clock;
  log: Log;
}

export interface RecomputeOptions {
  cause: RecomputeCause;
  /** Through the brake; default: as the cause says. A rebuild that nobody approved says so. */
  braked?: boolean;
  /** Whether new store-wide numbers are put in force: when section "published" says so, in any case, or not. */
  publish: 'if-due' | 'force' | 'never';
  /** `done` and `total` are customers. */
  onProgress?: (step: RecomputeStep, done: number, total: number) => void | Promise<void>;
  /** Customers in one transaction. */
  chunk?: number;
}

export type RecomputeCause = Exclude<MassCause, 'activation'> | 'product';
export type RecomputeStep = 'profiles' | 'scores' | 'memberships';

export interface Recomputed {
  customers: number;
  published: Publication['outcome'] | 'not_asked';
  entered: number;
  left: number;
  queued: number;
  /** Customers whose tags wait for a person; 0: the brake let them go. */
  held: number;
  /** Somebody paused it: it is not finished. */
  paused: boolean;
}

const CHUNK = 20_000;

export async function recomputeShop(
  ctx: RecomputeContext,
  shopId: ShopId,
  { cause, publish, braked, onProgress, chunk = CHUNK }: RecomputeOptions,
): Promise<Recomputed> {
  const now = ctx.clock.now();
  const total = await countCustomers(ctx, shopId);
  const kind = cause === 'import' ? null : cause;
  const { heldBy, back, basis } = await ctx.db.inShop(shopId, async (tx) => {
    // One hold a cause: whoever else opens it has the shop's lock too.
    await waitForShop(tx, shopId);
    if (kind) await startRun(tx, { kind, total: 2 * total, now });
    const held = (braked ?? isBraked(cause)) ? openOutboxHold(tx, { cause: heldCauseOf(cause), now }) : null;
    const cancelled = kind !== null && (await isCancelled(tx, kind));
    return { heldBy: await held, back: cancelled, basis: await readBasis(tx, cause) };
  });
  const result: Recomputed = {
    customers: 0,
    published: 'not_asked',
    entered: 0,
    left: 0,
    queued: 0,
    held: 0,
    paused: false,
  };
  /** Both passes over all customers are one run to whoever looks. */
  const note = (tx: ShopTx, done: number) =>
    kind ? noteProgress(tx, kind, { done, total: 2 * Math.max(total, result.customers) }) : 'go_on';
  /** Ask with the shop's lock held, before anything is computed: what was computed before is of the other way. */
  const turned = async (tx: ShopTx) => kind !== null && (await isCancelled(tx, kind)) !== back;

  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const step = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      if (await turned(tx)) return null;
      const page = await touchCustomersAfter(tx, from, chunk, cause);
      await computeProfiles(tx, await readShopDay(tx, ctx.clock.now()));
      return { ...page, next: await note(tx, result.customers + page.touched) };
    });
    if (!step) return result;
    after = step.last;
    result.customers += step.touched;
    await onProgress?.('profiles', result.customers, Math.max(total, result.customers));
    if (step.next === 'paused') return { ...result, paused: true };
  }

  await onProgress?.('scores', 0, total);
  result.published = await ctx.db.inShop(shopId, async (tx) => {
    if (publish === 'never' || back) return 'not_asked';
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    if (await turned(tx)) return 'not_asked';
    const publication = await publishCutPoints(tx, await readShopDay(tx, ctx.clock.now()), publish);
    if (kind && publication.outcome === 'published') {
      await notePublished(tx, kind, publication.cutPoints.version);
    }
    return publication.outcome;
  });
  await onProgress?.('scores', total, total);

  let done = 0;
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const step = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      if (await turned(tx)) return null;
      const page = await touchCustomersAfter(tx, from, chunk, cause);
      const refreshed =
        page.touched === 0
          ? { entered: 0, left: 0, queued: 0 }
          : await refreshTouched(tx, {
              now: ctx.clock.now(),
              from: 'scores',
              log: ctx.log,
              heldBy: heldBy ?? (await openHoldOfUnapproved(tx, ctx.clock.now())),
              partOfRun: true,
            });
      return { ...page, ...refreshed, next: await note(tx, result.customers + done + page.touched) };
    });
    if (!step) return result;
    after = step.last;
    done += step.touched;
    result.entered += step.entered;
    result.left += step.left;
    result.queued += step.queued;
    await onProgress?.('memberships', done, Math.max(total, done));
    if (step.next === 'paused') return { ...result, paused: true };
  }
  const ended = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    if ((await turned(tx)) || (await readBasis(tx, cause)) !== basis) return false;
    if (kind) await finishRun(tx, kind);
    // Few enough for the brake, and yet a segment with an offer may have lost too many.
    const always = heldBy !== null && (await isLossAmongHeld(tx, heldBy, ctx.clock.now()));
    const closed = heldBy === null ? null : await closeOutboxHold(tx, heldBy, { always });
    await closeLoss(tx, ctx.clock.now());
    if (closed?.outcome === 'held') result.held = closed.affected;
    return true;
  });
  if (!ended) return result;
  if (result.held > 0) ctx.log.warn({ shopId, cause, held: result.held }, 'tags wait for a person');
  ctx.log.info({ shopId, cause, ...result }, 'shop recomputed');
  return result;
}

/** Of what is to be the same at the end of a run as at its beginning: the first customers were computed by it. */
async function readBasis(tx: ShopTx, cause: RecomputeCause): Promise<string> {
  const { rows } = await tx.query<{ policy: string; zone: string }>(sql`
    SELECT policy_version::text AS policy, iana_timezone AS zone FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const { policy = '', zone = '' } = rows[0] ?? {};
  return cause === 'policy' ? policy : cause === 'timezone' ? zone : '';
}

function heldCauseOf(cause: RecomputeCause): HeldCause {
  switch (cause) {
    case 'import':
    case 'timezone':
    case 'refit':
      return cause;
    default:
      return 'rebuild';
  }
}

async function countCustomers(ctx: RecomputeContext, shopId: ShopId): Promise<number> {
  return ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM customer WHERE shop_id = ${shopId} AND deleted_at IS NULL`,
    );
    return rows[0]?.n ?? 0;
  });
}
