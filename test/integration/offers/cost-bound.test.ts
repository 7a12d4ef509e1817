/**
 * The bound on cost of an offer that may be used again and again: what former holders have really saved counts in it.
 * 10 % of 50.00 for each of c032 ... c039, who came first and ordered once in 90 days.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteOfferRecords } from '../../../app/activation/offers/delete-offer-records.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { changeOffer, makeOffer, reviewChangedOffer } from '../../support/make-offer.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
let id: string;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

beforeEach(async () => {
  shop = await createArithmeticShop(t);
  const rule = { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [64, 89] } };
  await shop.in((tx) => putSegments(tx, { quiet: { rule } }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  id = await makeOffer(shop, 'quiet', { mostCost: '15.00', once: '', keepDays: '0', endsOn: '2027-02-19' });
  expect(await holders()).toEqual([32, 33, 34]);
});

const holders = async () => {
  const { rows } = await shop.in((tx) =>
    tx.query<{ id: string }>(sql`
      SELECT customer_id AS id FROM offer_holder
       WHERE shop_id = ${shop.shopId} AND offer_id = ${id}::bigint AND ended_at IS NULL ORDER BY customer_id`),
  );
  return rows.map((row) => Number(row.id));
};

/** They ordered with it, now. */
const took = (k: number, minor: number) =>
  shop.in((tx) =>
    tx.query(sql`
      INSERT INTO offer_order (shop_id, order_id, customer_id, state, offer_id, taken_minor, at)
      VALUES (${shop.shopId}, ${900_000 + k}, ${k}, 'used', ${id}::bigint, ${minor}, ${shop.clock.now()})`),
  );
/** They lost it, and may not have it again. */
const takenOut = (k: number) =>
  namePerson(shop.ctx, shop.shopId, { key: 'quiet', customerIds: [String(k)], list: 'never', actor: '42', now: shop.clock.now() }); // prettier-ignore
/** They had it and took that much two hours ago, left an hour ago, and are back. */
const hadItBefore = async (k: number, minor: number) => {
  await took(k, minor);
  await shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE offer_order SET at = at - interval '2 hours' WHERE shop_id = ${shop.shopId} AND customer_id = ${k}`);
    await tx.query(sql`
      UPDATE offer_holder SET since = since - interval '3 hours', ended_at = since - interval '1 hour', end_cause = 'left'
       WHERE shop_id = ${shop.shopId} AND offer_id = ${id}::bigint AND customer_id = ${k}`);
    await storeOfferGap(tx, 0);
  });
};

const wider = (mostCost: string) => ({ mostCost, present: 'yes' });
/** The review says the same as what is done. */
async function widened(mostCost: string): Promise<number[]> {
  const { exposure } = await reviewChangedOffer(shop, id, 'quiet', wider(mostCost));
  await changeOffer(shop, id, 'quiet', wider(mostCost));
  const held = await holders();
  expect(exposure.holders).toBe(held.length);
  return held;
}

test('what somebody took off who has lost it since is gone: it makes room for less', async () => {
  await took(32, 1_000);
  await takenOut(32);
  // 10.00 are gone, 5.00 each for c033 and c034: 20.00.
  expect(await widened('15.00')).toEqual([33, 34]);
  expect(await widened('24.99')).toEqual([33, 34]);
  expect(await widened('25.00')).toEqual([33, 34, 35]);
});

test('what somebody took off who was erased is gone all the same, and is told without them', async () => {
  await took(32, 1_000);
  const standing = async () => (await shop.in((tx) => readOfferStandings(tx, [id]))).get(id);
  expect(await standing()).toMatchObject({ holders: 3, used: 1, takenMinor: '1000' });
  for (let twice = 0; twice < 2; twice++) await shop.in((tx) => deleteOfferRecords(tx, ['32', '33']));
  await takenOut(32);
  await takenOut(33);
  expect(await standing()).toMatchObject({ holders: 1, used: 1, takenMinor: '1000' });
  // 10.00 are gone, 5.00 for c034: 15.00.
  expect(await widened('19.99')).toEqual([34]);
  expect(await widened('20.00')).toEqual([34, 35]);
});

test('who lost it without an order makes room for as much as they could have cost', async () => {
  await takenOut(32);
  expect(await widened('15.00')).toEqual([33, 34, 35]);
});

test('who holds it and took more than was thought counts with what they took', async () => {
  await took(32, 1_200);
  // 12.00 + 5.00 + 5.00, and 5.00 more.
  expect(await widened('26.99')).toEqual([32, 33, 34]);
  expect(await widened('27.00')).toEqual([32, 33, 34, 35]);
});

test('who holds it and took less counts with the most', async () => {
  await took(32, 300);
  expect(await widened('19.99')).toEqual([32, 33, 34]);
  expect(await widened('20.00')).toEqual([32, 33, 34, 35]);
});

test('who has it a second time counts with what they took the first time too', async () => {
  await hadItBefore(32, 1_000);
  // 10.00 gone, 5.00 each for c033, c034, and for c032 again.
  expect(await widened('24.99')).toEqual([33, 34]);
  expect(await widened('25.00')).toEqual([32, 33, 34]);
  expect(await widened('29.99')).toEqual([32, 33, 34]);
  expect(await widened('30.00')).toEqual([32, 33, 34, 35]);
});
