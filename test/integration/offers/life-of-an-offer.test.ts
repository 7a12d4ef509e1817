/** Who holds an offer, day by day: given on entry, kept, taken, waited for. The store's days are the clock's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readCustomerOffers } from '../../../app/activation/offers/read-customer-offers.server.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { readOffer } from '../../../app/activation/offers/read-offers.server.ts';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { giveBackOffer, takeOffer } from '../../../app/activation/offers/take-offer.server.ts';
import { titleOf } from '../../../app/activation/offers/terms.ts';
import { sql } from '../../../app/db/sql.ts';
import { addDays, atHour, parseLocalDate, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { changeOffer, makeOffer } from '../../support/make-offer.ts';
import { band, createQuietShop, happen, holdersOf, merge } from '../../support/quiet-shop.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
/** People a transaction of a new day: several are needed in any store. */
const AT_ONCE = 4;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

beforeEach(async () => {
  // "quiet", and c045 ... c089.
  shop = await createQuietShop(t, { away: band(90, 179) });
});

const offer = (key: string, form: Partial<OfferForm> = {}) => makeOffer(shop, key, form);
const change = (id: string, key: string, form: Partial<OfferForm>) => changeOffer(shop, id, key, form);

let day: LocalDate = '2026-11-22' as LocalDate;
beforeEach(() => {
  day = '2026-11-22' as LocalDate;
});

/** Each midnight until that day, as the worker would; then it is noon. */
async function until(text: string): Promise<void> {
  const last = parseLocalDate(text);
  if (!last) throw new Error(text);
  while (day < last) {
    day = addDays(day, 1);
    shop.clock.set(startOfDay(day, ARITHMETIC_TIME_ZONE));
    await reviewDue(shop.ctx, shop.shopId);
    await settleOfferDay(shop.ctx, shop.shopId, shop.clock.now(), { atOnce: AT_ONCE });
  }
  shop.clock.set(atHour(day, 12, ARITHMETIC_TIME_ZONE));
}

const name = (k: number, list: 'always' | 'never') =>
  namePerson(shop.ctx, shop.shopId, {
    key: 'quiet',
    customerIds: [String(k)],
    list,
    actor: '42',
    now: shop.clock.now(),
  });
const run = (statement: ReturnType<typeof sql>) => shop.in((tx) => tx.query(statement));
const one = async (id: string, k: number) =>
  (await shop.in((tx) => readCustomerOffers(tx, String(k)))).find(({ offerId }) => offerId === id);
const holds = async (id: string, k: number) => (await one(id, k))?.endedAt === null;
const holders = (id: string) => holdersOf(shop, id);
const PRESENT = Array.from({ length: 15 }, (_, i) => 30 + i);

