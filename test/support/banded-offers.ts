/** The world of offers with a segment for each 12 days since the last order: customer k ordered 2k days ago, six to a band. */
import { expect } from 'vitest';
import { changeOfferState, type OfferStep } from '../../app/activation/offers/change-state.server.ts';
import type { OfferForm } from '../../app/activation/offers/offer-form.ts';
import { readOfferStandings } from '../../app/activation/offers/read-offer-standing.server.ts';
import { readOpenOffers } from '../../app/activation/offers/read-offers.server.ts';
import { reviewOffer } from '../../app/activation/offers/review-offer.server.ts';
import { saveOffer } from '../../app/activation/offers/save-offer.server.ts';
import { readShopDay } from '../../app/history/read-shop-day.server.ts';
import { createSegment } from '../../app/segments/create-segment.server.ts';
import { createOfferWorld, type OfferWorld } from './offer-world.ts';

/** "Offer 1" ... "Offer 4" with 10 % to 40 % for the first four bands, the last two of them by the app's discount. */
export async function createBandedOffers(bands: number): Promise<OfferWorld> {
  const one = await createOfferWorld();
  const keys = Array.from({ length: bands }, (_, i) => `band-${i + 1}`);
  await one.inShop(async (tx) => {
    for (const i of keys.keys()) {
      const where = { field: 'days_since_last_order', op: 'between', value: [12 * i + 1, 12 * i + 12] };
      await createSegment(tx, { name: `Band ${i + 1}`, rule: { v: 1, where }, actor: '42', now: one.now() });
    }
  });
  await one.turnOn(keys);
  for (const [i, key] of keys.slice(0, 4).entries()) {
    await one.offer(key, { name: `Offer ${i + 1}`, percent: String(10 * (i + 1)), way: i > 1 ? 'function' : 'native' }); // prettier-ignore
  }
  await one.settle();
  return one;
}

export async function offerNamed(one: OfferWorld, name: string) {
  const found = (await one.inShop(readOpenOffers)).find((offer) => offer.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

export async function standingOf(one: OfferWorld, name: string) {
  const { id } = await offerNamed(one, name);
  return (await one.inShop((tx) => readOfferStandings(tx, [id]))).get(id);
}

/** Said in the app; nothing of it is in Shopify yet. */
export async function sayStep(one: OfferWorld, name: string, step: OfferStep['step']): Promise<void> {
  const { id } = await offerNamed(one, name);
  await changeOfferState(one.world.ctx, one.shopId, { offerId: id, step, actor: '42', now: one.now() });
}

/** New terms for the same segment, approved; nothing of them is in Shopify yet. */
export async function sayTerms(one: OfferWorld, name: string, form: Partial<OfferForm>): Promise<void> {
  const { id: offerId, segmentKey } = await offerNamed(one, name);
  const { segmentId, draft } = await one.draft(segmentKey ?? '', { name, way: 'native', ...form });
  const { fingerprint } = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft, offerId }),
  );
  const wish = { segmentId, draft, offerId, fingerprint, actor: '42', now: one.now() };
  expect((await saveOffer(one.world.ctx, one.shopId, wish)).outcome).toBe('done');
}

/** Shopify answers as it should again. */
export const noFaults = (one: OfferWorld) =>
  fetch(`${one.world.sandbox.url}/control/faults`, { method: 'DELETE' });
