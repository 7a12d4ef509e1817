/**
 * Everybody leaves: of segments that keep nothing from now on. The history has it as one change a segment. Called with
 * the temporary tables of a run (touched_customer and its like).
 */
import { sql, type Sql } from '../db/sql.ts';
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
      RETURNING segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence, held_until
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
      INSERT INTO mass_member (shop_id, change_id, customer_id, since, cause, rule_version, cut_points_version, evidence,
                               held_until)
      SELECT ${tx.shopId}, h.id, r.customer_id, r.since, r.cause, r.rule_version, r.cut_points_version, r.evidence,
             r.held_until
        FROM removed r JOIN header h USING (segment_id)
    )
    SELECT count(*)::int AS left FROM removed`);
  await forgetWaits(tx, sql`m.segment_id = ANY(${[...ids]}::bigint[])`, { now, cause });
  return rows[0]?.left ?? 0;
}

/** Nobody waits to come back any more; for an undo it is kept since when they did. @param which a condition on m */
export async function forgetWaits(
  tx: ShopTx,
  which: Sql,
  { now, cause }: { now: Date; cause: MassCause },
): Promise<void> {
  await tx.query(sql`
    WITH forgotten AS (
      DELETE FROM membership_left m WHERE m.shop_id = ${tx.shopId} AND ${which}
      RETURNING m.segment_id, m.customer_id, m.left_on
    )
    INSERT INTO membership_kept (shop_id, at, segment_id, customer_id, cause, left_on)
    SELECT ${tx.shopId}, ${now}, segment_id, customer_id, ${cause}, left_on FROM forgotten ON CONFLICT DO NOTHING`);
}
