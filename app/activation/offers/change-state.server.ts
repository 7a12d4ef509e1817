/**
 * Pause, go on, end; give to those who are in the segment without it; and what is done about a discount that
 * somebody else changed. Each in one transaction with its record; the discount follows.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay } from '../../history/read-shop-day.server.ts';
import { patchDiscountRow, readDiscountRows } from './discount-rows.server.ts';
import { endOffers } from './end-offers.server.ts';
import { giveToPresent } from './give-to-present.server.ts';
import { baseOf } from './kept-edit.ts';
import { readOffer } from './read-offers.server.ts';
import { recordOfferAct, type OfferAct } from './record-offer-act.server.ts';
import { rouseOffer } from './rouse-offer.server.ts';

export interface OfferStep {
  offerId: string;
  step: 'pause' | 'resume' | 'end' | 'give' | 'repair' | 'accept';
  actor: string;
  now: Date;
}

/**
 * @returns how many people it touches at once; null when it cannot be done (any more): it has ended, is as wished, or is
 *   to go on with amounts that were given in another currency than the shop's
 */
export async function changeOfferState(
  ctx: { db: Db },
  shopId: ShopId,
  { offerId, step, actor, now }: OfferStep,
): Promise<number | null> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const offer = await readOffer(tx, offerId);
    if (!offer || offer.state === 'ended') return null;
    const { currency } = await readShopDay(tx, now);
    if (step === 'resume' && offer.currency !== null && offer.currency !== currency) return null;
    const done = await carryOut(tx, { offerId, step, now, state: offer.state });
    if (done === null) return null;
    const act: Record<OfferStep['step'], OfferAct> = {
      pause: 'pause_offer',
      resume: 'resume_offer',
      end: 'end_offer',
      give: 'give_offer',
      repair: 'repair_discount',
      accept: 'accept_discount',
    };
    const review = { offer: offerId, name: offer.name, customers: done };
    await recordOfferAct(tx, { act: act[step], segmentId: offer.segmentId, actor, at: now, review });
    await rouseOffer(tx, offerId);
    return done;
  });
}

async function carryOut(
  tx: ShopTx,
  { offerId, step, now, state }: Omit<OfferStep, 'actor'> & { state: 'running' | 'paused' },
): Promise<number | null> {
  switch (step) {
    case 'pause':
    case 'resume': {
      const wanted = step === 'pause' ? 'paused' : 'running';
      if (state === wanted) return null;
      await tx.query(sql`
        UPDATE offer SET state = ${wanted} WHERE shop_id = ${tx.shopId} AND id = ${offerId}::bigint`);
      return countHolders(tx, offerId);
    }
    case 'end':
      return endOffers(tx, [offerId], { now, cause: 'hand' });
    case 'give':
      return (await giveToPresent(tx, await readShopDay(tx, now), { offerId })).given;
    case 'repair':
    case 'accept':
      return settleEdit(tx, { offerId, step, now });
  }
}

/**
 * What can be accepted is a discount as it was changed, or that the offer's own is gone, which ends the offer. Another
 * circle of customers, or a discount that others share, can only be repaired.
 */
async function settleEdit(
  tx: ShopTx,
  { offerId, step, now }: { offerId: string; step: 'repair' | 'accept'; now: Date },
): Promise<number | null> {
  const offer = await readOffer(tx, offerId);
  const rows = (await readDiscountRows(tx)).filter(
    (row) =>
      row.edited !== null && (row.offerId === offerId || (row.slot !== null && row.slot === offer?.slot)),
  );
  let settled = false;
  for (const row of rows) {
    // Another body than any: it is made anew, and the changed one is removed after it.
    if (step === 'repair') await patchDiscountRow(tx, row, { written: 'repair' });
    else if (row.edited?.what === 'edited') {
      await patchDiscountRow(tx, row, {
        seen: baseOf(row.edited) === null ? row.edited.looks : null,
        edited: null,
      });
    } else if (row.edited?.what === 'deleted' && row.offerId !== null) {
      return endOffers(tx, [offerId], { now, cause: 'hand' });
    } else continue;
    settled = true;
  }
  return settled ? countHolders(tx, offerId) : null;
}

async function countHolders(tx: ShopTx, offerId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM offer_holder
     WHERE shop_id = ${tx.shopId} AND offer_id = ${offerId}::bigint AND ended_at IS NULL`);
  return rows[0]?.n ?? 0;
}