describe('given and kept', () => {
  test('who is there and who enters gets it; by default it ends after 90 days and names the app', async () => {
    const id = await offer('quiet');
    expect(await holders(id)).toEqual(PRESENT);
    const made = await shop.in((tx) => readOffer(tx, id));
    expect([made?.startsOn, made?.endsOn, made?.keepDays]).toEqual(['2026-11-22', '2027-02-20', 14]);
    expect(titleOf(made?.name ?? '')).toBe('Offer quiet (Regulars)');
    await until('2026-11-24');
    expect(await holders(id)).toEqual([29, ...PRESENT]);
  });

  test('kept 14 days after a date took them out, to the end of the last day', async () => {
    const id = await offer('quiet');
    await until('2026-11-24');
    expect(await one(id, 44)).toMatchObject({ until: '2026-12-08', endedAt: null });
    expect(await one(id, 43)).toMatchObject({ until: null, endedAt: null });
    await until('2026-12-08');
    expect(await holds(id, 44)).toBe(true);
    await until('2026-12-09');
    expect(await one(id, 44)).toMatchObject({ endCause: 'lapsed' });
  });

  test.each([
    ['0', '2026-11-24', 'left'],
    ['3', '2026-11-28', 'lapsed'],
  ])('kept for %s days: over on %s', async (keepDays, over, endCause) => {
    const id = await offer('quiet', { keepDays });
    await until(addDays(over as LocalDate, -1));
    expect(await holds(id, 44)).toBe(true);
    await until(over);
    expect(await one(id, 44)).toMatchObject({ endCause });
  });

  test('other people’s purchases take nobody’s offer at once: a mass change of the store’s numbers', async () => {
    const id = await offer('quiet');
    await run(sql`UPDATE segment SET rule = ${JSON.stringify(band(70, 89).rule)}::jsonb WHERE shop_id = ${shop.shopId} AND key = 'quiet'`); // prettier-ignore
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'refit', publish: 'never' });
    expect(await holders(id)).toEqual(PRESENT);
    expect(await one(id, 30)).toMatchObject({ until: '2026-12-06' });
  });

  test('back in the segment before that day, it is theirs again without an end', async () => {
    const id = await offer('quiet');
    await until('2026-11-24');
    await name(44, 'always');
    expect(await one(id, 44)).toMatchObject({ until: null, endedAt: null });
    await until('2026-12-10');
    expect(await holds(id, 44)).toBe(true);
  });

  test('the offer’s end comes first', async () => {
    const id = await offer('quiet', { endsOn: '2026-12-01' });
    await until('2026-12-01');
    expect(await holders(id)).toContain(44);
    await until('2026-12-02');
    expect(await holders(id)).toEqual([]);
    expect(await one(id, 44)).toMatchObject({ endCause: 'offer', state: 'ended' });
    expect(await shop.in((tx) => readOffer(tx, id))).toMatchObject({ state: 'ended', endCause: 'date' });
  });

  test('a mass change gives it to nobody until a person says so', async () => {
    const id = await offer('quiet');
    await run(sql`UPDATE segment SET rule = ${JSON.stringify(band(50, 89).rule)}::jsonb WHERE shop_id = ${shop.shopId} AND key = 'quiet'`); // prettier-ignore
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
    expect(await holders(id)).toEqual(PRESENT);
    const wish = { offerId: id, step: 'give' as const, actor: '42', now: shop.clock.now() };
    expect(await changeOfferState(shop.ctx, shop.shopId, wish)).toBe(5);
    expect(await holders(id)).toEqual([25, 26, 27, 28, 29, ...PRESENT]);
  });
});

