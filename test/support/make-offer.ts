/** Offers of a shop without a sandbox, made and changed as the page does: form, review, approval. */
import { emptyOfferForm, type OfferDraft, type OfferForm } from '../../app/activation/offers/offer-form.ts';
import { readOfferForm } from '../../app/activation/offers/read-offer-form.ts';
import { readOffer } from '../../app/activation/offers/read-offers.server.ts';
import { formOf } from '../../app/activation/offers/read-surroundings.server.ts';
import { reviewOffer, type OfferReview } from '../../app/activation/offers/review-offer.server.ts';
import { saveOffer } from '../../app/activation/offers/save-offer.server.ts';
import { sql } from '../../app/db/sql.ts';
import { readShopDay } from '../../app/history/read-shop-day.server.ts';
import type { LocalDate } from '../../app/local-date.ts';
import type { SegmentShop } from './segment-shop.ts';

/** @param options.atOnce who gets it in the same transaction. @returns its id; 10 % off everything unless told */
export async function makeOffer(
  shop: SegmentShop,
  key: string,
  form: Partial<OfferForm> = {},
  options: { atOnce?: number } = {},
): Promise<string> {
  return save(shop, key, await newDraft(shop, key, form), null, options);
}

/** The review of an offer that is not made yet. */
export async function reviewNewOffer(
  shop: SegmentShop,
  key: string,
  form: Partial<OfferForm>,
): Promise<OfferReview> {
  return (await review(shop, key, await newDraft(shop, key, form), null)).review;
}

export async function changeOffer(
  shop: SegmentShop,
  id: string,
  key: string,
  form: Partial<OfferForm>,
): Promise<string> {
  return save(shop, key, await changedDraft(shop, id, form), id);
}

/** The review of a change that is not made yet. */
export async function reviewChangedOffer(
  shop: SegmentShop,
  id: string,
  key: string,
  form: Partial<OfferForm>,
): Promise<OfferReview> {
  return (await review(shop, key, await changedDraft(shop, id, form), id)).review;
}

async function changedDraft(shop: SegmentShop, id: string, form: Partial<OfferForm>): Promise<OfferDraft> {
  const before = await shop.in((tx) => readOffer(tx, id));
  if (!before) throw new Error('no such offer');
  return readDraft(shop, { ...formOf(before, 'EUR'), ...form }, before.startsOn);
}

async function newDraft(shop: SegmentShop, key: string, form: Partial<OfferForm>): Promise<OfferDraft> {
  const { today } = await shop.in((tx) => readShopDay(tx, shop.clock.now()));
  return readDraft(shop, { ...emptyOfferForm(today, `Offer ${key}`), percent: '10', ...form });
}

function readDraft(shop: SegmentShop, form: OfferForm, startedOn?: LocalDate): Promise<OfferDraft> {
  return shop.in(async (tx) => {
    const { today, currency } = await readShopDay(tx, shop.clock.now());
    const read = readOfferForm(form, {
      currency, today, members: 1, namesTaken: [], codesTaken: [], activeAutomatic: 0, servedByFunction: () => false,
      suggestedWay: 'native', ...(startedOn ? { startedOn } : {}),
    }); // prettier-ignore
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    return read.draft;
  });
}

function review(shop: SegmentShop, key: string, draft: OfferDraft, offerId: string | null) {
  return shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      sql`SELECT id FROM segment WHERE shop_id = ${shop.shopId} AND key = ${key}`,
    );
    const segmentId = rows[0]?.id ?? '0';
    const day = await readShopDay(tx, shop.clock.now());
    return { segmentId, review: await reviewOffer(tx, day, { segmentId, draft, offerId }) };
  });
}

async function save(
  shop: SegmentShop,
  key: string,
  draft: OfferDraft,
  offerId: string | null,
  options: { atOnce?: number } = {},
): Promise<string> {
  const reviewed = await review(shop, key, draft, offerId);
  const { fingerprint } = reviewed.review;
  const wish = {
    segmentId: reviewed.segmentId,
    draft,
    offerId,
    fingerprint,
    actor: '42',
    now: shop.clock.now(),
    ...options,
  };
  const saved = await saveOffer(shop.ctx, shop.shopId, wish);
  if (saved.outcome !== 'done') throw new Error(saved.outcome);
  return saved.offerId;
}
