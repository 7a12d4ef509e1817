/** The review of a change counts whom the change lets in: also those who entered and wait, when nobody else gets it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { addDays, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { changeOffer, makeOffer, reviewChangedOffer } from '../../support/make-offer.ts';
import { createQuietShop, holdersOf } from '../../support/quiet-shop.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

beforeEach(async () => {
  shop = await createQuietShop(t);
});

const settleDay = () => settleOfferDay(shop.ctx, shop.shopId, shop.clock.now());

async function passTo(last: string): Promise<void> {
  for (let day = '2026-11-23' as LocalDate; day <= last; day = addDays(day, 1)) {
    shop.clock.set(startOfDay(day, ARITHMETIC_TIME_ZONE));
    await reviewDue(shop.ctx, shop.shopId);
    await settleDay();
  }
}

const holders = (id: string) => holdersOf(shop, id);

const step = (offerId: string, to: 'pause' | 'resume') =>
  changeOfferState(shop.ctx, shop.shopId, { offerId, step: to, actor: '42', now: shop.clock.now() });

test.each<[string, Partial<OfferForm>, number[]]>([
  ['one more', { mostHolders: '2' }, [28, 29]],
  ['as many as there are', { mostHolders: '' }, [27, 28, 29]],
])('a wider bound, %s: counted as given', async (_what, form, given) => {
  const id = await makeOffer(shop, 'quiet', { present: '', mostHolders: '1' });
  await passTo('2026-11-28');
  expect(await holders(id)).toEqual([29]);
  const wider = { present: '', ...form };
  const { exposure } = await reviewChangedOffer(shop, id, 'quiet', wider);
  expect(exposure).toMatchObject({
    holders: given.length,
    waiting: { bound: 3 - given.length, otherOffer: 0, excluded: 0 },
  });
  await changeOffer(shop, id, 'quiet', wider);
  await settleDay();
  expect(await holders(id)).toEqual(given);
});

test('paused: who entered meanwhile is counted, and gets it when it goes on', async () => {
  const id = await makeOffer(shop, 'quiet', { present: '' });
  await passTo('2026-11-24');
  await step(id, 'pause');
  await passTo('2026-11-28');
  expect(await holders(id)).toEqual([29]);
  const { exposure } = await reviewChangedOffer(shop, id, 'quiet', { present: '' });
  expect(exposure.holders).toBe(3);
  await step(id, 'resume');
  await settleDay();
  expect(await holders(id)).toEqual([27, 28, 29]);
});

test('with everybody who is there, they are counted too: once', async () => {
  const id = await makeOffer(shop, 'quiet', { present: '', mostHolders: '1' });
  await passTo('2026-11-24');
  const all = { present: 'yes', mostHolders: '' };
  const { exposure } = await reviewChangedOffer(shop, id, 'quiet', all);
  await changeOffer(shop, id, 'quiet', all);
  expect(await holders(id)).toHaveLength(exposure.holders);
});
