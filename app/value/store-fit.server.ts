/**
 * A computed fit is stored with its verdict, and put in force only when it is good and due. A failed or implausible
 * one is stored as well, so that the page can say so, and the last good one stays in force. Of fits that are not in
 * force and never were, only the newest is kept.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { daysBetween } from '../local-date.ts';
import type { PublicationReason } from './cut-points.ts';
import { fitPublicationReason } from './models/fit-publication.ts';
import type { SampleSize } from './models/minimum-data.ts';
import type { StoreFit } from './models/store-fit.ts';
import { readFitInForce } from './read-fit.server.ts';

export type FitPublication =
  | { outcome: 'published'; reason: PublicationReason | 'forced'; version: number }
  /** Good, but close to the one in force, and that is young. */
  | { outcome: 'kept' }
  /** Not good: the last good one, if any, stays. */
  | { outcome: 'refused'; reason: string };

export async function storeFit(
  tx: ShopTx,
  day: ShopDay,
  { fit, size }: { fit: StoreFit; size: SampleSize },
  publish: 'if-due' | 'force',
): Promise<FitPublication> {
  const stored = await readFitInForce(tx);
  const inForce = stored?.currency === day.currency ? stored : null;
  const due =
    fit.verdict === 'good'
      ? fitPublicationReason(inForce, fit, inForce ? daysBetween(inForce.asOf, day.today) : 0)
      : undefined;
  const reason = due ?? (fit.verdict === 'good' && publish === 'force' ? 'forced' : undefined);
  const fitted = fit.verdict === 'too_little' ? null : fit;
  const { rows } = await tx.query<{ version: number }>(sql`
    INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, published_at, verdict, reason, model, currency,
                         customers, repeat_customers, trusted, params, log_likelihood, amounts, mean_amount, warnings,
                         report)
    SELECT ${tx.shopId}, coalesce(max(version), 0) + 1, ${day.today}::date, ${day.now},
           ${reason ? day.now : null}::timestamptz, ${fit.verdict},
           ${fit.verdict === 'good' ? null : fit.reason}::text, ${fitted?.model ?? 'mbgnbd'}, ${day.currency},
           ${size.customers}::int, ${size.repeatCustomers}::int, ${fitted?.trusted ?? false}::boolean,
           ${json(fitted?.params)}::jsonb, ${fitted?.logLikelihood ?? null}::float8, ${json(fitted?.amounts)}::jsonb,
           ${fitted?.meanAmount ?? 0}::float8, ${fitted?.warnings ?? []}::text[], ${json(fitted?.report)}::jsonb
      FROM ltv_fit WHERE shop_id = ${tx.shopId}
    RETURNING version`);
  const version = rows[0]?.version ?? 1;
  await tx.query(sql`
    DELETE FROM ltv_fit WHERE shop_id = ${tx.shopId} AND published_at IS NULL AND version < ${version}`);
  if (fit.verdict !== 'good') return { outcome: 'refused', reason: fit.reason };
  return reason ? { outcome: 'published', reason, version } : { outcome: 'kept' };
}

/** Everybody's predictions are written by this fit. */
export async function markFitApplied(tx: ShopTx, version: number, now: Date): Promise<void> {
  await tx.query(
    sql`UPDATE ltv_fit SET applied_at = ${now} WHERE shop_id = ${tx.shopId} AND version = ${version}`,
  );
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
