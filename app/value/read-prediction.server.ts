import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { LocalDate } from '../local-date.ts';
import type { Risk } from './models/risk.ts';

export interface CustomerPrediction {
  /** The fit's day: all of it is seen from there. */
  asOf: LocalDate;
  /** Enough customers for the store's figures to be relied on. */
  trusted: boolean;
  /** Still a customer (chance), 0 to 1. */
  alive: number;
  /** Over the 365 days after that day. */
  expectedOrders: number;
  expectedValueMinor: string;
  risk: Risk;
  /** A quarter, half and three quarters of such customers have ordered again by these days; null: beyond ten years. */
  nextOrderFrom: LocalDate | null;
  nextOrderOn: LocalDate | null;
  nextOrderTo: LocalDate | null;
}

/** Undefined while no fit is in force or its amounts are of another currency, and for people who had not ordered by its day. */
export async function readPrediction(tx: ShopTx, id: ShopifyId): Promise<CustomerPrediction | undefined> {
  const { rows } = await tx.query<CustomerPrediction & Record<string, unknown>>(sql`
    SELECT f.as_of AS "asOf", f.trusted, p.alive, p.expected_orders AS "expectedOrders",
           p.expected_value_minor::text AS "expectedValueMinor", p.risk, p.next_order_from AS "nextOrderFrom",
           p.next_order_on AS "nextOrderOn", p.next_order_to AS "nextOrderTo"
      FROM prediction p JOIN ltv_fit f ON f.shop_id = p.shop_id AND f.version = p.fit_version
      JOIN shop_settings s ON s.shop_id = p.shop_id AND s.currency = f.currency
     WHERE p.shop_id = ${tx.shopId} AND p.customer_id = ${id}`);
  return rows[0];
}
