/** Thirty segments with offers in one store, faults while discounts are written, and what others do to them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { patchDiscountRow, readDiscountRows } from '../../../app/activation/offers/discount-rows.server.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { handleSyncOffers } from '../../../app/jobs/handlers/sync-offers.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
const KEYS = Array.from({ length: 30 }, (_, i) => `band-${i + 1}`);
beforeAll(async () => {
  one = await createOfferWorld();
  await one.inShop(async (tx) => {
    for (const [i] of KEYS.entries()) {
      await createSegment(tx, {
        name: `Band ${i + 1}`,
        rule: {
          v: 1,
          where: { field: 'days_since_last_order', op: 'between', value: [12 * i + 1, 12 * i + 12] },
        },
        actor: '42',
        now: one.now(),
      });
    }
  });
  await one.turnOn(KEYS);
}, 240_000);
afterAll(() => one?.close());

const discounts = () => [...one.world.store.discounts.all()];
const state = (id: string, step: Parameters<typeof changeOfferState>[2]['step']) =>
  changeOfferState(one.world.ctx, one.shopId, { offerId: id, step, actor: '42', now: one.now() });

test('thirty offers: some with discounts of their own, the rest by the function; each serves its own people', async () => {
  for (const [i, key] of KEYS.entries()) {
    const way = i < 20 ? 'native' : 'function';
    expect(await one.offer(key, { name: `Offer ${i + 1}`, percent: String(i + 1), way })).toMatchObject({
      outcome: 'done',
    });
  }
  await one.settle();
  expect(discounts().filter(({ kind }) => kind === 'basic')).toHaveLength(20);
  expect(discounts().filter(({ kind }) => kind === 'app')).toHaveLength(1);
  // Customer k ordered 2k days ago: six to a band.
  for (const k of [1, 6, 7, 119, 121, 122, 150, 179]) {
    const band = Math.ceil((2 * k) / 12);
    expect((await one.checkout(k, '100.00')).total, `c${k}`).toBe(`${100 - band}.00`);
  }
  expect((await one.checkout(200, '100.00')).total).toBe('100.00');
  expect((await one.checkout(null, '100.00')).total).toBe('100.00');
}, 240_000);

test('running again writes nothing', async () => {
  const before = JSON.stringify(discounts());
  await one.sync();
  expect(JSON.stringify(discounts())).toBe(before);
}, 60_000);

test('a crash between Shopify’s success and our record makes no second discount', async () => {
  await one.inShop(async (tx) => {
    const [row] = await readDiscountRows(tx);
    // As after the request went out and before the answer was recorded.
    if (row) await patchDiscountRow(tx, row, { discountId: null, segmentId: null, written: row.written?.split(':')[0] ?? null, seen: null }); // prettier-ignore
  });
  const before = discounts().map(({ id }) => id);
  const segments = [...one.world.store.segments.all()].length;
  await one.sync();
  expect(discounts().map(({ id }) => id)).toEqual(before);
  expect([...one.world.store.segments.all()]).toHaveLength(segments);
}, 60_000);

test('an edit and a deletion by the merchant are noticed, not undone; repair and accept', async () => {
  const [first, second, third] = await one.inShop(readOpenOffers);
  const rows = await one.inShop(readDiscountRows);
  const gid = (offer: string | undefined) =>
    `gid://shopify/DiscountAutomaticNode/${rows.find(({ offerId }) => offerId === offer)?.discountId}`;
  const admin = await one.world.ctx.adminFor(one.shopId);
  const discount = { customerGets: { value: { percentage: 0.5 } } };
  await admin.requestComposed(
    'mutation Other($id: ID!, $discount: DiscountAutomaticBasicInput!) { discountAutomaticBasicUpdate(id: $id, automaticBasicDiscount: $discount) { userErrors { message } } }',
    { id: gid(first?.id), discount },
  );
  await admin.requestComposed(
    'mutation Other($id: ID!) { discountAutomaticDelete(id: $id) { userErrors { message } } }',
    { id: gid(second?.id) },
  );
  await one.sync();
  const standing = async (id: string | undefined) =>
    (await one.inShop((tx) => readOfferStandings(tx, [id ?? '0']))).get(id ?? '0');
  expect((await standing(first?.id))?.edited).toMatchObject({
    what: 'edited',
    says: 'what it gives: 50 % off everything instead of 1 % off everything',
  });
  expect((await standing(second?.id))?.edited).toEqual({ what: 'deleted' });
  expect((await standing(third?.id))?.edited).toBeNull();
  expect((await one.checkout(1, '100.00')).total).toBe('50.00');

  expect(await state(first?.id ?? '', 'repair')).toBe(6);
  expect(await state(second?.id ?? '', 'accept')).toBe(6);
  await one.settle();
  expect((await one.checkout(1, '100.00')).total).toBe('99.00');
  expect((await standing(first?.id))?.edited).toBeNull();
  expect(one.tagged('regulars-offer-band-2')).toBe(0);
}, 120_000);

test('paused nobody gets it, resumed they do; ended the tag and the discount are gone', async () => {
  const offer = (await one.inShop(readOpenOffers)).find(({ name }) => name === 'Offer 5');
  await state(offer?.id ?? '', 'pause');
  await one.settle();
  expect((await one.checkout(25, '100.00')).total).toBe('100.00');
  expect(one.tagged('regulars-offer-band-5')).toBe(6);
  await state(offer?.id ?? '', 'resume');
  await one.settle();
  expect((await one.checkout(25, '100.00')).total).toBe('95.00');
  await state(offer?.id ?? '', 'end');
  await one.settle();
  expect((await one.checkout(25, '100.00')).total).toBe('100.00');
  expect(one.tagged('regulars-offer-band-5')).toBe(0);
  expect(discounts().some(({ title }) => title.startsWith('Offer 5 '))).toBe(false);
}, 120_000);

const FAULTS = [
  { fault: 'throttled' },
  { fault: 'too-many-requests', retryAfter: 0.05 },
  { fault: 'server-error', status: 502, when: 'before' },
  { fault: 'server-error', status: 503, when: 'after' },
  { fault: 'reset', when: 'after' },
  { fault: 'partial-data', code: 'INTERNAL_SERVER_ERROR', message: 'no', when: 'after' },
  { fault: 'user-errors', message: 'Title is odd', code: 'INVALID' },
];

test.each(FAULTS)(
  'a discount is made once, whatever happens on the way: $fault $when',
  async (fault) => {
    await one.inShop((tx) => tx.query(sql`DELETE FROM offer_holder WHERE shop_id = ${one.shopId}`));
    const name = `Fault ${fault.fault} ${fault.when ?? ''}`.trim();
    const struck = one.world.sandbox.faults.happened(fault.fault as never);
    await one.control('faults', { ...fault, field: 'discountAutomaticBasicCreate', count: 1 });
    const made = await one.offer('band-5', { name, percent: '5', way: 'native' });
    if (made.outcome !== 'done') throw new Error(made.outcome);
    await one.sync();
    expect(one.world.sandbox.faults.happened(fault.fault as never), 'the fault happened').toBeGreaterThan(
      struck,
    );
    const syncAt = (wait: number) => {
      const clock = { ...one.world.ctx.clock, machineNow: () => new Date(Date.now() + wait) };
      const { signal } = new AbortController();
      return handleSyncOffers({ ...one.world.ctx, clock }, { data: { shopId: one.shopId }, signal });
    };
    if (fault.fault === 'user-errors') {
      const [standing] = await one.inShop(async (tx) => [
        ...(await readOfferStandings(tx, [made.offerId])).values(),
      ]);
      expect(standing).toMatchObject({ inShopify: 'refused', fault: 'Shopify refused it: Title is odd' });
      await syncAt(5 * 3_600_000);
      expect(
        discounts().filter(({ title }) => title === `${name} (Regulars)`),
        'not before',
      ).toEqual([]);
    }
    // The next try is due: minutes later after a lost answer, hours later after a refusal.
    await syncAt(fault.fault === 'user-errors' ? 7 * 3_600_000 : 60_000);
    await one.settle();
    expect(discounts().filter(({ title }) => title === `${name} (Regulars)`)).toHaveLength(1);
    const query = `customer_tags CONTAINS '${(await one.inShop(readOpenOffers)).at(-1)?.tag}'`;
    expect([...one.world.store.segments.all()].filter((segment) => segment.query === query)).toHaveLength(1);
    await state(made.offerId, 'end');
    await one.settle();
    expect(discounts().filter(({ title }) => title === `${name} (Regulars)`)).toHaveLength(0);
    await fetch(`${one.world.sandbox.url}/control/faults`, { method: 'DELETE' });
  },
  60_000,
);
