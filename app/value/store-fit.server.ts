/**
 * A computed fit is stored with its verdict, not in force. It is due when it is good and differs enough from the one
 * in force; a failed or implausible one is stored as well, so that the page can say so, and the last good one stays.
 * Of fits that are not in force and never were, only the newest and those that somebody decides on are kept.
 *
 * A store that had enough customers and has too few now (people left out, orders erased) keeps the last fit that could
 * be relied on: otherwise live segments would be decided by figures that nobody may rely on.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { daysBetween } from '../local-date.ts';
import type { PublicationReason } from './cut-points.ts';
import { isOnHold } from './hold-period.ts';
import { readHoldPeriod } from './hold-period.server.ts';
import { fitPublicationReason } from './models/fit-publication.ts';
import { notYetTrusted, type SampleSize } from './models/minimum-data.ts';
import type { StoreFit } from './models/store-fit.ts';
import { readFit, readFitInForce } from './read-fit.server.ts';

export type StoredFit =
  /** Stored, not in force yet. */
  | { outcome: 'due'; reason: PublicationReason | 'forced'; version: number }
  /** Good, but close to the one in force, and that is young. */
  | { outcome: 'kept' }
  /** It would be put in force, but the merchant's hold covers today. */
  | { outcome: 'on_hold' }
  /** A person discarded a fit that this one is close to. */
  | { outcome: 'discarded_before' }
  /** Not good: the last good one, if any, stays. */
  | { outcome: 'refused'; reason: string };

export interface FitDecisions {
  /** Version of the fit that waits for a person's decision, and of the one that was discarded last. */
  held: number | null;
  discarded: number | null;
}

export async function storeFit(
  tx: ShopTx,
  day: ShopDay,
  { fit, size }: { fit: StoreFit; size: SampleSize },
  publish: 'if-due' | 'force',
  { held, discarded }: FitDecisions = { held: null, discarded: null },
): Promise<StoredFit> {
  const stored = await readFitInForce(tx);
  const inForce = stored?.currency === day.currency ? stored : null;
  const due =
    fit.verdict === 'good'
      ? fitPublicationReason(inForce, fit, inForce ? daysBetween(inForce.asOf, day.today) : 0)
      : undefined;
  const refusal = fit.verdict === 'good' ? lessThanBefore(fit, size, stored) : fit.reason;
  const fitted = fit.verdict === 'too_little' ? null : fit;
  const { rows } = await tx.query<{ version: number }>(sql`
    INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, published_at, verdict, reason, model, currency,
                         customers, repeat_customers, trusted, params, log_likelihood, amounts, mean_amount, warnings,
                         report)
    SELECT ${tx.shopId}, coalesce(max(version), 0) + 1, ${day.today}::date, ${day.now}, NULL, ${fit.verdict},
           ${refusal ?? null}::text, ${fitted?.model ?? 'mbgnbd'}, ${day.currency},
           ${size.customers}::int, ${size.repeatCustomers}::int, ${fitted?.trusted ?? false}::boolean,
           ${json(fitted?.params)}::jsonb, ${fitted?.logLikelihood ?? null}::float8, ${json(fitted?.amounts)}::jsonb,
           ${fitted?.meanAmount ?? 0}::float8, ${fitted?.warnings ?? []}::text[], ${json(fitted?.report)}::jsonb
      FROM ltv_fit WHERE shop_id = ${tx.shopId}
    RETURNING version`);
  const version = rows[0]?.version ?? 1;
  const decided = [held, discarded].filter((one) => one !== null);
  await tx.query(sql`
    DELETE FROM ltv_fit WHERE shop_id = ${tx.shopId} AND published_at IS NULL AND version < ${version}
       AND NOT version = ANY(${decided}::int[])`);
  if (refusal !== undefined) return { outcome: 'refused', reason: refusal };
  const reason = due ?? (publish === 'force' ? 'forced' : undefined);
  if (reason === undefined || fit.verdict !== 'good') return { outcome: 'kept' };
  if (inForce && isOnHold(await readHoldPeriod(tx), day.today)) return { outcome: 'on_hold' };
  const refused = discarded === null ? null : await readFit(tx, discarded);
  if (
    refused?.currency === day.currency &&
    refused.version > (inForce?.version ?? 0) &&
    fitPublicationReason(refused, fit, daysBetween(refused.asOf, day.today)) === undefined
  ) {
    return { outcome: 'discarded_before' };
  }
  return { outcome: 'due', reason, version };
}

/** Why a good fit may not follow the one in force: that one could be relied on, this one cannot. */
function lessThanBefore(
  fit: { trusted: boolean },
  size: SampleSize,
  inForce: { trusted: boolean } | null,
): string | undefined {
  return inForce?.trusted && !fit.trusted ? notYetTrusted(size) : undefined;
}

/** @returns false when a newer fit is in force already, or this one is not there any more */
export async function putFitInForce(tx: ShopTx, version: number, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    UPDATE ltv_fit SET published_at = ${now}
     WHERE shop_id = ${tx.shopId} AND version = ${version}::int AND published_at IS NULL AND verdict = 'good'
       AND NOT EXISTS (SELECT FROM ltv_fit newer
                        WHERE newer.shop_id = ${tx.shopId} AND newer.version > ${version}::int
                          AND newer.published_at IS NOT NULL)`);
  return rowCount === 1;
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
