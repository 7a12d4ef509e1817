/** The fit in force, and the newest attempt (which may be the same, or one that was refused). */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';
import type { BetaGeometricParams } from './models/beta-geometric.ts';
import type { GammaGammaParams } from './models/gamma-gamma.ts';
import type { StoreFitReport } from './models/store-fit.ts';

export interface FitInForce {
  version: number;
  asOf: LocalDate;
  /** Null: proposed, not in force. */
  publishedAt: Date | null;
  /** Null: not everybody's predictions are written yet. */
  appliedAt: Date | null;
  currency: string;
  trusted: boolean;
  /** Of MBG/NBD, times in days. */
  params: BetaGeometricParams;
  /** Minor units; null: `meanAmount` stands for every customer. */
  amounts: GammaGammaParams | null;
  meanAmount: number;
}

export interface FitAttempt {
  version: number;
  asOf: LocalDate;
  computedAt: Date;
  publishedAt: Date | null;
  verdict: 'good' | 'implausible' | 'too_little';
  reason: string | null;
  currency: string;
  customers: number;
  repeatCustomers: number;
  trusted: boolean;
  params: BetaGeometricParams | null;
  logLikelihood: number | null;
  amounts: GammaGammaParams | null;
  meanAmount: number;
  warnings: string[];
  report: StoreFitReport | null;
}

/** Null before the first good fit: then nobody has predictions. */
export function readFitInForce(tx: ShopTx): Promise<FitInForce | null> {
  return readOne(tx, sql`published_at IS NOT NULL`);
}

/** One version with its parameters, in force or not; null also for an attempt that came to nothing. */
export function readFit(tx: ShopTx, version: number): Promise<FitInForce | null> {
  return readOne(tx, sql`version = ${version}::int AND params IS NOT NULL`);
}

async function readOne(tx: ShopTx, which: Sql): Promise<FitInForce | null> {
  const { rows } = await tx.query<FitInForce & Record<string, unknown>>(sql`
    SELECT version, as_of AS "asOf", published_at AS "publishedAt", applied_at AS "appliedAt", currency, trusted,
           params, amounts, mean_amount AS "meanAmount"
      FROM ltv_fit WHERE shop_id = ${tx.shopId} AND ${which} ORDER BY version DESC LIMIT 1`);
  return rows[0] ?? null;
}

/** For the page: the newest computed fit, and the newest that was put in force. */
export async function readFits(
  tx: ShopTx,
): Promise<{ newest: FitAttempt | null; inForce: FitAttempt | null }> {
  return {
    newest: await readAttempt(tx, sql`true`),
    inForce: await readAttempt(tx, sql`published_at IS NOT NULL`),
  };
}

async function readAttempt(tx: ShopTx, which: Sql): Promise<FitAttempt | null> {
  const { rows } = await tx.query<FitAttempt & Record<string, unknown>>(sql`
    SELECT version, as_of AS "asOf", computed_at AS "computedAt", published_at AS "publishedAt", verdict, reason,
           currency, customers, repeat_customers AS "repeatCustomers", trusted, params,
           log_likelihood AS "logLikelihood", amounts, mean_amount AS "meanAmount", warnings, report
      FROM ltv_fit WHERE shop_id = ${tx.shopId} AND ${which} ORDER BY version DESC LIMIT 1`);
  return rows[0] ?? null;
}
