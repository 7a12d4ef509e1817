/**
 * An app discount of ours serves one offer today and another tomorrow. An order that we hear of tomorrow counts for the
 * offer that the discount served when it was placed, also where Shopify names the discount, not the offer.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { reviewOffer } from '../../../app/activation/offers/review-offer.server.ts';
import { saveOffer, type SavedOffer } from '../../../app/activation/offers/save-offer.server.ts';
import { titleOf } from '../../../app/activation/offers/terms.ts';
import { sql } from '../../../app/db/sql.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { handleSyncOffers } from '../../../app/jobs/handlers/sync-offers.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { READ_ORDER_DISCOUNTS } from '../../../app/shopify/documents/discounts.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const SEGMENT = 'win-back-60-89';
const FIRST_SLOT = titleOf('Segment offers');
const SECOND_SLOT = titleOf('Segment offers 2');
const EARLY = { name: 'Early', percent: '15', way: 'function', endsOn: '2026-12-20' } as const;
const LATER = { ...EARLY, name: 'Later', percent: '30', startsOn: '2026-11-24' } as const;
let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(BANDS);
  await one.inShop((tx) => storeOfferGap(tx, 0));
}, 240_000);
afterAll(() => one?.close());

const idOf = (saved: SavedOffer) => (saved.outcome === 'done' ? saved.offerId : '');

/** The job; of orders Shopify shows nothing yet, or the title of the discount, which may stand for several offers. */
async function sync(shown: 'nothing' | 'the discount'): Promise<void> {
  const real = await one.world.ctx.adminFor(one.shopId);
  const admin: AdminClient = {
    ...real,
    async request(document, variables, options) {
      const answer = await real.request(document, variables, options);
      if ((document as unknown) !== READ_ORDER_DISCOUNTS) return answer;
      const { data } = answer as unknown as {
        data: { nodes: { discountApplications: { nodes: { title?: string }[] } }[] };
      };
      if (shown === 'nothing') return { ...answer, data: { nodes: data.nodes.map(() => null) } } as never;
      for (const node of data.nodes) {
        for (const applied of node.discountApplications.nodes) applied.title = FIRST_SLOT;
      }
      return answer;
    },
  };
  const clock = { ...one.world.ctx.clock, machineNow: () => new Date(Date.now() + looks++ * 3_600_000) };
  const ctx = { ...one.world.ctx, clock, adminFor: () => Promise.resolve(admin) };
  await handleSyncOffers(ctx, { data: { shopId: one.shopId }, signal: new AbortController().signal });
}
let looks = 0;

async function order(k: number, total: string): Promise<string> {
  const { order: placed, total: paid } = await one.checkout(k, '100.00', { place: true });
  expect(paid).toBe(total);
  await one.world.deliver(one.shopId, await one.world.caught());
  await one.world.drainAll(one.shopId);
  return placed?.id.replace(/\D+/g, '') ?? '';
}

const usedBy = async (orderId: string) =>
  one.inShop(async (tx) => {
    const { rows } = await tx.query<{ state: string; offerId: string | null }>(sql`
      SELECT state, offer_id AS "offerId" FROM offer_order
       WHERE shop_id = ${one.shopId} AND order_id = ${orderId}::bigint`);
    return rows[0];
  });

test('a late order of before counts for the offer of then, one of after for the offer of now', async () => {
  const early = idOf(await one.offer(SEGMENT, EARLY));
  // Combined with others: a discount of its own.
  const later = idOf(await one.offer(SEGMENT, { ...LATER, combineOrder: 'yes' }));
  await one.settle();
  const { segmentId, draft } = await one.draft(SEGMENT, { ...LATER, present: '' });
  const before = await order(44, '85.00');
  await sync('nothing');
  expect(await usedBy(before)).toEqual({ state: 'ask', offerId: null });

  one.world.sandbox.clock.set(new Date('2026-11-25T12:00:00Z'));
  await changeOfferState(one.world.ctx, one.shopId, { offerId: early, step: 'end', actor: '42', now: one.now() }); // prettier-ignore
  const { fingerprint } = await one.inShop(async (tx) =>
    reviewOffer(tx, await readShopDay(tx, one.now()), { segmentId, draft, offerId: later }),
  );
  const change = { segmentId, draft, offerId: later, fingerprint, actor: '42', now: one.now() };
  expect(await saveOffer(one.world.ctx, one.shopId, change)).toMatchObject({ outcome: 'done' });
  await sync('nothing');
  const { rows } = await one.inShop((tx) =>
    tx.query(sql`
      SELECT o.name, s.title, s.until IS NULL AS now FROM offer_served s
        JOIN offer o ON o.shop_id = s.shop_id AND o.id = s.offer_id
       WHERE s.shop_id = ${one.shopId} AND s.title IN (${FIRST_SLOT}, ${SECOND_SLOT}) ORDER BY s.since, o.id`),
  );
  expect(rows).toEqual([
    { name: 'Early', title: FIRST_SLOT, now: false },
    { name: 'Later', title: SECOND_SLOT, now: false },
    { name: 'Later', title: FIRST_SLOT, now: true },
  ]);

  one.world.sandbox.clock.set(new Date('2026-11-25T13:00:00Z'));
  const after = await order(43, '70.00');
  await sync('the discount');
  expect(await usedBy(before)).toEqual({ state: 'used', offerId: early });
  expect(await usedBy(after)).toEqual({ state: 'used', offerId: later });
  const { rows: usedUp } = await one.inShop((tx) =>
    tx.query(sql`
      SELECT u.order_id AS "orderId", h.offer_id AS "offerId" FROM offer_holder h
        JOIN offer_order u ON u.shop_id = h.shop_id AND u.customer_id = h.customer_id
       WHERE h.shop_id = ${one.shopId} AND h.end_cause = 'used' ORDER BY u.order_id`),
  );
  expect(usedUp, 'nobody’s other offer').toEqual([
    { orderId: before, offerId: early },
    { orderId: after, offerId: later },
  ]);
}, 240_000);

test('two one-time offers of one person in one app discount, of which Shopify names only the discount: one is used up', async () => {
  const AWAY = 'win-back-90-179';
  const both = [
    idOf(await one.offer(AWAY, { ...EARLY, name: 'Ten', percent: '10', endsOn: '2026-12-24' })),
    idOf(await one.offer(AWAY, { ...EARLY, name: 'Twenty', percent: '20', endsOn: '2026-12-24' })),
  ];
  await one.settle();
  one.world.sandbox.clock.set(new Date('2026-11-25T14:00:00Z'));
  const placed = await order(60, '80.00');
  await sync('the discount');
  expect(await usedBy(placed), 'the better one').toEqual({ state: 'used', offerId: both[1] });
  const { rows } = await one.inShop((tx) =>
    tx.query(sql`
      SELECT h.offer_id AS id FROM offer_holder h JOIN offer_order u ON u.shop_id = h.shop_id AND u.customer_id = h.customer_id
       WHERE h.shop_id = ${one.shopId} AND u.order_id = ${placed}::bigint AND h.end_cause = 'used'`),
  );
  expect(rows).toEqual([{ id: both[1] }]);
}, 240_000);
