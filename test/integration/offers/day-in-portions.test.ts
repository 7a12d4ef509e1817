/**
 * A new day, and the end of an offer, in a store that needs many portions: stopped anywhere and begun again it ends as
 * it does in one; who came first comes first whatever the size of a portion; who appears meanwhile is not missed.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { endOffers } from '../../../app/activation/offers/end-offers.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { readCustomerOffers } from '../../../app/activation/offers/read-customer-offers.server.ts';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { Db, ShopTx } from '../../../app/db/tenancy.server.ts';
import { addDays, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { Killed, killedAt } from '../../support/killed-at.ts';
import { makeOffer } from '../../support/make-offer.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const band = (from: number, to: number) => ({
  rule: { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [from, to] } },
});
const TOMORROW = startOfDay(addDays('2026-11-22' as LocalDate, 1), ARITHMETIC_TIME_ZONE);

interface Night {
  shop: SegmentShop;
  /** Held by the 93 of the last band, over since midnight. */
  over: string;
  /** Held by fifteen; five of them have left, and kept it until yesterday. */
  kept: string;
  /** Of the 45 who came in today, as many as 30.00 allow. */
  bounded: string;
  /** All of the 45. */
  open: string;
}

/**
 * Customer k ordered 2k days ago: c030 ... c044, c045 ... c089, c090 ... c182. Those of the middle band came in today
 * within three microseconds of each other: first those with k mod 3 = 0, of whom c060 ordered for 400.00.
 */
async function night(): Promise<Night> {
  const shop = await createArithmeticShop(t);
  await shop.in((tx) => putSegments(tx, { quiet: band(60, 89), away: band(90, 179), gone: band(180, 364) }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in((tx) => storeOfferGap(tx, 0));
  const over = await makeOffer(shop, 'gone', { endsOn: '2026-11-22' });
  const kept = await makeOffer(shop, 'quiet');
  const bounded = await makeOffer(shop, 'away', { name: 'Bounded', present: '', mostCost: '30.00' });
  const open = await makeOffer(shop, 'away', { name: 'Open', present: '' });
  await shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE membership m SET cause = 'clock',
             since = ${ARITHMETIC_NOON}::timestamptz + make_interval(secs => 1 + (m.customer_id % 3) * 0.000001)
        FROM segment s
       WHERE s.shop_id = ${shop.shopId} AND s.key = 'away' AND m.shop_id = s.shop_id AND m.segment_id = s.id`);
    await tx.query(sql`
      UPDATE offer_holder SET until = '2026-11-22'
       WHERE shop_id = ${shop.shopId} AND offer_id = ${kept}::bigint AND customer_id BETWEEN 40 AND 44`);
    await tx.query(sql`
      DELETE FROM membership m USING segment s
       WHERE s.shop_id = ${shop.shopId} AND s.key = 'quiet' AND m.shop_id = s.shop_id AND m.segment_id = s.id
         AND m.customer_id BETWEEN 40 AND 44`);
    await tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${shop.shopId}`);
  });
  shop.clock.set(TOMORROW);
  return { shop, over, kept, bounded, open };
}

/** Everything that a day decides; offers by their names, so that two shops can be compared. */
async function standing({ shop }: Night): Promise<unknown> {
  return shop.in(async (tx) => {
    const { rows: holders } = await tx.query(sql`
      SELECT o.name, h.customer_id, h.since, h.cause, h.most_minor, h.until, h.ended_at, h.end_cause
        FROM offer_holder h JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id
       WHERE h.shop_id = ${shop.shopId} ORDER BY o.name, h.customer_id`);
    const { rows: offers } = await tx.query(sql`
      SELECT name, state, ended_at, end_cause FROM offer WHERE shop_id = ${shop.shopId} ORDER BY name`);
    const { rows: queued } = await tx.query(sql`
      SELECT customer_id FROM tag_outbox WHERE shop_id = ${shop.shopId} ORDER BY customer_id`);
    return { holders, offers, queued };
  });
}

const holders = ({ shop }: Night, offerId: string) =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(sql`
      SELECT customer_id AS id FROM offer_holder
       WHERE shop_id = ${shop.shopId} AND offer_id = ${offerId}::bigint AND ended_at IS NULL ORDER BY customer_id`);
    return rows.map(({ id }) => Number(id));
  });

