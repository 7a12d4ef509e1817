/**
 * An order that Shopify shows late: whether it used a one-time offer is asked about at once, then after 1, 10, 60 and
 * 360 minutes, by the machine's clock. Found at any of these looks it ends the offer for the customer.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { handleSyncOffers } from '../../../app/jobs/handlers/sync-offers.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { READ_ORDER_DISCOUNTS } from '../../../app/shopify/documents/discounts.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const TAG = 'regulars-offer-win-back-60-89';
let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(BANDS);
  const made = await one.offer('win-back-60-89', { name: 'Come back', percent: '15', endsOn: '2026-12-20' });
  expect(made).toMatchObject({ outcome: 'done', given: 15 });
  await one.settle();
}, 240_000);
afterAll(() => one?.close());

interface Look {
  state: string;
  /** Minutes from the first look to the next one; null: none is planned. */
  nextIn: number | null;
}

/** The job, minute by minute as it is planned; orders are shown from `shownFrom` minutes after the first look on. */
async function timeline(
  shownFrom: number,
  minutes: readonly number[],
): Promise<(Look & { at: number; asked: number })[]> {
  const start = new Date('2026-11-22T11:00:00Z').getTime();
  const real = await one.world.ctx.adminFor(one.shopId);
  const looks = [];
  for (const at of minutes) {
    let asked = 0;
    const hiding: AdminClient = {
      ...real,
      request: (document, variables, options) => {
        if ((document as unknown) !== READ_ORDER_DISCOUNTS) return real.request(document, variables, options);
        asked += 1;
        if (at >= shownFrom) return real.request(document, variables, options);
        const nodes = (variables as unknown as { ids: string[] }).ids.map(() => null);
        return Promise.resolve({ data: { nodes } } as never);
      },
    };
    const clock = { ...one.world.ctx.clock, machineNow: () => new Date(start + at * 60_000) };
    const ctx = { ...one.world.ctx, clock, adminFor: () => Promise.resolve(hiding) };
    const { signal } = new AbortController();
    await handleSyncOffers(ctx, { data: { shopId: one.shopId }, signal });
    looks.push({ at, asked, ...(await standing(start)) });
  }
  return looks;
}

async function standing(start: number): Promise<Look> {
  return one.inShop(async (tx) => {
    const { rows } = await tx.query<{ state: string }>(sql`
      SELECT state FROM offer_order WHERE shop_id = ${one.shopId} ORDER BY order_id DESC LIMIT 1`);
    const { rows: due } = await tx.query<{ at: Date }>(sql`
      SELECT due_at AS at FROM shop_due WHERE shop_id = ${one.shopId} AND work = 'offers'`);
    const nextIn = due[0] ? (due[0].at.getTime() - start) / 60_000 : null;
    return { state: rows[0]?.state ?? 'none', nextIn };
  });
}

/** Customer k uses the offer, and the app hears of the order. */
async function order(k: number): Promise<void> {
  expect((await one.checkout(k, '100.00', { place: true })).total).toBe('85.00');
  await one.world.deliver(one.shopId, await one.world.caught());
  await one.world.drainAll(one.shopId);
}

test('never shown: looked for five times within seven hours, then taken for one without an offer', async () => {
  await order(44);
  expect(await timeline(Infinity, [0, 0.5, 1, 5, 11, 70, 71, 430, 431, 10_000])).toEqual([
    { at: 0, asked: 1, state: 'ask', nextIn: 1 },
    { at: 0.5, asked: 0, state: 'ask', nextIn: 1 },
    { at: 1, asked: 1, state: 'ask', nextIn: 11 },
    { at: 5, asked: 0, state: 'ask', nextIn: 11 },
    { at: 11, asked: 1, state: 'ask', nextIn: 71 },
    { at: 70, asked: 0, state: 'ask', nextIn: 71 },
    { at: 71, asked: 1, state: 'ask', nextIn: 431 },
    { at: 430, asked: 0, state: 'ask', nextIn: 431 },
    { at: 431, asked: 1, state: 'other', nextIn: null },
    { at: 10_000, asked: 0, state: 'other', nextIn: null },
  ]);
}, 120_000);

test('found while the customer’s tags wait for a decision about others: theirs wait no longer', async () => {
  await one.world.push(one.shopId);
  await order(38);
  const held = async () => {
    const { rows } = await one.inShop((tx) =>
      tx.query<{ held: boolean }>(sql`
        SELECT held_by IS NOT NULL AS held FROM tag_outbox WHERE shop_id = ${one.shopId}`),
    );
    return rows.map((row) => row.held);
  };
  await one.inShop((tx) =>
    tx.query(sql`UPDATE tag_outbox SET held_by = 1, offer_over = false WHERE shop_id = ${one.shopId}`),
  );
  await one.world.push(one.shopId);
  expect(one.tagsOf(38)).toContain(TAG);
  expect(await held()).toEqual([true]);
  expect(await timeline(0, [0])).toMatchObject([{ state: 'used' }]);
  expect(await held()).toEqual([false]);
  await one.world.push(one.shopId);
  expect(one.tagsOf(38)).not.toContain(TAG);
}, 120_000);

test.each([
  [43, 0, [0]],
  [42, 1, [0, 1]],
  [41, 12, [0, 1, 11, 71]],
  [39, 300, [0, 1, 11, 71, 431]],
])(
  'c0%i, shown after %i minutes: found at the next look, and the offer ends for that customer',
  async (k, shownFrom, minutes) => {
    await order(k);
    const looks = await timeline(shownFrom, minutes);
    expect(looks.map(({ state }) => state)).toEqual([...minutes.slice(1).map(() => 'ask'), 'used']);
    await one.world.push(one.shopId);
    expect(one.tagsOf(k)).not.toContain(TAG);
    expect((await one.checkout(k, '100.00')).total).toBe('100.00');
    expect((await one.checkout(31, '100.00')).total, 'nobody else').toBe('85.00');
  },
  120_000,
);