describe('ended at once', () => {
  test('by an order of their own, which takes them out of the segment', async () => {
    const id = await offer('quiet');
    await shop.in((tx) =>
      putOrders(tx, [{ id: '9001', customerId: '40', processedAt: shop.clock.now(), totalMinor: 5_000 }]),
    );
    await happen(shop, [40], 'order');
    expect(await one(id, 40)).toMatchObject({ endCause: 'left' });
  });

  test('by hand; and given back as it was, but not after the offer’s end', async () => {
    const id = await offer('quiet');
    await until('2026-11-24');
    const wish = { offerId: id, customerId: '44', actor: '42', now: shop.clock.now() };
    expect(await takeOffer(shop.ctx, shop.shopId, wish)).toBe(true);
    expect(await takeOffer(shop.ctx, shop.shopId, wish)).toBe(false);
    expect(await one(id, 44)).toMatchObject({ endCause: 'hand' });
    await until('2026-11-30');
    expect(await holds(id, 44)).toBe(false);
    const back = { ...wish, now: shop.clock.now() };
    expect(await giveBackOffer(shop.ctx, shop.shopId, back)).toBe(true);
    expect(await giveBackOffer(shop.ctx, shop.shopId, back)).toBe(false);
    expect(await one(id, 44)).toMatchObject({ until: '2026-12-08', endedAt: null });
    expect(await takeOffer(shop.ctx, shop.shopId, { ...back, customerId: '43' })).toBe(true);
    await changeOfferState(shop.ctx, shop.shopId, { offerId: id, step: 'end', actor: '42', now: back.now });
    expect(await giveBackOffer(shop.ctx, shop.shopId, { ...back, customerId: '43' })).toBe(false);
    const acts = await shop.in((tx) =>
      tx.query<{ act: string }>(sql`SELECT act FROM approval WHERE shop_id = ${shop.shopId} ORDER BY id`),
    );
    expect(acts.rows.map(({ act }) => act)).toEqual([
      'make_offer',
      'take_offer',
      'give_back_offer',
      'take_offer',
      'end_offer',
    ]);
  });

  test('taken by hand, it does not come back by itself', async () => {
    const id = await offer('quiet');
    await takeOffer(shop.ctx, shop.shopId, { offerId: id, customerId: '35', actor: '42', now: shop.clock.now() }); // prettier-ignore
    await happen(shop, [35], 'edit');
    await until('2026-12-30');
    expect(await holds(id, 35)).toBe(false);
  });

  test('by “never in”', async () => {
    const id = await offer('quiet');
    await name(33, 'never');
    expect(await one(id, 33)).toMatchObject({ endCause: 'excluded' });
  });

  test('by being left out of everything, whatever brought it about', async () => {
    const id = await offer('quiet');
    await run(sql`UPDATE customer SET tags = '{staff}' WHERE shop_id = ${shop.shopId} AND id = 31`);
    await run(sql`UPDATE shop_settings SET policy = '{"leaveOutCustomerTags": ["staff"]}'::jsonb WHERE shop_id = ${shop.shopId}`); // prettier-ignore
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'never' });
    expect(await one(id, 31)).toMatchObject({ endCause: 'excluded' });
    expect(await holds(id, 30)).toBe(true);
  });
});

describe('at most one new offer in 30 days', () => {
  test('who got one on 22 November gets the next on 22 December', async () => {
    await offer('quiet');
    const away = await offer('away', { present: '' });
    await until('2026-11-24');
    expect(await holders(away)).toEqual([]);
    await until('2026-12-21');
    expect(await holds(away, 44)).toBe(false);
    await until('2026-12-22');
    expect(await holds(away, 44)).toBe(true);
  });

  test('as many days as the merchant sets, at once', async () => {
    await offer('quiet');
    const away = await offer('away', { present: '' });
    await until('2026-11-24');
    await shop.in((tx) => storeOfferGap(tx, 0));
    await settleOfferDay(shop.ctx, shop.shopId, shop.clock.now(), { atOnce: AT_ONCE });
    expect(await holders(away)).toEqual([44]);
  });
});

describe('at a bound', () => {
  test('new people wait, present holders keep it; a place that comes free is given', async () => {
    const id = await offer('quiet', { mostHolders: '16' });
    await until('2026-11-26');
    // c029 on the 24th; c028 on the 26th is the seventeenth.
    expect(await holders(id)).toEqual([29, ...PRESENT]);
    await change(id, 'quiet', { mostHolders: '5' });
    expect(await holders(id)).toHaveLength(16);
    await change(id, 'quiet', { mostHolders: '16' });
    // c044 keeps it until 8 December.
    await until('2026-12-08');
    expect(await holders(id)).toHaveLength(16);
    await until('2026-12-09');
    expect(await holders(id)).toHaveLength(16);
    expect(await holds(id, 44)).toBe(false);
    expect(await holds(id, 28)).toBe(true);
  });

  test('of cost: who came first comes first', async () => {
    // 10 % of 50.00 each.
    const id = await offer('quiet', { mostCost: '12.00' });
    expect(await holders(id)).toEqual([30, 31]);
    await change(id, 'quiet', { mostCost: '15.00', present: 'yes' });
    expect(await holders(id)).toEqual([30, 31, 32]);
  });
});

