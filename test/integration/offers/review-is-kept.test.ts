/** A changed offer is given to exactly those whom its review counted: who has used it gets it no second time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOfferForm } from '../../../app/activation/offers/read-offer-form.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { readOffer } from '../../../app/activation/offers/read-offers.server.ts';
import { formOf } from '../../../app/activation/offers/read-surroundings.server.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { saveOffer } from '../../../app/activation/offers/save-offer.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
let id: string;
/** The arithmetic store's repeat buyers; an order leaves them where they are. */
const MEMBERS = 80;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(['repeat-buyers']);
  const made = await one.offer('repeat-buyers', { name: 'Thank you', percent: '10', mostHolders: '30' });
  if (made.outcome !== 'done') throw new Error(made.outcome);
  id = made.offerId;
  await one.settle();
}, 240_000);
afterAll(() => one?.close());

/** What the review counts, and what saving makes of it. */
async function change(form: Partial<OfferForm>) {
  const wish = await one.inShop(async (tx) => {
    const offer = await readOffer(tx, id);
    const day = await readShopDay(tx, one.now());
    if (!offer) throw new Error('no such offer');
    const around = {
      currency: day.currency, today: day.today, members: MEMBERS, namesTaken: [], codesTaken: [], activeAutomatic: 0,
      servedByFunction: () => false, suggestedWay: 'native' as const, startedOn: offer.startsOn,
    }; // prettier-ignore
    const read = readOfferForm({ ...formOf(offer, day.currency), ...form }, around);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const { draft } = read;
    const { fingerprint, exposure } = await reviewOffer(tx, day, { segmentId: offer.segmentId, draft, offerId: id });
    return { segmentId: offer.segmentId, draft, offerId: id, fingerprint, exposure, actor: '42', now: one.now() };
  }); // prettier-ignore
  expect((await saveOffer(one.world.ctx, one.shopId, wish)).outcome).toBe('done');
  await one.settle();
  const after = await standing();
  return { counted: wish.exposure, holders: after?.holders, mostMinor: after?.mostMinor };
}

const standing = async () => (await one.inShop((tx) => readOfferStandings(tx, [id]))).get(id);
let before: number;

test('thirty hold it; a bound of all that these can cost leaves no place, also when two of them have used it', async () => {
  const holders = [...one.world.store.customers()].filter(({ tags }) => tags.some((tag) => tag.includes('offer-')));
  expect(holders).toHaveLength(30);
  before = Number((await standing())?.mostMinor);
  const users = holders.slice(0, 2).map(({ email }) => Number(/c0*(\d+)@/.exec(email ?? '')?.[1]));
  for (const user of users) await one.checkout(user, '100.00', { place: true });
  await one.settle();
  expect(await standing()).toMatchObject({ holders: 28, used: 2 });

  const bounded = await change({ mostHolders: '', mostCost: (before / 100).toFixed(2), present: 'yes' });
  expect(bounded.counted).toMatchObject({ holders: 28, waiting: { bound: MEMBERS - 30 } });
  expect(bounded.holders).toBe(28);
}); // prettier-ignore

test('without a bound everybody gets it but the two', async () => {
  const all = await change({ mostCost: '', present: 'yes' });
  expect(all.counted.holders).toBe(MEMBERS - 2);
  expect(all).toMatchObject({ holders: all.counted.holders, mostMinor: all.counted.mostMinor });
});
