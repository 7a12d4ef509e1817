/**
 * Brings Shopify's discounts in step with the offers: makes, changes, removes, then looks whether somebody else has
 * changed or deleted one of ours. One run a shop at a time (the job sees to that).
 *
 * Nothing is made twice: before a request to create goes out, a row says so (`intended_at`); the next run looks for its
 * marker (a tag of the discount) or, for a segment, its query, before it creates again. A lost answer is no refusal: it
 * is looked into after seconds. What Shopify refuses is told in words beside the offer and tried again when something
 * changes, or the next night.
 *
 * A discount that stands for an offer goes only when the one with the new terms is there, whichever way that one is
 * made; where Shopify has no room for both, before it. What somebody changed by hand stays changed, but what is said in the app after that is carried out.
 */
import { isAppError } from '../../app-error.ts';
import { backOffMs } from '../../back-off.ts';
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay } from '../../history/read-shop-day.server.ts';
import { mayWrite } from '../tags/may-write.server.ts';
import { bringDiscount, type Plan } from './bring-discount.server.ts';
import { checkDiscounts } from './check-discounts.server.ts';
import type { Said } from './discount-api.server.ts';
import { isFull, isTaken, refusalWords, type Refusal } from './discount-refusal.ts';
import {
  bodyDigest,
  countSpent,
  insertDiscountRow,
  keyOf,
  patchDiscountRow,
  readDiscountRows,
  wholeDigest,
  type DiscountRow,
} from './discount-rows.server.ts';
import { servedIds, withKept } from './kept-offers.ts';
import { pauseForeignMoney } from './pause-foreign-money.server.ts';
import { readOpenOffers } from './read-offers.server.ts';
import { removeDiscount } from './remove-discount.server.ts';
import type { Discount } from './store-discount.ts';
import type { SyncContext } from './sync-context.server.ts';
import { isUsedUp } from './use-limit.ts';
import { wantedDiscounts, type WantedDiscount } from './wanted-discounts.ts';

const BACK_OFF = { firstMs: 5_000, longestMs: 300_000 };
/** From so many failed calls on, what is wrong is shown beside the offer; it is tried on. */
const SHOWN_FROM_ATTEMPT = 6;
/** What Shopify refused is not asked for again before. */
const REFUSED_MS = 6 * 3_600_000;

/** `asked`: what was asked for in this run, which may be more than is wanted (kept-offers.ts). */
type Asked = Plan & { asked?: WantedDiscount | null };

/**
 * @returns when there is more to do (machine time); null: everything is as it should be, or nothing may be written
 * @throws AppError 'shopify_access' or 'config' when nothing can be written for this shop; when `signal` is aborted
 */
export async function syncDiscounts(
  ctx: SyncContext,
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ nextAt: Date | null }> {
  const plans = await ctx.db.inShop(shopId, async (tx) => ((await mayWrite(tx)) ? planRows(ctx, tx) : null));
  if (!plans) return { nextAt: null };
  const machineNow = ctx.clock.machineNow();
  const due = plans.filter(({ row }) => row.notBefore === null || row.notBefore <= machineNow);
  const making = due.filter(({ wanted }) => wanted !== null);
  const stays = (offerId: string) => isMissing(plans, offerId);
  const gone = new Set<DiscountRow>();
  for (const plan of making) {
    signal?.throwIfAborted();
    // Adds before removes; only where Shopify has no room for both does the old one go first.
    const { wanted } = plan;
    const old = due.filter((other) => makesRoom(other, plan, stays));
    await attempt(ctx, shopId, plan.row, async () => {
      plan.asked = withKept(plan.row, wanted, stays);
      const said = await bringDiscount(ctx, shopId, { row: plan.row, wanted: plan.asked }, signal);
      const inTheWay = said.ok ? [] : old.filter(({ row }) => isInTheWay(said, row, wanted));
      if (inTheWay.length === 0) return said;
      for (const { row } of inTheWay) {
        if ((await removeDiscount(ctx, shopId, row, signal)).ok) gone.add(row);
      }
      return bringDiscount(ctx, shopId, { row: plan.row, wanted: plan.asked }, signal);
    });
  }
  // Until the new terms are there the old ones are in force, however long that takes.
  for (const plan of due) {
    signal?.throwIfAborted();
    const { row } = plan;
    if (gone.has(row) || (row.notBefore !== null && row.notBefore > machineNow)) continue;
    await attempt(ctx, shopId, row, () => giveUpOld(ctx, shopId, { plan, stays }, signal));
  }
  await checkDiscounts(ctx, shopId, signal);
  return ctx.db.inShop(shopId, async (tx) => {
    const waiting = (await readDiscountRows(tx)).flatMap(({ notBefore, fault, attempts }) =>
      notBefore && (fault === null || attempts > 0) ? notBefore : [],
    );
    const times = waiting.filter((at) => at.getFullYear() < 9_000).map((at) => at.getTime());
    return { nextAt: times.length > 0 ? new Date(Math.min(...times)) : null };
  });
}

/** Whether the discount that an open offer is to have, and is neither paused nor used up, is still to be made. */
function isMissing(plans: readonly Asked[], offerId: string): boolean {
  const homes = plans.filter(
    ({ row, wanted }) =>
      wanted && !wanted.paused && !isUsedUp(row, wanted) && wanted.serves.some(({ id }) => id === offerId),
  );
  return homes.length > 0 && !homes.some(isMade);
}

