/**
 * Which segments hold the same people. Memberships are read once, customer by customer; PostgreSQL counts the
 * combinations, of which there are few, and the pairs are made of those. Beyond a million memberships of a sample.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { overlapOf, type Overlap } from './overlap.ts';
import { inSample, stepFor } from './sample.ts';
import { withinLimit, type Timed } from './within-limit.server.ts';

export const COUNTED_MEMBERSHIPS = 1_000_000;
const LIMIT_MS = 15_000;

/** @param most memberships that are read */
export async function readOverlap(tx: ShopTx, most = COUNTED_MEMBERSHIPS): Promise<Timed<Overlap>> {
  return withinLimit(tx, LIMIT_MS, async () => {
    const { rows: segments } = await tx.query<{ id: string; key: string; name: string }>(sql`
      SELECT id, key, name FROM segment WHERE shop_id = ${tx.shopId} AND status IN ('live', 'paused') ORDER BY position, id`);
    const ids = segments.map(({ id }) => id);
    const { rows: counted } = await tx.query<{ all: number }>(sql`
      SELECT count(*)::int AS all FROM membership
       WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${ids}::bigint[])`);
    const step = stepFor(counted[0]?.all ?? 0, most);
    const { rows: combinations } = await tx.query<{ ids: string[]; customers: number }>(sql`
      SELECT ids, count(*)::int AS customers
        FROM (SELECT customer_id, array_agg(segment_id ORDER BY segment_id) AS ids FROM membership
               WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${ids}::bigint[]) AND ${inSample('customer_id', step)}
               GROUP BY customer_id) one
       GROUP BY ids`);
    return overlapOf(segments, combinations, step);
  });
}
