/**
 * Makes or changes an offer, in one transaction, when it is still what was reviewed: the offer, its holders, their
 * tags; the discount follows in the background. Its tag is never one that another offer had.
 */
import { assertNever } from '../../app-error.ts';
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { readShopDay, type ShopDay } from '../../history/read-shop-day.server.ts';
import type { Log } from '../../log.server.ts';
import { readTakenNames } from '../../segments/read-taken-names.server.ts';
import { stillReviewed } from '../../segments/review-fingerprint.server.ts';
import { HOLDERS_AT_ONCE } from './end-offers.server.ts';
import { isLeftAlone, readDiscountRows } from './discount-rows.server.ts';
import { giveToPresent } from './give-to-present.server.ts';
import { servedSlots, slotFor } from './function-offers.ts';
import { mostCosts } from './most-cost.ts';
import type { Offer } from './offer.ts';
import type { OfferDraft } from './offer-form.ts';
import { readOffer, readOpenOffers } from './read-offers.server.ts';
import { recordOfferAct } from './record-offer-act.server.ts';
import { reviewOffer, type OfferReview } from './review-offer.server.ts';
import { rouseOffer } from './rouse-offer.server.ts';
import { holdsMoney, titleOf } from './terms.ts';

export type SavedOffer =
  /** `given` at once; `more`: the others get it within minutes, portion by portion. */
  | { outcome: 'done'; offerId: string; given: number; more: boolean }
  /** The store has moved on beyond the bound, or something else was approved: nothing was done, here is the new review. */
  | { outcome: 'changed'; review: OfferReview }
  /** The segment is not on, the offer has ended, or another open one has the name or the code. */
  | { outcome: 'not_now'; reason: 'segment_off' | 'ended' | 'unknown' | 'taken' };

export interface SaveOffer {
  segmentId: string;
  draft: OfferDraft;
  /** Null: a new one. */
  offerId: string | null;
  /** Of the review that was approved. */
  fingerprint: string;
  actor: string;
  /** Business time. */
  now: Date;
  /** People who get it in the same transaction. */
  atOnce?: number;
}

export async function saveOffer(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  { segmentId, draft, offerId, fingerprint, actor, now, atOnce = HOLDERS_AT_ONCE }: SaveOffer,
): Promise<SavedOffer> {
  return ctx.db.inShop(shopId, async (tx): Promise<SavedOffer> => {
    await waitForShop(tx, shopId);
    const { rows } = await tx.query<{ key: string; status: string }>(sql`
      SELECT key, status FROM segment WHERE shop_id = ${shopId} AND id = ${segmentId}::bigint`);
    const segment = rows[0];
    if (!segment) return { outcome: 'not_now', reason: 'unknown' };
    if (segment.status !== 'live') return { outcome: 'not_now', reason: 'segment_off' };
    const before = offerId === null ? null : await readOffer(tx, offerId);
    if (offerId !== null && before?.segmentId !== segmentId) return { outcome: 'not_now', reason: 'unknown' };
    if (before?.state === 'ended') return { outcome: 'not_now', reason: 'ended' };
    if (await isNameTaken(tx, draft, offerId)) return { outcome: 'not_now', reason: 'taken' };
    const day = await readShopDay(tx, now);
    const review = await reviewOffer(tx, day, { segmentId, draft, offerId });
    const approved = stillReviewed(fingerprint, {
      fingerprint: review.fingerprint,
      segments: [{ gains: review.exposure.holders, loses: 0 }],
    });
    if (!approved) return { outcome: 'changed', review };
    const currency = holdsMoney(draft) ? day.currency : null;
    const slot = draft.way === 'function' ? await findSlot(tx, day, draft, segment.key, before) : null;
    const id = before
      ? await update(tx, before.id, { draft, slot, currency })
      : await insert(tx, { segmentId, key: segment.key, draft, slot, currency, now });
    if (before) await recountCosts(tx, day, id);
    const { given, more } = draft.present
      ? await giveToPresent(tx, day, { offerId: id, atOnce })
      : { given: 0, more: false };
    await recordOfferAct(tx, {
      act: before ? 'change_offer' : 'make_offer',
      segmentId,
      actor,
      at: now,
      review: { offer: id, name: draft.name, terms: draft.terms, ...review.exposure, given, more },
    });
    await rouseOffer(tx, id);
    ctx.log.info({ shopId, offer: id, given, changed: before !== null }, 'offer saved');
    return { outcome: 'done', offerId: id, given, more };
  });
}

/** Asked with the shop's lock: what the form was checked against is older, and the same word may come twice. */
async function isNameTaken(tx: ShopTx, draft: OfferDraft, offerId: string | null): Promise<boolean> {
  const lower = (text: string | null) => text?.toLowerCase();
  return (await readOpenOffers(tx)).some(
    ({ id, name, code }) =>
      id !== offerId &&
      (lower(name) === lower(draft.name) || (code !== null && lower(code) === lower(draft.code))),
  );
}