describe('changed, paused, renewed', () => {
  test('other terms cost another sum for whoever holds it', async () => {
    const id = await offer('quiet');
    const most = async () => (await shop.in((tx) => readOfferStandings(tx, [id]))).get(id)?.mostMinor;
    // 10 % of 50.00 for fourteen, of 400.00 for c040.
    expect(await most()).toBe('11000');
    await change(id, 'quiet', { percent: '20' });
    expect(await most()).toBe('22000');
  });

  test('terms and way change while it is held: everybody keeps it', async () => {
    const id = await offer('quiet');
    for (const form of [
      { percent: '20' },
      { percent: '5' },
      { way: 'function' },
      { way: 'code', code: 'QUIET-5' },
    ]) {
      expect(await change(id, 'quiet', form)).toBe(id);
      expect(await holders(id)).toEqual(PRESENT);
    }
    expect(await shop.in((tx) => readOffer(tx, id))).toMatchObject({
      way: 'code',
      code: 'QUIET-5',
      slot: null,
    });
  });

  test('renewed before its end it goes on, again and again, at most a year from then', async () => {
    const id = await offer('quiet', { endsOn: '2026-11-30', keepDays: '100' });
    await until('2026-11-30');
    await change(id, 'quiet', { endsOn: '2027-02-28' });
    await until('2026-12-01');
    expect(await holds(id, 40)).toBe(true);
    await expect(change(id, 'quiet', { endsOn: '2028-01-01' })).rejects.toThrow(/within a year/);
    await change(id, 'quiet', { endsOn: '2027-12-01' });
    expect(await shop.in((tx) => readOffer(tx, id))).toMatchObject({
      startsOn: '2026-11-22',
      endsOn: '2027-12-01',
    });
  });

  test('paused, nobody new gets it and nobody loses it; going on, those who entered meanwhile get it', async () => {
    const id = await offer('quiet');
    const step = (to: 'pause' | 'resume') =>
      changeOfferState(shop.ctx, shop.shopId, { offerId: id, step: to, actor: '42', now: shop.clock.now() });
    expect(await step('pause')).toBe(15);
    expect(await step('pause')).toBeNull();
    await until('2026-11-24');
    expect(await holders(id)).toEqual(PRESENT);
    expect(await step('resume')).toBe(15);
    await settleOfferDay(shop.ctx, shop.shopId, shop.clock.now(), { atOnce: AT_ONCE });
    expect(await holders(id)).toEqual([29, ...PRESENT]);
  });
});

describe('a merge', () => {
  test('the kept customer holds it, also when both together are in the segment no more', async () => {
    const id = await offer('quiet');
    // c010 ordered 20 days ago.
    await merge(shop, 40, 10);
    expect(await holders(id)).toEqual([10, ...PRESENT.filter((k) => k !== 40)]);
    expect(await one(id, 10)).toMatchObject({ until: '2026-12-06', endedAt: null });
  });

  test('both held it: once', async () => {
    const id = await offer('quiet');
    await merge(shop, 40, 41);
    expect(await holders(id)).toEqual(PRESENT.filter((k) => k !== 40));
  });

  test('one had lost it by leaving, the other holds it: held', async () => {
    const id = await offer('quiet');
    await run(sql`UPDATE offer_holder SET ended_at = since, end_cause = 'lapsed' WHERE shop_id = ${shop.shopId} AND customer_id = 41`); // prettier-ignore
    await merge(shop, 40, 41);
    expect(await holds(id, 41)).toBe(true);
  });

  test.each([
    [40, 41],
    [41, 40],
  ])('one of them had used it: used (c0%i into c0%i)', async (old, kept) => {
    const id = await offer('quiet');
    await run(sql`UPDATE offer_holder SET ended_at = since, end_cause = 'used' WHERE shop_id = ${shop.shopId} AND customer_id = 41`); // prettier-ignore
    await merge(shop, old, kept);
    expect(await one(id, kept)).toMatchObject({ endCause: 'used' });
    expect(await holders(id)).toEqual(PRESENT.filter((k) => k !== 40 && k !== 41));
  });
});
