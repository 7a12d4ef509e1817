import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { LocalDate } from '../../local-date.ts';
import { healthOf, type HealthFacts, type SegmentHealth } from './health.ts';
import type { Overlap } from './overlap.ts';
import { withinLimit, type Timed } from './within-limit.server.ts';

const LIMIT_MS = 10_000;

/** Notes on the segments that keep members. @param overlap when it was counted: for "contained in another" */
export async function readHealth(
  tx: ShopTx,
  { today, timeZone, overlap }: { today: LocalDate; timeZone: string; overlap: Overlap | null },
): Promise<Timed<SegmentHealth[]>> {
  return withinLimit(tx, LIMIT_MS, async () => {
    const days = (at: 'live_since' | 'changed_at') =>
      at === 'live_since'
        ? sql`(${today}::date - (s.live_since AT TIME ZONE ${timeZone})::date)`
        : sql`(${today}::date - (moved.at AT TIME ZONE ${timeZone})::date)`;
    const { rows } = await tx.query<HealthFacts & Record<string, unknown>>(sql`
      SELECT s.key, s.name, s.status, s.failure, s.kind = 'list' AS frozen, ${days('live_since')} AS "daysOn",
             ${days('changed_at')} AS "daysSinceChange", coalesce(sized.size, 0) AS size
        FROM segment s
        LEFT JOIN (SELECT segment_id, count(*)::int AS size FROM membership WHERE shop_id = ${tx.shopId} GROUP BY 1) sized
          ON sized.segment_id = s.id
        CROSS JOIN LATERAL (
          SELECT greatest(
            (SELECT max(e.at) FROM membership_event e WHERE e.shop_id = ${tx.shopId} AND e.segment_id = s.id),
            (SELECT max(c.at) FROM mass_change c WHERE c.shop_id = ${tx.shopId} AND c.segment_id = s.id)) AS at) moved
       WHERE s.shop_id = ${tx.shopId} AND s.status IN ('live', 'paused', 'failing')
       ORDER BY s.position, s.id`);
    const { rows: all } = await tx.query<{ customers: number }>(
      sql`SELECT count(*)::int AS customers FROM profile WHERE shop_id = ${tx.shopId} AND NOT left_out`,
    );
    return healthOf(rows, all[0]?.customers ?? 0, overlap);
  });
}
