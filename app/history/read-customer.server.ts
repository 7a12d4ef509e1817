/** One customer's profile with what Shopify last said of them. No names: pages ask Shopify for those. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export interface CustomerProfile {
  id: ShopifyId;
  orders: number;
  spentMinor: string;
  refundedMinor: string;
  biggestOrderMinor: string;
  /** Local dates; null without a counted order. */
  firstOrderOn: string | null;
  lastOrderOn: string | null;
  lastActivityOn: string | null;
  fullyRefundedOrders: number;
  /** Left out by "What counts as an order". */
  leftOut: boolean;
  /** When time alone can next change a segment of theirs. */
  nextReviewAt: Date | null;
  customerSince: Date | null;
  emailConsent: string | null;
  smsConsent: string | null;
  countryCode: string | null;
  /** Deleted in Shopify. */
  deleted: boolean;
}

export type FoundCustomer =
  | { outcome: 'found'; customer: CustomerProfile }
  /** The id was merged into another customer of the shop. */
  | { outcome: 'merged'; keptId: ShopifyId }
  | { outcome: 'unknown' };

export async function readCustomer(tx: ShopTx, id: ShopifyId): Promise<FoundCustomer> {
  const { rows } = await tx.query<CustomerProfile & Record<string, unknown>>(sql`
    SELECT c.id, coalesce(p.orders, 0) AS orders, coalesce(p.spent_minor, 0)::text AS "spentMinor",
           coalesce(p.refunded_minor, 0)::text AS "refundedMinor",
           coalesce(p.biggest_order_minor, 0)::text AS "biggestOrderMinor",
           p.first_order_on AS "firstOrderOn", p.last_order_on AS "lastOrderOn",
           p.last_activity_on AS "lastActivityOn",
           coalesce(p.fully_refunded_orders, 0) AS "fullyRefundedOrders",
           coalesce(p.left_out, false) AS "leftOut", p.next_review_at AS "nextReviewAt",
           c.created_at AS "customerSince", c.email_consent AS "emailConsent",
           c.sms_consent AS "smsConsent", c.country_code AS "countryCode",
           c.deleted_at IS NOT NULL AS deleted
      FROM customer c LEFT JOIN profile p ON p.shop_id = c.shop_id AND p.customer_id = c.id
     WHERE c.shop_id = ${tx.shopId} AND c.id = ${id}`);
  const alias = await tx.query<{ keptId: ShopifyId }>(sql`
    SELECT kept_id AS "keptId" FROM customer_alias WHERE shop_id = ${tx.shopId} AND old_id = ${id}`);
  if (alias.rows[0]) return { outcome: 'merged', keptId: alias.rows[0].keptId };
  const customer = rows[0];
  return customer ? { outcome: 'found', customer } : { outcome: 'unknown' };
}
