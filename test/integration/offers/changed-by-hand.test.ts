/**
 * What a merchant does to our discounts in Shopify is heard of by webhook, shown with the difference, and put right or
 * accepted on a person's word; and what the merchant changes about an offer while people hold it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { patchDiscountRow, readDiscountRows } from '../../../app/activation/offers/discount-rows.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOfferForm } from '../../../app/activation/offers/read-offer-form.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { readOffer } from '../../../app/activation/offers/read-offers.server.ts';
import { formOf } from '../../../app/activation/offers/read-surroundings.server.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { syncDiscounts } from '../../../app/activation/offers/sync-discounts.server.ts';
import { saveOffer } from '../../../app/activation/offers/save-offer.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { READ_DISCOUNTS } from '../../../app/shopify/documents/discounts.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
let id: string;
const TAG = 'regulars-offer-win-back-60-89';
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(BANDS);
  const made = await one.offer('win-back-60-89', { name: 'Come back', percent: '15', way: 'native', endsOn: '2026-12-06' }); // prettier-ignore
  if (made.outcome !== 'done') throw new Error(made.outcome);
  id = made.offerId;
  await one.settle();
}, 240_000);
afterAll(() => one?.close());

const pays = async (k: number, more: Record<string, unknown> = {}) =>
  (await one.checkout(k, '100.00', more)).total;
const discounts = () => [...one.world.store.discounts.all()];
const ours = () => discounts().filter(({ title }) => title.endsWith('(Regulars)'));
const standing = async () => (await one.inShop((tx) => readOfferStandings(tx, [id]))).get(id);
const step = async (what: 'repair' | 'accept') => {
  const wish = { offerId: id, step: what, actor: '42', now: one.now() };
  const done = await changeOfferState(one.world.ctx, one.shopId, wish);
  await one.settle();
  return done;
};

const stateOf = async () => (await one.inShop((tx) => readOffer(tx, id)))?.state;

/** Delivers what Shopify told; whether the discounts are looked at again because of it. */
async function heard(): Promise<boolean> {
  await one.inShop((tx) => tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${one.shopId} AND work = 'offers'`)); // prettier-ignore
  await one.world.deliver(one.shopId, await one.world.caught());
  await one.world.drainAll(one.shopId);
  const { rowCount } = await one.inShop((tx) =>
    tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${one.shopId} AND work = 'offers'`),
  );
  if (rowCount) await one.sync();
  return rowCount === 1;
}

describe('in Shopify', () => {
  test('a discount of the merchant’s own is none of ours', async () => {
    await one.control('create-discount', { title: 'Sale', percent: 5, code: 'SALE' });
    await one.control('end-discount', { discount: 'Sale' });
    await one.control('delete-discount', { discount: 'Sale' });
    expect(await heard()).toBe(false);
  });

  test('ended by hand: told at once with the difference, and repaired', async () => {
    await one.control('end-discount', { discount: 'Come back (Regulars)' });
    expect(await pays(44)).toBe('100.00');
    expect(await heard()).toBe(true);
    expect(await standing()).toMatchObject({
      inShopify: 'edited',
      edited: { what: 'edited', says: 'last day: 2026-11-22 instead of 2026-12-06' },
    });
    // Not undone by itself.
    await one.settle();
    expect(await pays(44)).toBe('100.00');
    await step('repair');
    expect(await standing()).toMatchObject({ inShopify: 'there', edited: null });
    expect(await pays(44)).toBe('85.00');
    expect(ours()).toHaveLength(1);
    expect(one.tagged(TAG)).toBe(15);
  }, 120_000);

  test('the segment that limits it, edited by hand: others would pay less, until it is repaired', async () => {
    const [segment] = [...one.world.store.segments.all()].filter(({ query }) => query.includes(TAG));
    await one.control('update-segment', { segment: segment?.id, query: 'number_of_orders >= 1' });
    expect(await pays(100)).toBe('85.00');
    expect(await heard()).toBe(true);
    expect(await standing()).toMatchObject({ inShopify: 'edited', edited: { what: 'segment' } });
    expect(await step('accept'), 'the page does not offer it').toBeNull();
    expect(await stateOf()).toBe('running');
    expect(await standing()).toMatchObject({ holders: 15, edited: { what: 'segment' } });
    await step('repair');
    expect([await pays(100), await pays(44)]).toEqual(['100.00', '85.00']);
    expect([...one.world.store.segments.all()].filter(({ query }) => query.includes(TAG))).toHaveLength(1);
  }, 120_000);

  test('deleted by hand: repaired, it is made again', async () => {
    await one.control('delete-discount', { discount: 'Come back (Regulars)' });
    expect(await heard()).toBe(true);
    expect(await standing()).toMatchObject({ edited: { what: 'deleted' } });
    await step('repair');
    expect(await pays(44)).toBe('85.00');
    expect(ours()).toHaveLength(1);
  }, 120_000);
});

