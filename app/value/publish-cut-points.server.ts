/**
 * Computed numbers take effect only when they are published: as a new version, never by changing an old one.
 * So every score and membership can name the version that it was decided with. A version that is stored without a
 * date of publication is a proposal: in force for nobody.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { daysBetween } from '../local-date.ts';
import { computeStoreNumbers, readCutPoints, readCutPointsInForce } from './cut-points.server.ts';
import {
  publicationReason,
  type CutPoints,
  type PublicationReason,
  type StoreNumbers,
} from './cut-points.ts';
import { isOnHold } from './hold-period.ts';
import { readHoldPeriod } from './hold-period.server.ts';

export type Publication =
  | { outcome: 'published'; reason: PublicationReason | 'forced'; cutPoints: CutPoints }
  /** Too close to the numbers in force, and those are young. */
  | { outcome: 'kept'; cutPoints: CutPoints }
  /** They would be put in force, but the merchant's hold covers today. */
  | { outcome: 'on_hold'; cutPoints: CutPoints };

export type Proposal =
  /** Stored, not in force. `reason` is why it should be. */
  | { outcome: 'proposed'; reason: PublicationReason; candidate: CutPoints }
  | Exclude<Publication, { outcome: 'published' }>
  /** A person discarded numbers that these are close to. */
  | { outcome: 'discarded_before'; cutPoints: CutPoints };

/** Computes the store's numbers as of today and puts them in force if they are due, or in any case. */
export async function publishCutPoints(
  tx: ShopTx,
  day: ShopDay,
  publish: 'if-due' | 'force',
): Promise<Publication> {
  const { inForce, computed, due, onHold } = await compute(tx, day);
  const reason = publish === 'force' ? (due ?? 'forced') : due;
  if (reason === undefined) return { outcome: 'kept', cutPoints: inForce };
  if (onHold) return { outcome: 'on_hold', cutPoints: inForce };
  return { outcome: 'published', reason, cutPoints: await store(tx, day, computed, day.now) };
}

/**
 * Computes the numbers and, when they are due, stores them without putting them in force.
 * @param discarded version of the numbers that a person discarded last
 */
export async function proposeCutPoints(
  tx: ShopTx,
  day: ShopDay,
  { discarded }: { discarded: number | null },
): Promise<Proposal> {
  const { inForce, computed, due, onHold } = await compute(tx, day);
  if (due === undefined) return { outcome: 'kept', cutPoints: inForce };
  if (onHold) return { outcome: 'on_hold', cutPoints: inForce };
  const refused = discarded === null ? null : await readCutPoints(tx, discarded);
  if (
    refused &&
    refused.version > inForce.version &&
    publicationReason(refused, computed, daysBetween(refused.asOf, day.today)) === undefined
  ) {
    return { outcome: 'discarded_before', cutPoints: inForce };
  }
  return { outcome: 'proposed', reason: due, candidate: await store(tx, day, computed, null) };
}

/** @returns false when newer numbers are in force already */
export async function putCutPointsInForce(tx: ShopTx, version: number, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    UPDATE cut_points SET published_at = ${now}
     WHERE shop_id = ${tx.shopId} AND version = ${version}::int AND published_at IS NULL
       AND NOT EXISTS (SELECT FROM cut_points newer
                        WHERE newer.shop_id = ${tx.shopId} AND newer.version > ${version}::int
                          AND newer.published_at IS NOT NULL)`);
  return rowCount === 1;
}

/** These are in force no longer, but the ones of before again; who was decided with them goes on naming them. */
export async function withdrawCutPoints(tx: ShopTx, versions: readonly number[]): Promise<void> {
  await tx.query(sql`
    UPDATE cut_points SET published_at = NULL
     WHERE shop_id = ${tx.shopId} AND version = ANY(${[...versions]}::int[])`);
}

async function compute(tx: ShopTx, day: ShopDay) {
  const inForce = await readCutPointsInForce(tx, day);
  const computed = await computeStoreNumbers(tx, day);
  return {
    inForce,
    computed,
    due: publicationReason(inForce, computed, daysBetween(inForce.asOf, day.today)),
    // A store that has no numbers yet gets its first ones in any season.
    onHold: inForce.version > 0 && isOnHold(await readHoldPeriod(tx), day.today),
  };
}

async function store(
  tx: ShopTx,
  day: ShopDay,
  computed: StoreNumbers,
  publishedAt: Date | null,
): Promise<CutPoints> {
  const { rows } = await tx.query<{ version: number }>(sql`
    INSERT INTO cut_points (shop_id, version, computed_at, published_at, as_of, buyers, frequency, monetary_minor,
                            recency_days, rhythm_days, gaps, spent_percentiles)
    SELECT ${tx.shopId}, coalesce(max(version), 0) + 1, ${day.now}, ${publishedAt}::timestamptz, ${computed.asOf}::date,
           ${computed.buyers}::int, ${computed.frequency}::float8[], ${computed.monetaryMinor}::float8[],
           ${computed.recencyDays}::float8[], ${computed.rhythmDays}::float8[], ${computed.gaps}::int,
           ${JSON.stringify(computed.spentPercentiles)}::jsonb
      FROM cut_points WHERE shop_id = ${tx.shopId}
    RETURNING version`);
  return { ...computed, version: rows[0]?.version ?? 1, publishedAt };
}
