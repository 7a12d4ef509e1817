/**
 * Orders of holders that were placed with a discount: was it one of our offers? Shopify is asked for what was applied,
 * by title or code, and the title or code stands for the offers that it stood for when the order was placed
 * (note-served.server.ts), those first that the customer held then. A one-time offer
 * ends for the customer with the order that used it. An order that Shopify does not show yet is asked about again
 * later, and in the end taken for one without an offer of ours.
 */
import type { Clock } from '../../clock.ts';
import { sql } from '../../db/sql.ts';
import { waitForShop } from '../../db/shop-due.server.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { minorOf } from '../../money.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { READ_ORDER_DISCOUNTS } from '../../shopify/documents/discounts.ts';
import { queueCustomers } from '../tags/queue-changed.server.ts';
import { USABLE_FROM } from './had-offer.ts';
import { readAllOffers } from './read-offers.server.ts';
import { rouseLines } from './rouse-lines.server.ts';
import { numberOf } from './store-discount.ts';
import { titleOf } from './terms.ts';

/** What is read of an order costs 30 points, a request may cost 1,000. */
const AT_ONCE = 30;
/** After the first look at an order that Shopify does not show: so many minutes until the next, four times. */
const LOOK_AGAIN_MINUTES = [1, 10, 60, 360];

interface Applied {
  orderId: string;
  titles: string[];
  codes: string[];
  /** Off the items. */
  takenMinor: bigint;
  offShippingMinor: bigint;
}

/** @returns orders that used an offer */
export async function findUses(
  ctx: { db: Db; admin: AdminClient; clock: Clock },
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  let used = 0;
  for (;;) {
    signal?.throwIfAborted();
    const ids = await ctx.db.inShop(shopId, async (tx) => {
      const { rows } = await tx.query<{ id: string }>(sql`
        SELECT order_id AS id FROM offer_order
         WHERE shop_id = ${shopId} AND state = 'ask'
           AND (not_before IS NULL OR not_before <= ${ctx.clock.machineNow()})
         ORDER BY order_id LIMIT ${AT_ONCE}`);
      return rows.map(({ id }) => id);
    });
    if (ids.length === 0) return used;
    const applied = await readApplied(ctx.admin, ids, signal);
    const now = ctx.clock.now();
    used += await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      await lookAgainLater(tx, ids, applied, ctx.clock.machineNow());
      return record(tx, ids, applied, now);
    });
  }
}

/** @returns when the next order that Shopify did not show is asked about again (machine time); null: there is none */
export async function nextLook(tx: ShopTx): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(sql`
    SELECT min(not_before) AS at FROM offer_order WHERE shop_id = ${tx.shopId} AND state = 'ask'`);
  return rows[0]?.at ?? null;
}

/** Those that Shopify did not show. */
async function lookAgainLater(
  tx: ShopTx,
  asked: readonly string[],
  applied: readonly Applied[],
  machineNow: Date,
): Promise<void> {
  const seen = new Set(applied.map(({ orderId }) => orderId));
  await tx.query(sql`
    UPDATE offer_order
       SET attempts = attempts + 1,
           state = CASE WHEN attempts < ${LOOK_AGAIN_MINUTES.length}::int THEN state ELSE 'other' END,
           not_before = ${machineNow}::timestamptz
                        + make_interval(mins => (${LOOK_AGAIN_MINUTES}::int[])[attempts + 1])
     WHERE shop_id = ${tx.shopId} AND state = 'ask'
       AND order_id = ANY(${asked.filter((id) => !seen.has(id))}::bigint[])`);
}

