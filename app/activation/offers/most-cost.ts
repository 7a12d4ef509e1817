/**
 * The most that an offer can cost, for each of some people, from their own history: what it would have taken off
 * their biggest order; where it may be used more than once, off their average order times the orders that they placed
 * in a period as long as the offer, if that is more. As if everything in those orders had been on offer. For somebody
 * without an order the store's average order stands in. Free shipping: the highest shipping that they have paid; for
 * somebody who has paid none, the average of the store's last orders with any.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { judgeOrder } from '../../history/order-policy-sql.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { daysBetween, type LocalDate } from '../../local-date.ts';
import { hundredthsOf } from '../../money.ts';
import { givesTheSame, type OfferTerms } from './terms.ts';

export interface CostedOffer {
  id: string;
  terms: OfferTerms;
  startsOn: LocalDate;
  endsOn: LocalDate;
}

/**
 * The share of an order's worth that it can take at most, as a whole fraction, so that money meets no float. A
 * percentage has at most two decimals.
 *
 * "Buy X, get Y" for the same things gives the cheapest of them: for each Y given at least X more are in the order,
 * none of them cheaper, so what is given is worth at most Y of X + Y parts. Where other things are given than are
 * bought, nothing is known of their prices: two socks bought and a coat given may be nearly all coat, so the bound is
 * the whole percentage, and no smaller one holds.
 */
export function shareOf({ gives }: OfferTerms): { part: number; of: number } {
  switch (gives.kind) {
    case 'percentage':
      return { part: hundredths(gives.percent), of: 10_000 };
    case 'buy_x_get_y': {
      const { buy, get } = gives;
      return givesTheSame(gives)
        ? { part: hundredths(get.percent) * get.quantity, of: 10_000 * (buy.quantity + get.quantity) }
        : { part: hundredths(get.percent), of: 10_000 };
    }
    case 'amount':
    case 'free_shipping':
      return { part: 1, of: 1 };
  }
}

const hundredths = (percent: number) => Number(hundredthsOf(percent));

const SHIPPING_ORDERS = 1_000;

/** @param people rows (offer_id bigint, customer_id bigint). @returns rows (offer_id, customer_id, most_minor bigint) */
export function mostCosts(
  shopId: ShopId,
  day: Pick<ShopDay, 'policy' | 'currency' | 'timeZone' | 'today'>,
  people: Sql,
  offers: readonly CostedOffer[],
): Sql {
  const order = judgeOrder(day.policy, day.currency);
  const shares = offers.map(({ terms }) => shareOf(terms));
  const amounts = offers.map(({ terms: { gives } }) => (gives.kind === 'amount' ? gives.amountMinor : null));
  const days = offers.map(({ startsOn, endsOn }) => daysBetween(startsOn, endsOn) + 1);
  // A value, not a table to join: it is worked out once, and only where somebody has never ordered.
  const average = sql`(SELECT coalesce(sum(spent_minor) / nullif(sum(orders), 0), 0)::bigint FROM profile
                        WHERE shop_id = ${shopId} AND orders > 0)`;
  // As the average order; Shopify's numbers of orders rise, so few of a large store are read.
  const averageShipping = sql`(
    SELECT coalesce(ceil(avg(shipping_minor)), 0)::bigint
      FROM (SELECT o.shipping_minor FROM orders o
             WHERE o.shop_id = ${shopId} AND o.shipping_minor > 0 AND o.currency = ${day.currency} AND ${order.isCounted}
             ORDER BY o.id DESC LIMIT ${SHIPPING_ORDERS}) shipped)`;
  return sql`
    SELECT person.offer_id, person.customer_id,
           CASE WHEN g.shipping THEN coalesce(nullif(past.shipping, 0), ${averageShipping}) * worth.uses
                WHEN g.amount IS NOT NULL THEN least(g.amount * worth.uses, worth.usual)
                ELSE div(worth.usual::numeric * g.part + g.of - 1, g.of)::bigint END AS most_minor
      FROM (${people}) person (offer_id, customer_id)
      JOIN unnest(${offers.map(({ id }) => id)}::bigint[], ${shares.map(({ part }) => part)}::numeric[],
                  ${shares.map(({ of }) => of)}::numeric[],
                  ${amounts}::bigint[], ${offers.map(({ terms }) => terms.gives.kind === 'free_shipping')}::boolean[],
                  ${offers.map(({ terms }) => terms.once)}::boolean[], ${days}::int[])
           AS g (offer_id, part, of, amount, shipping, once, days) ON g.offer_id = person.offer_id
      LEFT JOIN profile p ON p.shop_id = ${shopId} AND p.customer_id = person.customer_id
      CROSS JOIN LATERAL (
        SELECT max(o.shipping_minor) FILTER (WHERE o.currency = ${day.currency}) AS shipping,
               count(*) FILTER (WHERE (o.processed_at AT TIME ZONE ${day.timeZone})::date
                                      > ${day.today}::date - g.days) AS recent
          FROM orders o
         WHERE o.shop_id = ${shopId} AND o.customer_id = person.customer_id AND ${order.isCounted}) past
      CROSS JOIN LATERAL (
        SELECT CASE WHEN g.once THEN 1 ELSE greatest(1, past.recent) END AS uses) often
      CROSS JOIN LATERAL (
        SELECT often.uses,
               CASE WHEN coalesce(p.orders, 0) = 0 THEN ${average} * often.uses
                    WHEN g.once THEN p.biggest_order_minor
                    ELSE greatest(p.biggest_order_minor, p.spent_minor / p.orders * often.uses) END AS usual) worth`;
}
