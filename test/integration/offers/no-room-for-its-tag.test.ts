/** A customer has 250 tags, so the tag of an offer cannot be written: it is said, and it comes once there is room. */
import { expect, test } from 'vitest';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { offerPages, type OfferPages } from '../../support/offer-pages.ts';
import { textOf } from '../../support/page-calls.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

const SEGMENT = 'win-back-60-89';
const OF_SEGMENT = 'regulars-win-back-60-89';
const OF_OFFER = 'regulars-offer-win-back-60-89';
/** One of the 15 of the band. */
const K = 35;
let { one, app } = {} as OfferPages;
offerPages([SEGMENT], (made) => void ({ one, app } = made));

async function othersTags(n: number): Promise<void> {
  const tags = [...Array.from({ length: n }, (_, i) => `x${i}`), OF_SEGMENT];
  await one.control('set-tags', { customer: arithmeticEmail(K), tags });
  await one.settle();
}
const pays = async () => (await one.checkout(K, '100.00')).total;

test('the tag would be their 251st: counted on the offer’s page; with room it comes, and the discount with it', async () => {
  await othersTags(249);
  expect(one.tagsOf(K)).toHaveLength(250);
  const made = await one.offer(SEGMENT, { name: 'Full', percent: '20', endsOn: '2026-12-20' });
  const id = made.outcome === 'done' ? made.offerId : '';
  await one.settle();
  const standing = async () => (await one.inShop((tx) => readOfferStandings(tx, [id]))).get(id);
  const page = async () => textOf(await (await app.open(WORLD_DOMAIN, `/app/offers/${id}`)).text());
  expect(await standing()).toMatchObject({ holders: 15, notWritten: 1 });
  expect(await page()).toContain('on 1 the tag cannot be written: no discount');
  expect(await pays()).toBe('100.00');

  await othersTags(100);
  expect(one.tagsOf(K)).toContain(OF_OFFER);
  expect(await standing()).toMatchObject({ holders: 15, notWritten: 0 });
  expect(await page()).not.toContain('cannot be written');
  expect(await pays()).toBe('80.00');
});
