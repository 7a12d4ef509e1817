/**
 * The one place that says in SQL which orders are activity, which count, and what they are worth.
 * Every expression is over an orders row with the alias `o`; each is true or false, never null.
 *
 * - Activity: every order that is not cancelled, voided, expired, a test, deleted or left out.
 * - Counted: activity that is paid, partly paid, partly refunded or authorised, with a total above zero, and
 *   not fully refunded. So every counted order is activity, whatever its status says.
 * - Spent = max(0, received - refunded), gift cards off; an authorised order counts its current total until it
 *   is captured. Never current total minus refunds: the current total is already after returns. Where the merchant
 *   wants product revenue, tax and shipping are taken off.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { COUNTED_STATUSES, DEAD_STATUSES, type OrderPolicy } from './order-policy.ts';

export interface OrderJudgement {
  /** Kept as a fact, absent from everything computed. */
  leftOut: Sql;
  isActivity: Sql;
  isCounted: Sql;
  /** The same of an order that is activity. */
  countsIfActive: Sql;
  /** Activity whose money all went back: "Returned everything" is made of these. */
  isFullyRefunded: Sql;
  /** Minor units of the shop's currency (bigint); meaningful for counted orders only. */
  spentMinor: Sql;
}

/**
 * @param shopCurrency the shop's currency now: an order that was taken in another shop currency counts as an
 *   order, but its amount is never added to sums of this currency (there is no rate)
 */
export function judgeOrder(policy: OrderPolicy, shopCurrency: string): OrderJudgement {
  const leftOut = join(
    [
      sql`false`,
      ...(policy.companyOrders === 'leave_out' ? [sql`o.company_order`] : []),
      ...(policy.leaveOutOrderTags.length > 0 ? [hasAnyTag('o.tags', policy.leaveOutOrderTags)] : []),
      ...(policy.leaveOutChannels.length > 0
        ? [sql`lower(coalesce(o.source_name, '')) = ANY(${lower(policy.leaveOutChannels)}::text[])`]
        : []),
      ...(policy.leaveOutProducts.length > 0 ? [holdsProducts(policy)] : []),
    ],
    ' OR ',
  );
  // Written so that PostgreSQL's statistics of the columns tell it how many orders remain.
  const isOneOf = (statuses: ReadonlySet<string> | readonly string[]) =>
    sql`(o.financial_status IS NOT NULL AND o.financial_status = ANY(${[...statuses]}::text[]))`;
  const stands = sql`o.deleted_at IS NULL AND o.cancelled_at IS NULL AND NOT o.test AND NOT (${leftOut})`;
  const isActivity = sql`(${stands}
    AND (o.financial_status IS NULL OR o.financial_status <> ALL(${[...DEAD_STATUSES]}::text[])))`;
  // Refunded >= received > 0, with received = net payment + refunded.
  const moneyWentBack = sql`(o.net_payment_minor <= 0 AND o.net_payment_minor + o.refunded_minor > 0)`;
  const allWentBack = sql`(${isOneOf(['REFUNDED'])} OR ${moneyWentBack})`;
  // None of these statuses is dead or refunded: asked of every row, so nothing is asked twice.
  const countsIfActive = sql`(${isOneOf(COUNTED_STATUSES)}
    AND (o.total_minor > 0 OR o.current_total_minor > 0)
    AND (o.net_payment_minor > 0 OR o.net_payment_minor + o.refunded_minor <= 0))`;
  const isCounted = sql`(${stands} AND ${countsIfActive})`;
  const received = sql`CASE WHEN o.financial_status = 'AUTHORIZED' THEN o.current_total_minor ELSE o.net_payment_minor END`;
  const worth = policy.amounts === 'products' ? forProducts(received) : received;
  const spentMinor = sql`(CASE WHEN o.currency = ${shopCurrency} THEN greatest(0, ${worth}
      - o.gift_card_minor) ELSE 0 END)`;
  return {
    leftOut: sql`(${leftOut})`,
    isActivity,
    isCounted,
    countsIfActive,
    isFullyRefunded: sql`(${isActivity} AND ${allWentBack})`,
    spentMinor,
  };
}

/**
 * What of an amount was paid for products: their share of the current total, without tax and shipping. Shopify's tax is
 * either on top of subtotal and shipping or within them, as the sum says; within, products have their part of it.
 */
function forProducts(received: Sql): Sql {
  const products = sql`CASE WHEN o.subtotal_minor + o.shipping_minor + o.tax_minor <= o.current_total_minor
      THEN o.subtotal_minor
      ELSE o.subtotal_minor - o.tax_minor::numeric * o.subtotal_minor / greatest(1, o.subtotal_minor + o.shipping_minor) END`;
  return sql`round((${received})::numeric * (${products}) / greatest(1, o.current_total_minor))::bigint`;
}

function holdsProducts({ leaveOutProducts, productOrders }: OrderPolicy): Sql {
  const line = sql`SELECT FROM order_line pl WHERE pl.shop_id = o.shop_id AND pl.order_id = o.id`;
  const one = sql`EXISTS (${line} AND pl.product_id = ANY(${leaveOutProducts}::bigint[]))`;
  return productOrders === 'any'
    ? one
    : sql`(${one} AND NOT EXISTS (${line}
            AND (pl.product_id IS NULL OR pl.product_id <> ALL(${leaveOutProducts}::bigint[]))))`;
}

/**
 * Whether a customer row with the alias `c` is left out of everything computed. Somebody named by hand who was merged
 * into another customer is named there.
 */
export function isLeftOutPerson(shopId: string, policy: OrderPolicy): Sql {
  return join(
    [
      sql`(c.id IN (SELECT coalesce(merged.kept_id, named.customer_id) FROM left_out_person named
                     LEFT JOIN customer_alias merged
                       ON merged.shop_id = ${shopId} AND merged.old_id = named.customer_id
                    WHERE named.shop_id = ${shopId})`,
      ...(policy.leaveOutCustomerTags.length > 0 ? [hasAnyTag('c.tags', policy.leaveOutCustomerTags)] : []),
      ...(policy.companyBuyers === 'leave_out'
        ? [
            sql`EXISTS (SELECT FROM orders company WHERE company.shop_id = ${shopId} AND company.customer_id = c.id
                           AND company.company_order AND NOT company.test AND company.deleted_at IS NULL)`,
          ]
        : []),
      sql`false)`,
    ],
    ' OR ',
  );
}

function hasAnyTag(column: 'o.tags' | 'c.tags', tags: readonly string[]): Sql {
  return sql`EXISTS (SELECT FROM unnest(${raw(column)}) tag
    WHERE tag = ANY(${spellings(tags)}::text[]) OR lower(tag) = ANY(${lower(tags)}::text[]))`;
}

/** PostgreSQL's lower() knows only ASCII in a database of locale C: other letters are tried in both cases. */
function spellings(words: readonly string[]): string[] {
  return words.flatMap((word) => [word, word.toLowerCase(), word.toUpperCase()]);
}

function lower(words: readonly string[]): string[] {
  return words.map((word) => word.toLowerCase());
}
