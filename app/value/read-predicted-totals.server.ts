import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { RISKS, type Risk } from './models/risk.ts';

export interface PredictedTotals {
  customers: number;
  /** Sum over customers, 365 days after the fit's day. */
  expectedOrders: number;
  /** Minor units as text. */
  expectedMinor: string;
  /** Customers still there, in expectation: the sum of the chances. */
  alive: number;
  byRisk: Record<Risk, number>;
}

/** Null while nobody has a prediction. */
export async function readPredictedTotals(tx: ShopTx): Promise<PredictedTotals | null> {
  const { rows } = await tx.query<{
    risk: Risk;
    customers: number;
    orders: number;
    valueMinor: string;
    alive: number;
  }>(sql`
    SELECT risk, count(*)::int AS customers, sum(expected_orders)::float8 AS orders,
           sum(expected_value_minor)::text AS "valueMinor", sum(alive)::float8 AS alive
      FROM prediction WHERE shop_id = ${tx.shopId} GROUP BY risk`);
  if (rows.length === 0) return null;
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    customers: sum((row) => row.customers),
    expectedOrders: sum((row) => row.orders),
    expectedMinor: rows.reduce((total, row) => total + BigInt(row.valueMinor), 0n).toString(),
    alive: sum((row) => row.alive),
    byRisk: Object.fromEntries(
      RISKS.map((risk) => [risk, rows.find((row) => row.risk === risk)?.customers ?? 0]),
    ) as Record<Risk, number>,
  };
}