interface Stored {
  draft: OfferDraft;
  slot: number | null;
  /** Of its money; null: there is none. */
  currency: string | null;
}

async function insert(
  tx: ShopTx,
  { segmentId, key, draft, slot, currency, now }: Stored & { segmentId: string; key: string; now: Date },
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, most_holders,
                       most_cost_minor, currency, way, code, slot, made_at)
    VALUES (${tx.shopId}, ${segmentId}::bigint, ${draft.name}, ${await freeTag(tx, key)},
            ${JSON.stringify(draft.terms)}::jsonb, 'running', ${draft.startsOn}::date, ${draft.endsOn}::date,
            ${draft.keepDays}::int, ${draft.mostHolders}::int, ${draft.mostCostMinor}::bigint, ${currency},
            ${draft.way}, ${draft.code}, ${slot}::int, ${now})
    RETURNING id`);
  return rows[0]?.id ?? '';
}

async function update(tx: ShopTx, id: string, { draft, slot, currency }: Stored): Promise<string> {
  await tx.query(sql`
    UPDATE offer SET name = ${draft.name}, terms = ${JSON.stringify(draft.terms)}::jsonb,
           starts_on = ${draft.startsOn}::date, ends_on = ${draft.endsOn}::date, keep_days = ${draft.keepDays}::int,
           most_holders = ${draft.mostHolders}::int, most_cost_minor = ${draft.mostCostMinor}::bigint,
           currency = ${currency}, way = ${draft.way}, code = ${draft.code}, slot = ${slot}::int
     WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`);
  return id;
}

/** Other terms cost another sum for everybody who holds it: what the page and the bound on cost go by. */
async function recountCosts(tx: ShopTx, day: ShopDay, id: string): Promise<void> {
  const offer = await readOffer(tx, id);
  if (!offer) return;
  const people = sql`SELECT offer_id, customer_id FROM offer_holder
                      WHERE shop_id = ${tx.shopId} AND offer_id = ${id}::bigint AND ended_at IS NULL`;
  await tx.query(sql`
    UPDATE offer_holder h SET most_minor = cost.most_minor
      FROM (${mostCosts(tx.shopId, day, people, [offer])}) cost
     WHERE h.shop_id = ${tx.shopId} AND h.offer_id = cost.offer_id AND h.customer_id = cost.customer_id`);
}

/** "offer-KEY", with a number when an offer had it before or customers have it already; Shopify's limit on tags leaves room for the prefix. */
async function freeTag(tx: ShopTx, key: string): Promise<string> {
  const base = `offer-${key.slice(0, 150)}`;
  const { rows } = await tx.query<{ tag: string }>(sql`
    SELECT tag_name AS tag FROM offer
     WHERE shop_id = ${tx.shopId} AND starts_with(lower(tag_name), lower(${base}))
    UNION SELECT tag_name FROM segment WHERE shop_id = ${tx.shopId}`);
  const { prefix, taken } = await readTakenNames(tx);
  const { rows: found } = await tx.query<{ tag: string }>(sql`
    SELECT DISTINCT tag FROM tag_found
     WHERE shop_id = ${tx.shopId} AND starts_with(tag_key, lower(${prefix + base}))`);
  const there = found.map(({ tag }) => tag);
  const whole = [
    ...rows.map(({ tag }) => prefix + tag),
    ...there,
    ...(taken.former ?? []),
    ...(taken.offers ?? []),
  ];
  const keys = new Set(whole.map(tagKey));
  for (let n = 1; ; n++) {
    const tag = n === 1 ? base : `${base}-${n}`;
    if (!keys.has(tagKey(prefix + tag))) return tag;
  }
}

/** Of what an earlier installation left: it is nobody's until a person decides. */
async function leftAloneSlots(tx: ShopTx): Promise<number[]> {
  const left = (await readDiscountRows(tx)).filter(isLeftAlone);
  return left.flatMap(({ slot }) => slot ?? []);
}

async function findSlot(
  tx: ShopTx,
  day: ShopDay,
  draft: OfferDraft,
  key: string,
  before: Offer | null,
): Promise<number> {
  const slots = servedSlots(await readOpenOffers(tx), before?.id ?? null);
  const tag = before?.tag ?? `${day.tagPrefix}offer-${key}-999`;
  return slotFor(
    { ...draft, id: before?.id ?? '0', tag, title: titleOf(draft.name) },
    slots,
    day.currency,
    await leftAloneSlots(tx),
  );
}

/** In words, for the page. */
export function notNowWords(reason: Extract<SavedOffer, { outcome: 'not_now' }>['reason']): string {
  switch (reason) {
    case 'segment_off':
      return 'The segment is not on. Turn it on first: an offer goes to the people who are in it.';
    case 'ended':
      return 'The offer has ended. Make a new one.';
    case 'taken':
      return 'An offer with this name or code was started a moment ago.';
    case 'unknown':
      return 'This offer or segment is not there any more.';
    default:
      return assertNever(reason);
  }
}
