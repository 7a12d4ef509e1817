/** An offer on more collections than a function may ask for, over HTTP: said beside the field, and nothing is made. */
import { expect, test } from 'vitest';
import { emptyOfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { offerPages, type OfferPages } from '../../support/offer-pages.ts';
import { formInit, textOf } from '../../support/page-calls.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

const SEGMENT = 'win-back-60-89';
let { one, app } = {} as OfferPages;
offerPages([SEGMENT], (made) => void ({ one, app } = made));

const collections = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => String(9_000_000_000_000 + from + i)).join(',');

test('two times 51 collections by the app’s discount: refused in words; as a code they are reviewed', async () => {
  const { today } = await one.inShop((tx) => readShopDay(tx, one.now()));
  const form = {
    ...emptyOfferForm(today, 'Two for one'),
    kind: 'buy_x_get_y',
    buyOn: 'collections',
    buyItems: collections(0, 51),
    on: 'collections',
    items: collections(51, 51),
    intent: 'review',
  };
  const post = async (fields: Record<string, string>) => {
    const answer = await app.call(
      WORLD_DOMAIN,
      `/app/offers/edit?segment=${SEGMENT}`,
      formInit({ ...form, ...fields }),
    );
    return { status: answer.status, text: textOf(await answer.text()) };
  };
  const refused = await post({ way: 'function' });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('The app’s discount asks for at most 100 collections');
  expect((await post({ way: 'function', items: collections(51, 49) })).status).toBe(200);
  expect((await post({ way: 'code', code: 'TWO' })).status).toBe(200);
  expect((await post({ way: 'function', intent: 'approve' })).status).toBe(422);
  expect(await one.inShop(readOpenOffers)).toEqual([]);
});
