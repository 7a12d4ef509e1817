/** The same approval sent twice at once, over HTTP: one offer is made, and the second answer says so in words. */
import { expect, test } from 'vitest';
import { emptyOfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { offerPages, type OfferPages } from '../../support/offer-pages.ts';
import { formInit, textOf } from '../../support/page-calls.ts';
import { untilWaiting } from '../../support/until-waiting.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

const SEGMENT = 'win-back-60-89';
let { one, app } = {} as OfferPages;
offerPages([SEGMENT], (made) => void ({ one, app } = made));

test.each([
  ['by an automatic discount', { name: 'Quiet', present: 'yes' }],
  ['by a code', { name: 'With a code', present: '', way: 'code', code: 'QUIET15' }],
])('%s', async (_way, fields) => {
  const before = (await one.inShop(readOpenOffers)).length;
  const { today } = await one.inShop((tx) => readShopDay(tx, one.now()));
  const form = { ...emptyOfferForm(today, 'quiet'), percent: '15', endsOn: '2026-12-06', ...fields };
  const { segmentId, draft } = await one.draft(SEGMENT, form);
  const { fingerprint } = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft, offerId: null }),
  );
  const approve = () =>
    app.call(
      WORLD_DOMAIN,
      `/app/offers/edit?segment=${SEGMENT}`,
      formInit({ ...form, intent: 'approve', fingerprint }),
    );
  // Both have looked at the names that are taken before either is saved.
  let sent: Promise<Response>[] = [];
  await one.inShop(async (tx) => {
    await waitForShop(tx, one.shopId);
    sent = [approve(), approve()];
    await untilWaiting(one.world.testDb.db, sent.length);
  });
  const answers = (await Promise.all(sent)).sort((a, b) => a.status - b.status);
  expect(answers.map(({ status }) => status)).toEqual([302, 409]);
  expect(textOf((await answers[1]?.text()) ?? '')).toContain(
    'Nothing was done An offer with this name or code was started a moment ago.',
  );
  await one.settle();
  const open = await one.inShop(readOpenOffers);
  expect(open).toHaveLength(before + 1);
  const titles = [...one.world.store.discounts.all()].map(({ title }) => title);
  expect(titles.filter((title) => title.startsWith(fields.name))).toHaveLength(1);
});
