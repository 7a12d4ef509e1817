/** Rules that ask for offers: what is given decides memberships within the minute, and time decides them again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.inShop(async (tx) => {
    const rule = (op: string, value: number) => ({ v: 1, where: { field: 'offers_received', with: { lastDays: 30 }, op, value } });
    await createSegment(tx, { name: 'Not spoiled', rule: rule('eq', 0), actor: '42', now: one.now() });
    await createSegment(tx, { name: 'Spoiled', rule: { v: 1, where: { field: 'days_since_last_offer', op: 'lte', value: 30 } }, actor: '42', now: one.now() });
  }); // prettier-ignore
  await one.turnOn([...BANDS, 'not-spoiled', 'spoiled']);
}, 240_000);
afterAll(() => one?.close());

const sizes = () => [one.tagged('regulars-not-spoiled'), one.tagged('regulars-spoiled')];
const isSpoiled = async (k: number) => {
  const id = [...one.world.store.customers()].find(({ email }) => email === arithmeticEmail(k))?.id ?? '0';
  const { rows } = await one.inShop((tx) =>
    tx.query<{ key: string }>(sql`
      SELECT s.key FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
       WHERE m.shop_id = ${one.shopId} AND m.customer_id = ${id}::bigint AND s.key IN ('spoiled', 'not-spoiled')`),
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.key === 'spoiled';
};
const agree = async () => {
  const drift = await checkDrift(one.world.ctx, one.shopId);
  expect(drift.memberships, 'as a rebuild would have it').toBe(0);
};

test('who is given an offer is out of “no offer of late” with it, not after the night', async () => {
  expect(sizes()).toEqual([200, 0]);
  await one.offer('win-back-60-89', { name: 'Come back', percent: '15' });
  await reviewDue(one.world.ctx, one.shopId);
  await one.settle();
  expect(sizes()).toEqual([185, 15]);
  await agree();
}, 120_000);

test('taken away it was given all the same; on the 31st day after it time brings them back', async () => {
  const [offer] = await one.inShop(readOpenOffers);
  const { rows } = await one.inShop((tx) => tx.query<{ id: string }>(sql`SELECT min(customer_id) AS id FROM offer_holder`)); // prettier-ignore
  await takeOffer(one.world.ctx, one.shopId, { offerId: offer?.id ?? '', customerId: rows[0]?.id ?? '', actor: '42', now: one.now() }); // prettier-ignore
  await one.settle();
  expect(sizes()).toEqual([185, 15]);
  // A month in one step: the tags of those who leave the band wait for a person, so memberships are asked.
  await one.until('2026-12-22T12:00:00+01:00');
  expect(await isSpoiled(40)).toBe(true);
  await agree();
  await one.until('2026-12-23T00:00:00+01:00');
  expect(await isSpoiled(40)).toBe(false);
  await agree();
}, 120_000);