let whole: unknown;
test('in one portion: the bound is not reached past the one whom it leaves out', async () => {
  const one = await night();
  expect(await settleOfferDay(one.shop.ctx, one.shop.shopId, TOMORROW)).toEqual(
    startOfDay(addDays('2026-11-23' as LocalDate, 1), ARITHMETIC_TIME_ZONE),
  );
  whole = await standing(one);
  expect(await holders(one, one.over)).toEqual([]);
  expect(await holders(one, one.kept)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
  // 5.00 each; c060, the next, would take 40.00 more. Those behind c060 wait behind c060.
  expect(await holders(one, one.bounded)).toEqual([45, 48, 51, 54, 57]);
  expect(await holders(one, one.open)).toHaveLength(45);
}, 60_000);

test.each([1, 2, 5, 6, 7])(
  'with %i people a portion: as in one',
  async (atOnce) => {
    const one = await night();
    await settleOfferDay(one.shop.ctx, one.shop.shopId, TOMORROW, { atOnce });
    expect(await standing(one)).toEqual(whole);
  },
  60_000,
);

test('killed in each of its transactions, and begun again each time: as in one', async () => {
  const one = await night();
  const { db } = one.shop.ctx;
  let kills = 0;
  for (; ; kills++) {
    try {
      await settleOfferDay({ db: killedAt(db, kills + 1) }, one.shop.shopId, TOMORROW, { atOnce: 3 });
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  expect(kills).toBeGreaterThan(10);
  expect(await standing(one)).toEqual(whole);
}, 60_000);

test('who appears while it goes on is not missed', async () => {
  const one = await night();
  const { shop } = one;
  let transactions = 0;
  const meanwhile: Record<number, (tx: ShopTx) => Promise<unknown>> = {
    // A merge leaves what the other one held of an offer that is over with somebody who was passed already.
    6: (tx) => tx.query(sql`
      INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause)
      VALUES (${shop.shopId}, ${one.over}::bigint, 2, ${TOMORROW}, 'merge')`),
    // Ten come into the middle band, last in line.
    25: (tx) => tx.query(sql`
      INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
      SELECT s.shop_id, s.id, k, ${TOMORROW}::timestamptz, 'clock', 1, 1, '{}'::jsonb
        FROM segment s, generate_series(3, 12) k WHERE s.shop_id = ${shop.shopId} AND s.key = 'away'`),
  }; // prettier-ignore
  const db: Db = {
    ...shop.ctx.db,
    inShop: async (shopId, work) => {
      const result = await shop.ctx.db.inShop(shopId, work);
      const act = meanwhile[(transactions += 1)];
      if (act) await shop.in(act);
      return result;
    },
  };
  await settleOfferDay({ db }, shop.shopId, TOMORROW, { atOnce: 5 });
  expect(transactions).toBeGreaterThan(25);
  expect(await holders(one, one.over)).toEqual([]);
  const members = Array.from({ length: 45 }, (_, i) => 45 + i);
  expect(await holders(one, one.open)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ...members]);
  expect(await holders(one, one.bounded)).toEqual([45, 48, 51, 54, 57]);
}, 60_000);

test('an offer that is ended by hand is over at once, also for those whose turn comes later', async () => {
  const one = await night();
  const { shop, over } = one;
  const ended = await shop.in((tx) => endOffers(tx, [over], { now: TOMORROW, cause: 'hand', atOnce: 10 }));
  expect(ended).toBe(93);
  expect(await holders(one, over)).toHaveLength(83);
  const [last] = await shop.in((tx) => readCustomerOffers(tx, '182'));
  expect(last).toMatchObject({ offerId: over, state: 'ended', endedAt: TOMORROW, endCause: 'offer' });
  const { rows } = await shop.in((tx) =>
    tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'offer-day'`),
  );
  expect(rows, 'the others are on their way').toHaveLength(1);
  const wish = { offerId: over, step: 'end' as const, actor: '42', now: TOMORROW };
  expect(await changeOfferState(shop.ctx, shop.shopId, wish), 'once').toBeNull();
  await settleOfferDay(shop.ctx, shop.shopId, TOMORROW, { atOnce: 10 });
  expect(await holders(one, over)).toEqual([]);
}, 60_000);
