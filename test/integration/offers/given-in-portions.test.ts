/**
 * An offer is given to everybody who is in its segment: in a large store the first get it with the approval, the others
 * in portions behind it, and it ends as it does in one.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeOfferState, type OfferStep } from '../../../app/activation/offers/change-state.server.ts';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { addDays, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { Killed, killedAt } from '../../support/killed-at.ts';
import { changeOffer, makeOffer, reviewNewOffer } from '../../support/make-offer.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
/** Customer k ordered 2k days ago: c045 ... c089. */
const away = { rule: { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [90, 179] } } };
const ALL = Array.from({ length: 45 }, (_, i) => 45 + i);
beforeEach(async () => {
  shop = await createArithmeticShop(t);
  await shop.in((tx) => putSegments(tx, { away }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in((tx) => tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${shop.shopId}`));
});

const holders = (offerId: string) =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(sql`
      SELECT customer_id AS id FROM offer_holder
       WHERE shop_id = ${shop.shopId} AND offer_id = ${offerId}::bigint AND ended_at IS NULL ORDER BY customer_id`);
    return rows.map(({ id }) => Number(id));
  });
/** Without what differs between two shops. */
const standing = () =>
  shop.in(async (tx) => {
    const { rows: held } = await tx.query(sql`
      SELECT customer_id, since, cause, most_minor, until, ended_at FROM offer_holder
       WHERE shop_id = ${shop.shopId} ORDER BY customer_id`);
    const { rows: queued } = await tx.query(sql`
      SELECT customer_id FROM tag_outbox WHERE shop_id = ${shop.shopId} ORDER BY customer_id`);
    return { held, queued };
  });
const day = (atOnce: number) => settleOfferDay(shop.ctx, shop.shopId, shop.clock.now(), { atOnce });
const step = (offerId: string, what: OfferStep['step']) =>
  changeOfferState(shop.ctx, shop.shopId, { offerId, step: what, actor: '42', now: shop.clock.now() });
const isAwaited = async () =>
  (await shop.in((tx) => tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'offer-day'`))).rowCount === 1; // prettier-ignore

test('five at once and the others in sevens: as all at once', async () => {
  await makeOffer(shop, 'away');
  const whole = await standing();
  expect(whole.held).toHaveLength(45);
  expect(whole.queued).toHaveLength(45);
  shop = await createArithmeticShop(t);
  await shop.in((tx) => putSegments(tx, { away }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in((tx) => tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${shop.shopId}`));
  const id = await makeOffer(shop, 'away', {}, { atOnce: 5 });
  expect(await holders(id)).toEqual([45, 46, 47, 48, 49]);
  expect(await isAwaited(), 'the others are on their way').toBe(true);
  await day(7);
  expect(await standing()).toEqual(whole);
});

test('killed in each of its transactions, and begun again each time: everybody has it once', async () => {
  const id = await makeOffer(shop, 'away', {}, { atOnce: 5 });
  let kills = 0;
  for (; ; kills++) {
    try {
      await settleOfferDay({ db: killedAt(shop.ctx.db, kills + 1) }, shop.shopId, shop.clock.now(), {
        atOnce: 4,
      });
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  expect(kills).toBeGreaterThan(5);
  expect(await holders(id)).toEqual(ALL);
});

test('paused in the middle: nobody more gets it until it goes on', async () => {
  const id = await makeOffer(shop, 'away', {}, { atOnce: 5 });
  await step(id, 'pause');
  await day(7);
  expect(await holders(id)).toHaveLength(5);
  await step(id, 'resume');
  await day(7);
  expect(await holders(id)).toEqual(ALL);
});

test('who was there and waits because of the bound gets the place that comes free, as the review says', async () => {
  const form = { mostHolders: '20' };
  expect((await reviewNewOffer(shop, 'away', form)).exposure).toMatchObject({
    holders: 20,
    waiting: { bound: 25 },
  });
  const id = await makeOffer(shop, 'away', form, { atOnce: 5 });
  await day(7);
  expect(await holders(id)).toEqual(ALL.slice(0, 20));
  const wish = { offerId: id, customerId: '50', actor: '42', now: shop.clock.now() };
  expect(await takeOffer(shop.ctx, shop.shopId, wish)).toBe(true);
  shop.clock.set(startOfDay(addDays('2026-11-22' as LocalDate, 1), ARITHMETIC_TIME_ZONE));
  await day(7);
  expect(await holders(id)).toEqual(ALL.slice(0, 21).filter((k) => k !== 50));
});

test('only for those who come in: nobody who is there gets it, before it is given to them', async () => {
  const id = await makeOffer(shop, 'away', { present: '' }, { atOnce: 5 });
  await day(7);
  expect(await holders(id)).toEqual([]);
  expect(await step(id, 'give')).toBe(45);
  expect(await holders(id)).toEqual(ALL);
});

test('a change that gives it to those present: the same', async () => {
  const id = await makeOffer(shop, 'away', { present: '' });
  await changeOffer(shop, id, 'away', { present: 'yes' });
  expect(await holders(id)).toEqual(ALL);
});
