/**
 * What a new day does by itself: offers that are over, days after leaving that are over, people whose wait is over.
 *
 * In short transactions, each with the shop's lock: the offers that are over first, all of them; then their holders;
 * then, for the places that come free, who keeps one until yesterday; then, offer by offer, who waits for it, in the
 * order in which they came in: also during the day, when a place came free for which somebody waits, or a bound was
 * changed. What was done is found no more and the line is walked from its beginning, so it may be
 * stopped anywhere and begun again, and ends the same; who enters, leaves or is given one meanwhile is settled with
 * the act that brought it about.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay, type ShopDay } from '../../history/read-shop-day.server.ts';
import { touchSelected } from '../../history/touched-customers.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { addDays, startOfDay } from '../../local-date.ts';
import { endOffers, endSomeHolders, HOLDERS_AT_ONCE } from './end-offers.server.ts';
import { giveToSome, type InLine } from './give-offers.server.ts';
import { pauseForeignMoney } from './pause-foreign-money.server.ts';
import { readOpenOffers } from './read-offers.server.ts';
import { endHolders } from './settle-offers.server.ts';

/**
 * @param now business time
 * @param options.atOnce people a transaction
 * @returns when to look again; null: no offer runs
 * @throws AppError 'not_found' when the shop is being erased
 */
export async function settleOfferDay(
  ctx: { db: Db },
  shopId: ShopId,
  now: Date,
  { atOnce = HOLDERS_AT_ONCE }: { atOnce?: number } = {},
): Promise<Date | null> {
  const inTurn = <T>(work: (tx: ShopTx, day: ShopDay) => Promise<T>) =>
    ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      return work(tx, await readShopDay(tx, now));
    });
  const { day, open } = await inTurn(async (tx, day) => ({ day, open: await endThoseOver(tx, day, atOnce) }));
  while (await inTurn((tx) => endSomeHolders(tx, { now, atOnce })));
  if (open.length === 0) return null;
  for (let after: ShopifyId | null = '0'; after !== null;) {
    const from: ShopifyId = after;
    after = await inTurn((tx, day) => endSomeLeft(tx, day, { after: from, atOnce }));
  }
  for (const id of open) {
    let after: InLine | null = null;
    do {
      const from: InLine | null = after;
      ({ last: after } = await inTurn((tx, day) => giveToSome(tx, day, { id, after: from, atOnce })));
    } while (after !== null);
  }
  return startOfDay(addDays(day.today, 1), day.timeZone);
}

/** Offers past their last day, and those whose segment is off. @returns the others, oldest first */
async function endThoseOver(tx: ShopTx, { now, today }: ShopDay, atOnce: number): Promise<string[]> {
  await pauseForeignMoney(tx);
  const offers = await readOpenOffers(tx);
  const late = offers.filter(({ endsOn }) => endsOn < today).map(({ id }) => id);
  const off = offers
    .filter(({ segmentStatus }) => segmentStatus === null || segmentStatus === 'draft')
    .map(({ id }) => id);
  await endOffers(tx, late, { now, cause: 'date', atOnce });
  await endOffers(tx, off, { now, cause: 'segment', atOnce });
  return offers.map(({ id }) => id).filter((id) => !late.includes(id) && !off.includes(id));
}

/** Who kept one for some days that are over. @returns the last of them; null: there are no more */
async function endSomeLeft(
  tx: ShopTx,
  day: ShopDay,
  { after, atOnce }: { after: ShopifyId; atOnce: number },
): Promise<ShopifyId | null> {
  await touchSelected(
    tx,
    sql`SELECT DISTINCT h.customer_id, 'clock' FROM offer o
          JOIN offer_holder h ON h.shop_id = o.shop_id AND h.offer_id = o.id
         WHERE o.shop_id = ${tx.shopId} AND o.state <> 'ended' AND h.ended_at IS NULL
           AND h.until < ${day.today}::date AND h.customer_id > ${after}::bigint
         ORDER BY h.customer_id LIMIT ${atOnce}`,
  );
  const { rows } = await tx.query<{ last: ShopifyId | null }>(
    sql`SELECT max(customer_id) AS last FROM touched_customer`,
  );
  const last = rows[0]?.last ?? null;
  if (last !== null) await endHolders(tx, day);
  return last;
}