/** An app discount that is there serves an offer only when that has been written into it. */
function isMade({ row, wanted, asked = wanted }: Asked): boolean {
  return row.discountId !== null && (row.way !== 'function' || (asked !== null && row.written === wholeDigest(asked))); // prettier-ignore
}

/** Whether it stands for nothing but what the new one is to stand for. */
function makesRoom(old: Asked, { row, wanted }: Plan, stays: (offerId: string) => boolean): boolean {
  if (old.wanted !== null || wanted === null) return false;
  const ids = servedIds(old.row);
  const isMine = (id: string) => wanted.serves.some((one) => one.id === id);
  return (keyOf(old.row) === keyOf(row) || ids.some(isMine)) && ids.every((id) => isMine(id) || !stays(id));
}

/** What nobody is served by any more goes: the discount, or some of the offers of an app discount. */
async function giveUpOld(
  ctx: SyncContext,
  shopId: ShopId,
  { plan, stays }: { plan: Asked; stays: (offerId: string) => boolean },
  signal?: AbortSignal,
): Promise<Said> {
  const { row, wanted } = plan;
  const nothing = { ok: true, id: row.discountId } as const;
  if (row.way !== 'function') {
    return wanted !== null || servedIds(row).some(stays) ? nothing : removeDiscount(ctx, shopId, row, signal);
  }
  const asked = withKept(row, wanted, stays);
  if (asked === null) return removeDiscount(ctx, shopId, row, signal);
  if (asked.serves.length >= (plan.asked?.serves ?? servedIds(row)).length) return nothing;
  plan.asked = asked;
  const { written } = row;
  const said = await bringDiscount(ctx, shopId, { row, wanted: asked }, signal);
  // It still stands for nothing that is wanted.
  if (said.ok && wanted === null && written !== null && !written.startsWith(bodyDigest(asked))) {
    await ctx.db.inShop(shopId, (tx) => patchDiscountRow(tx, row, { written }));
  }
  return said;
}

async function planRows(ctx: SyncContext, tx: ShopTx): Promise<Asked[]> {
  const paused = await pauseForeignMoney(tx);
  if (paused.length > 0) {
    ctx.log.warn({ shopId: tx.shopId, offers: paused }, 'offers are paused: the store has another currency');
  }
  const day = await readShopDay(tx, ctx.clock.now());
  const wanted = wantedDiscounts(await readOpenOffers(tx), day);
  const stored = await readDiscountRows(tx);
  const fits = (row: DiscountRow, one: WantedDiscount) =>
    keyOf(row) === one.key && row.written?.split(':')[0] === bodyDigest(one);
  for (const one of wanted) if (!stored.some((row) => fits(row, one))) await insertDiscountRow(tx, one);
  await countSpent(tx);
  const rows = await readDiscountRows(tx);
  return rows.map((row) => {
    const match = wanted.find((one) => fits(row, one)) ?? null;
    // Refused, and something else is asked for now: at once again.
    const other = match === null || row.written !== wholeDigest(match);
    if (other && row.fault !== null && row.title !== match?.title) row.notBefore = null;
    return { row, wanted: match };
  });
}

/** Runs `work`; notes for the row what went wrong. */
async function attempt(
  ctx: SyncContext,
  shopId: ShopId,
  row: DiscountRow,
  work: () => Promise<Said>,
): Promise<void> {
  const later = (milliseconds: number) => new Date(ctx.clock.machineNow().getTime() + milliseconds);
  try {
    const said = await work();
    if (said.ok) return;
    await ctx.db.inShop(shopId, (tx) =>
      patchDiscountRow(tx, row, { fault: refusalWords(said), notBefore: later(REFUSED_MS), attempts: 0 }),
    );
  } catch (error) {
    if (!isAppError(error) || error.code === 'shopify_access' || error.code === 'config') throw error;
    ctx.log.warn({ err: error, shopId, row: row.id }, 'a discount could not be written');
    const wait = backOffMs(BACK_OFF, row.attempts);
    const attempts = row.attempts + 1;
    // It may have been made all the same ("not repeatable"): that is looked for soon.
    const shown = !error.retryable && attempts >= SHOWN_FROM_ATTEMPT;
    await ctx.db.inShop(shopId, (tx) =>
      patchDiscountRow(tx, row, {
        attempts,
        notBefore: later(wait),
        fault: shown ? error.userMessage : null,
      }),
    );
  }
}

/** There is room for the new one only without the old: 25 are active, or the old one has the code. */
function isInTheWay(said: Refusal, old: DiscountRow, wanted: WantedDiscount | null): boolean {
  if (said.code === 'MAX_APP_DISCOUNTS') return old.discountId !== null && old.way === 'function';
  if (isFull(said)) return old.discountId !== null && old.way !== 'code';
  if (!isTaken(said) || old.way !== 'code' || wanted?.way !== 'code') return false;
  const codes = old.seen === null ? [] : ((JSON.parse(old.seen) as Partial<Discount>).codes?.nodes ?? []);
  return codes.some(({ code }) => code.toLowerCase() === String(wanted.input['code']).toLowerCase());
}
