/**
 * Computed numbers take effect only when they are published: as a new version, never by changing an old one.
 * So every score and membership can name the version that it was decided with.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { daysBetween } from '../local-date.ts';
import { computeStoreNumbers, readCutPointsInForce } from './cut-points.server.ts';
import { publicationReason, type CutPoints, type PublicationReason } from './cut-points.ts';

export type Publication =
  | { outcome: 'published'; reason: PublicationReason | 'forced'; cutPoints: CutPoints }
  /** Too close to the numbers in force, and those are young. */
  | { outcome: 'kept'; cutPoints: CutPoints };

/** Computes the store's numbers as of today and puts them in force if they are due, or in any case. */
export async function publishCutPoints(
  tx: ShopTx,
  day: ShopDay,
  publish: 'if-due' | 'force',
): Promise<Publication> {
  const inForce = await readCutPointsInForce(tx, day);
  const computed = await computeStoreNumbers(tx, day);
  const due = publicationReason(inForce, computed, daysBetween(inForce.asOf, day.today));
  const reason = publish === 'force' ? (due ?? 'forced') : due;
  if (reason === undefined) return { outcome: 'kept', cutPoints: inForce };
  const { rows } = await tx.query<{ version: number }>(sql`
    INSERT INTO cut_points (shop_id, version, computed_at, published_at, as_of, buyers, frequency, monetary_minor,
                            recency_days, rhythm_days, gaps, spent_percentiles)
    SELECT ${tx.shopId}, coalesce(max(version), 0) + 1, ${day.now}, ${day.now}, ${computed.asOf}::date,
           ${computed.buyers}::int, ${computed.frequency}::float8[], ${computed.monetaryMinor}::float8[],
           ${computed.recencyDays}::float8[], ${computed.rhythmDays}::float8[], ${computed.gaps}::int,
           ${JSON.stringify(computed.spentPercentiles)}::jsonb
      FROM cut_points WHERE shop_id = ${tx.shopId}
    RETURNING version`);
  const version = rows[0]?.version ?? inForce.version + 1;
  return {
    outcome: 'published',
    reason,
    cutPoints: { ...computed, version, publishedAt: day.now },
  };
}