test('the merchant’s own segment of the same people is not taken for ours, however our work was cut short', async () => {
  const query = `customer_tags CONTAINS '${TAG}'`;
  const named = () => [...one.world.store.segments.all()].filter((segment) => segment.query === query);
  const [before] = named();
  // As after a crash: we meant to make both, and neither request arrived.
  await one.control('delete-discount', { discount: 'Come back (Regulars)' });
  await one.control('delete-segment', { segment: before?.id });
  await one.control('create-segment', { name: 'My quiet ones', query });
  const [mine] = named();
  expect(mine?.name).toBe('My quiet ones');
  await one.inShop(async (tx) => {
    const [row] = await readDiscountRows(tx);
    if (row) await patchDiscountRow(tx, row, { discountId: null, segmentId: null, seen: null, edited: null, written: row.written?.split(':')[0] ?? null }); // prettier-ignore
  });
  await one.settle();
  expect(
    named()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['My quiet ones', 'Regulars offer: Come back']);
  const [row] = await one.inShop(readDiscountRows);
  expect(row?.segmentId).toBe(named().find(({ name }) => name !== 'My quiet ones')?.id);
  // What the merchant does to theirs is nothing to us.
  await one.control('update-segment', { segment: mine?.id, query: 'number_of_orders >= 1' });
  expect([await pays(100), await pays(44)]).toEqual(['100.00', '85.00']);
  await one.control('update-segment', { segment: mine?.id, query });
  await one.settle();
  expect(await standing()).toMatchObject({ inShopify: 'there', edited: null });
}, 120_000);

