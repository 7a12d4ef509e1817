/**
 * Whether segments may rest on predictions: the fit in force is of enough customers and in the shop's currency, and
 * everybody has been scored by it, or by one like it before. Until then the prediction fields are not available.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** @returns the version of the fit; null while predictions are not available */
export async function readPredictionsInForce(tx: ShopTx, currency: string): Promise<number | null> {
  const { rows } = await tx.query<{ version: number; available: boolean }>(sql`
    SELECT version, trusted AND currency = ${currency}
             AND bool_or(trusted AND applied_at IS NOT NULL) OVER (PARTITION BY currency) AS available
      FROM ltv_fit WHERE shop_id = ${tx.shopId} AND published_at IS NOT NULL ORDER BY version DESC LIMIT 1`);
  const [newest] = rows;
  return newest?.available ? newest.version : null;
}
