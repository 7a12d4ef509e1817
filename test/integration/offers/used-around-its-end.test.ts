/**
 * From which order on, and up to which, a customer uses an offer: from its tag on, also where somebody put that on before
 * we hear of it, until Shopify has taken the tag off, also where the offer is over for them before that.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createOfferWorld, turnBuyersOn, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await turnBuyersOn(one, ['win-back-60-89']);
}, 240_000);
afterAll(() => one?.close());

async function offer(segment: string, form: Partial<OfferForm>): Promise<string> {
  const made = await one.offer(segment, { once: '', endsOn: '2026-12-20', ...form });
  await one.settle();
  return made.outcome === 'done' ? made.offerId : '';
}
const forward = (seconds: number) =>
  one.world.sandbox.clock.set(new Date(one.now().getTime() + seconds * 1_000));
const order = async (k: number) => (await one.checkout(k, '100.00', { place: true })).total;
const idOf = (k: number) =>
  [...one.world.store.customers()].find((c) => c.email === arithmeticEmail(k))?.id ?? '';
const standing = async (id: string) => (await one.inShop((tx) => readOfferStandings(tx, [id]))).get(id);

test('the tag is put on by hand, and they order before we hear of it: used, once', async () => {
  await offer('win-back-60-89', { name: 'Once', percent: '50', once: 'yes' });
  const tags = [...one.tagsOf(10), 'regulars-offer-win-back-60-89'];
  await one.control('set-tags', { customer: arithmeticEmail(10), tags });
  forward(2);
  expect(await order(10)).toBe('50.00');
  forward(10);
  await one.settle();
  expect((await one.checkout(10, '100.00')).total).toBe('100.00');
}, 120_000);

test.each([
  ['is still on when we hear of it', 0],
  ['is off by then', 1],
])(
  'an order after our end of an offer and before its tag is off counts; the tag %s',
  async (_, late) => {
    const id = await offer('buyers', { name: `Many ${late}`, percent: '20', mostCost: '100000.00' });
    const k = 5 + late;
    forward(10);
    const wish = { offerId: id, customerId: idOf(k), actor: '42', now: one.now() };
    expect(await takeOffer(one.world.ctx, one.shopId, wish)).toBe(true);
    forward(5);
    expect(await order(k)).toBe('80.00');
    forward(5);
    const messages = late ? await one.world.caught() : [];
    if (late) await one.world.push(one.shopId);
    await one.world.deliver(one.shopId, messages);
    await one.settle();
    expect(await standing(id)).toMatchObject({ used: 1, takenMinor: '2000' });
    const { rows } = await one.inShop((tx) =>
      tx.query(sql`SELECT end_cause FROM offer_holder
                  WHERE shop_id = ${one.shopId} AND offer_id = ${id}::bigint AND ended_at IS NOT NULL`),
    );
    expect(rows).toEqual([{ end_cause: 'hand' }]);
    await changeOfferState(one.world.ctx, one.shopId, {
      offerId: id,
      step: 'end',
      actor: '42',
      now: one.now(),
    });
    await one.settle();
  },
  120_000,
);

test('an offer has the name of one that ended: an order counts for the one that was held then', async () => {
  const first = await offer('buyers', { name: 'Come back', percent: '25' });
  await changeOfferState(one.world.ctx, one.shopId, {
    offerId: first,
    step: 'end',
    actor: '42',
    now: one.now(),
  });
  await one.settle();
  forward(3_600);
  const second = await offer('buyers', { name: 'Come back', percent: '20' });
  forward(3_600);
  expect(await order(7)).toBe('80.00');
  await one.settle();
  expect([(await standing(first))?.used, (await standing(second))?.used]).toEqual([0, 1]);
}, 120_000);

test('the place of who has used a one-time offer is for the first in line, and the line is walked for it', async () => {
  const id = await offer('buyers', { name: 'One place', percent: '60', once: 'yes', mostHolders: '1' });
  const idFrom = (statement: ReturnType<typeof sql>) =>
    one.inShop(async (tx) => (await tx.query<{ id: string }>(statement)).rows[0]?.id);
  const holder = () =>
    idFrom(sql`SELECT customer_id AS id FROM offer_holder
                WHERE shop_id = ${one.shopId} AND offer_id = ${id}::bigint AND ended_at IS NULL`);
  const due = () =>
    one.inShop((tx) =>
      tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${one.shopId} AND work = 'offer-day' RETURNING 1`),
    );
  expect(await holder()).toBe(idOf(200));
  const next = await idFrom(sql`
    SELECT m.customer_id AS id FROM membership m
      JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id AND s.key = 'buyers'
     WHERE m.shop_id = ${one.shopId} AND m.customer_id <> ${idOf(200)}::bigint ORDER BY m.since, m.customer_id LIMIT 1`);
  await due();
  forward(60);
  expect(await order(200)).toBe('40.00');
  await one.settle();
  expect((await due()).rows).toHaveLength(1);
  await settleOfferDay(one.world.ctx, one.shopId, one.now());
  expect(await holder()).toBe(next);
}, 120_000);