async function readApplied(
  admin: AdminClient,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Applied[]> {
  const { data } = await admin.request(
    READ_ORDER_DISCOUNTS,
    { ids: ids.map((id) => `gid://shopify/Order/${id}`) },
    { priority: 'background', ...(signal ? { signal } : {}) },
  );
  return data.nodes.flatMap((node) => {
    if (node?.__typename !== 'Order') return [];
    const applications = node.discountApplications.nodes;
    const taken = node.totalDiscountsSet?.shopMoney;
    const { originalPriceSet: full, discountedPriceSet: paid } = node.shippingLine ?? {};
    return [
      {
        orderId: numberOf(node.id),
        titles: applications.flatMap((one) =>
          one.__typename === 'AutomaticDiscountApplication' ? [one.title] : [],
        ),
        codes: [
          ...node.discountCodes,
          ...applications.flatMap((one) => (one.__typename === 'DiscountCodeApplication' ? [one.code] : [])),
        ],
        takenMinor: taken ? minorOf(taken.amount, taken.currencyCode) : 0n,
        offShippingMinor:
          full && paid
            ? minorOf(full.shopMoney.amount, full.shopMoney.currencyCode) -
              minorOf(paid.shopMoney.amount, paid.shopMoney.currencyCode)
            : 0n,
      },
    ];
  });
}

async function record(
  tx: ShopTx,
  asked: readonly string[],
  applied: readonly Applied[],
  now: Date,
): Promise<number> {
  const offers = await readAllOffers(tx);
  const { rows: held } = await tx.query<{ orderId: string; offerId: string; servedBy: string[] }>(sql`
    SELECT u.order_id AS "orderId", h.offer_id AS "offerId", ARRAY(
             SELECT s.title FROM offer_served s
              WHERE s.shop_id = u.shop_id AND s.offer_id = h.offer_id AND s.since <= o.processed_at
                AND (s.until IS NULL OR s.until > o.processed_at)) AS "servedBy"
      FROM offer_order u
      JOIN offer_holder h ON h.shop_id = u.shop_id AND h.customer_id = u.customer_id
      JOIN orders o ON o.shop_id = u.shop_id AND o.id = u.order_id AND o.processed_at >= ${USABLE_FROM}
     WHERE u.shop_id = ${tx.shopId} AND u.order_id = ANY(${[...asked]}::bigint[])
     ORDER BY (h.ended_at IS NULL OR h.ended_at >= o.processed_at) DESC, h.most_minor DESC`);
  const lower = (text: string) => text.toLowerCase();
  const found = applied.map((order) => {
    const mine = held.filter(({ orderId }) => orderId === order.orderId);
    const codes = order.codes.map(lower);
    const matches = mine
      .flatMap(({ offerId, servedBy }) => {
        const offer = offers.find(({ id }) => id === offerId);
        return offer ? [{ offer, servedBy }] : [];
      })
      .flatMap(({ offer, servedBy }) => {
        // Also as it is called now: it may have been used before its discount was noted.
        const names = [...servedBy, offer.way === 'code' ? (offer.code ?? '') : titleOf(offer.name)];
        const by =
          order.titles.find((title) => names.includes(title)) ??
          codes.find((code) => names.some((one) => lower(one) === code));
        return by === undefined ? [] : [{ offer, by }];
      })
      .filter((match, place, all) => all.findIndex(({ by }) => by === match.by) === place)
      .map(({ offer }) => offer);
    const [first] = matches;
    const taken = first?.terms.gives.kind === 'free_shipping' ? order.offShippingMinor : order.takenMinor;
    return {
      orderId: order.orderId,
      offerId: first?.id ?? null,
      takenMinor: String(taken),
      // One that may be combined with another is used up by the same order.
      once: matches.filter(({ terms }) => terms.once).map(({ id }) => id),
    };
  });
  await tx.query(sql`
    UPDATE offer_order u SET state = CASE WHEN f.offer_id IS NULL THEN 'other' ELSE 'used' END,
           offer_id = f.offer_id, taken_minor = f.taken, at = ${now}
      FROM unnest(${found.map((one) => one.orderId)}::bigint[], ${found.map((one) => one.offerId)}::bigint[],
                  ${found.map((one) => one.takenMinor)}::bigint[]) AS f (order_id, offer_id, taken)
     WHERE u.shop_id = ${tx.shopId} AND u.order_id = f.order_id`);
  const used = found.filter(({ offerId }) => offerId !== null);
  const over = found.flatMap(({ orderId, once }) => once.map((offerId) => ({ orderId, offerId })));
  const { rows: ended } = await tx.query<{ id: string }>(sql`
    UPDATE offer_holder h SET ended_at = coalesce(h.ended_at, ${now}::timestamptz), end_cause = 'used'
      FROM offer_order u
      JOIN unnest(${over.map((one) => one.orderId)}::bigint[], ${over.map((one) => one.offerId)}::bigint[])
           AS f (order_id, offer_id) ON f.order_id = u.order_id
     WHERE u.shop_id = ${tx.shopId}
       AND h.shop_id = u.shop_id AND h.offer_id = f.offer_id AND h.customer_id = u.customer_id
       AND h.end_cause IS DISTINCT FROM 'used'
    RETURNING h.customer_id AS id`);
  // The customer has done it: their tags wait for nobody's decision, and its tag not for another day either.
  const customers = ended.map(({ id }) => id);
  if (customers.length > 0) {
    await queueCustomers(tx, customers, now, { free: true, offerOver: true });
    await rouseLines(tx, sql`SELECT unnest(${over.map(({ offerId }) => offerId)}::bigint[])`);
  }
  return used.length;
}
