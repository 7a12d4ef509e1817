/** How fast the two ways have been in this shop: measured by every run, smoothed, kept for the next. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { WriteRates } from './choose-way.ts';

/** The newest measurement counts for so much. */
const WEIGHT = 0.3;

export async function readWriteRates(tx: ShopTx): Promise<WriteRates> {
  const { rows } = await tx.query<{ way: string; perSecond: number; overheadSeconds: number }>(sql`
    SELECT way, per_second AS "perSecond", overhead_seconds AS "overheadSeconds"
      FROM tag_rate WHERE shop_id = ${tx.shopId}`);
  const single = rows.find(({ way }) => way === 'single');
  const bulk = rows.find(({ way }) => way === 'bulk');
  return {
    ...(single ? { mutationsPerSecond: single.perSecond } : {}),
    ...(bulk ? { linesPerSecond: bulk.perSecond, overheadSeconds: bulk.overheadSeconds } : {}),
  };
}

/** @param measured.at machine time */
export async function noteRate(
  tx: ShopTx,
  measured: { way: 'single' | 'bulk'; perSecond: number; overheadSeconds: number; at: Date },
): Promise<void> {
  const { way, perSecond, overheadSeconds, at } = measured;
  if (!Number.isFinite(perSecond) || perSecond <= 0) return;
  await tx.query(sql`
    INSERT INTO tag_rate AS r (shop_id, way, per_second, overhead_seconds, samples, measured_at)
    VALUES (${tx.shopId}, ${way}, ${perSecond}::float8, ${overheadSeconds}::float8, 1, ${at})
    ON CONFLICT (shop_id, way) DO UPDATE
      SET per_second = r.per_second + ${WEIGHT}::float8 * (excluded.per_second - r.per_second),
          overhead_seconds = r.overhead_seconds + ${WEIGHT}::float8 * (excluded.overhead_seconds - r.overhead_seconds),
          samples = r.samples + 1, measured_at = excluded.measured_at`);
}