describe('while it is held', () => {
  async function save(form: Partial<OfferForm>): Promise<void> {
    const wish = await one.inShop(async (tx) => {
      const offer = await readOffer(tx, id);
      const day = await readShopDay(tx, one.now());
      if (!offer) throw new Error('no such offer');
      const read = readOfferForm(
        { ...formOf(offer, day.currency), ...form },
        {
          currency: day.currency, today: day.today, members: 1, namesTaken: [], codesTaken: [], activeAutomatic: 0,
          servedByFunction: () => false, suggestedWay: 'native', startedOn: offer.startsOn,
        },
      ); // prettier-ignore
      if (!read.ok) throw new Error(JSON.stringify(read.faults));
      const { draft } = read;
      const { segmentId } = offer;
      const { fingerprint } = await reviewOffer(tx, day, { segmentId, draft, offerId: id });
      return { segmentId, draft, offerId: id, fingerprint, actor: '42', now: one.now() };
    });
    expect((await saveOffer(one.world.ctx, one.shopId, wish)).outcome).toBe('done');
  }
  const change = async (form: Partial<OfferForm>) => {
    await save(form);
    await one.settle();
  };

  test.each([
    [{ percent: '30' }, '70.00', {}],
    [{ percent: '5' }, '95.00', {}],
    [{ kind: 'amount', amount: '12.50' }, '87.50', {}],
    [{ way: 'code', code: 'QUIET', name: 'Quiet' }, '87.50', { code: 'quiet' }],
    [{ way: 'function' }, '87.50', {}],
    [{ way: 'native', kind: 'percentage', percent: '20' }, '80.00', {}],
  ] as const)('%j: the holder pays %s, others as before, one discount in all', async (form, total, more) => {
    await change(form);
    expect(await pays(44, more)).toBe(total);
    expect(await pays(100, more)).toBe('100.00');
    expect(ours()).toHaveLength(1);
    expect(one.tagged(TAG)).toBe(15);
    expect(await standing()).toMatchObject({ holders: 15, inShopify: 'there', edited: null, fault: null });
  });

  test.each([
    ['repaired', () => step('repair')],
    ['changed in the app', () => change({ endsOn: '2026-12-05' })],
  ])(
    '%s while Shopify’s discounts are being read: what was read says nothing any more',
    async (_, meanwhile) => {
      await one.control('end-discount', { discount: ours()[0]?.title });
      expect(await heard()).toBe(true);
      const admin = await one.world.ctx.adminFor(one.shopId);
      let acts = 0;
      const slow: typeof admin = {
        ...admin,
        async request(document, ...given) {
          const answer = await admin.request(document, ...given);
          if (document === READ_DISCOUNTS && acts++ === 0) await meanwhile();
          return answer;
        },
      };
      const before = await standing();
      await syncDiscounts({ ...one.world.ctx, admin: slow }, one.shopId);
      expect(acts).toBe(1);
      expect([before?.inShopify, await standing()]).toMatchObject([
        'edited',
        { inShopify: 'there', edited: null },
      ]);
      expect(await pays(44)).toBe('80.00');
    },
    120_000,
  );

  test('the app’s discount deleted by hand: nothing of one offer is accepted with it, whatever is sent; repaired, it is made again', async () => {
    await change({ way: 'function' });
    const [app] = ours();
    await one.control('delete-discount', { discount: app?.title });
    expect(await heard()).toBe(true);
    expect(await standing()).toMatchObject({ sharedBy: 1, edited: { what: 'deleted' } });
    expect(await step('accept'), 'the page does not offer it').toBeNull();
    expect(await stateOf()).toBe('running');
    expect(one.tagged(TAG)).toBe(15);
    expect(await standing()).toMatchObject({ edited: { what: 'deleted' } });
    await step('repair');
    expect(await pays(44)).toBe('80.00');
    await change({ way: 'native' });
    expect(ours()).toHaveLength(1);
  }, 120_000);

  test('"repair" said while another change of it is on its way to Shopify: it is repaired', async () => {
    const [quiet] = ours();
    if (!quiet) throw new Error('no discount');
    const gets = {
      items: { all: true },
      value: { kind: 'percentage', percentage: 0.5 },
    } as typeof quiet.gets;
    one.world.store.discounts.put({ ...structuredClone(quiet), gets });
    await one.sync();
    expect(await standing()).toMatchObject({ inShopify: 'edited' });
    expect(await pays(44)).toBe('50.00');
    await save({ endsOn: '2026-12-04' });
    const admin = await one.world.ctx.adminFor(one.shopId);
    let said = 0;
    const slow: typeof admin = {
      ...admin,
      async requestComposed(...given) {
        const answer = await admin.requestComposed(...given);
        if (given[0].includes('discountAutomaticBasicUpdate')) {
          said += 1;
          const word = { offerId: id, step: 'repair', actor: '42', now: one.now() } as const;
          await changeOfferState(one.world.ctx, one.shopId, word);
        }
        return answer;
      },
    };
    await syncDiscounts({ ...one.world.ctx, admin: slow }, one.shopId);
    expect(said).toBe(1);
    await one.settle();
    expect(await standing()).toMatchObject({ inShopify: 'there', edited: null });
    expect([await pays(44), await pays(100)]).toEqual(['80.00', '100.00']);
    expect(ours()).toHaveLength(1);
  }, 120_000);

  test('used again and again where it may be: an order ends it for nobody', async () => {
    await change({ once: '' });
    expect(await pays(44, { place: true })).toBe('80.00');
    await one.settle();
    const { rows } = await one.inShop((tx) =>
      tx.query<{ used: number }>(sql`SELECT count(*)::int AS used FROM offer_order WHERE state = 'used'`),
    );
    expect(rows[0]?.used).toBe(1);
    expect(await pays(43)).toBe('80.00');
  }, 120_000);

  test('deleted by hand and accepted: the offer ends and its tags go', async () => {
    await one.control('delete-discount', { discount: 'Quiet (Regulars)' });
    expect(await heard()).toBe(true);
    await step('accept');
    expect(await stateOf()).toBe('ended');
    expect(one.tagged(TAG)).toBe(0);
    expect(ours()).toEqual([]);
    const left = [...one.world.store.segments.all()].map(({ name }) => name);
    expect(left, 'theirs stays').toEqual(['My quiet ones']);
  }, 120_000);
});
