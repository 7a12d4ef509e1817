/**
 * Everybody leaves: of segments that keep nothing from now on. The history has it as one change a segment. Called with
 * the temporary tables of a run (touched_customer and its like).
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { MassCause } from '../intake/cause.ts';

/** @returns memberships removed */
export async function emptySegments(
  tx: ShopTx,
  ids: readonly string[],
  { now, cause, cutPoints }: { now: Date; cause: MassCause; cutPoints: { version: number } },
): Promise<number> {
  const { rows } = await tx.query<{ left: number }>(sql`
    WITH removed AS (
      DELETE FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${[...ids]}::bigint[])
      RETURNING segment_id, customer_id
    ), noted AS (
      INSERT INTO membership_change (customer_id, segment_id, entered, cause)
      SELECT customer_id, segment_id, false, ${cause}::text FROM removed
    ), header AS (
      INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
      SELECT ${tx.shopId}, r.segment_id, 'left', ${now}, ${cause}, g.rule_version, ${cutPoints.version}::int, count(*)
        FROM removed r JOIN segment g ON g.shop_id = ${tx.shopId} AND g.id = r.segment_id
       GROUP BY r.segment_id, g.rule_version ORDER BY r.segment_id
      RETURNING id, segment_id
    ), named AS (
      INSERT INTO mass_member (shop_id, change_id, customer_id)
      SELECT ${tx.shopId}, h.id, r.customer_id FROM removed r JOIN header h USING (segment_id)
    )
    SELECT count(*)::int AS left FROM removed`);
  await tx.query(sql`
    DELETE FROM membership_left WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${[...ids]}::bigint[])`);
  return rows[0]?.left ?? 0;
}
