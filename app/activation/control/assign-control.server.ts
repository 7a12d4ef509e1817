/**
 * Who comes into a segment with a control group is drawn for one of its two sides, in the transaction that brings them
 * in and before anything is done for them. Membership is not touched: being held out is a property of the action.
 *
 * bucket = first 32 bits of HMAC-SHA256(shop's salt, action key + customer id) modulo 10,000; below the share: held out.
 * Drawn once: who leaves and comes back stays on their side, whatever the share is by then. Whoever a person named
 * "always in" is not drawn, and is not held out any more: that word is about them and stands above chance.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { bucketOf } from '../../segments/fields/segments.ts';
import { readSalt } from '../../segments/read-rule-day.server.ts';
import { queueCustomers } from '../tags/queue-changed.server.ts';

/** The key of the action "this segment's tag and what hangs on it", before the customer's id. */
const ACTION_KEY = 'tag:';

/** Reads touched_customer and membership_change. @param now business time. @returns how many were held out */
export async function assignControl(tx: ShopTx, { now }: { now: Date }): Promise<number> {
  const { rowCount: groups } = await tx.query(
    sql`SELECT 1 FROM control_group WHERE shop_id = ${tx.shopId} AND ended_at IS NULL LIMIT 1`,
  );
  if (!groups) return 0;
  await followMerged(tx);
  await releaseNamed(tx, now);
  const salt = await readSalt(tx);
  const { rowCount } = await tx.query(sql`
    WITH entered AS MATERIALIZED (
      SELECT DISTINCT c.customer_id, c.segment_id, s.key, g.buckets
        FROM membership_change c
        JOIN control_group g ON g.shop_id = ${tx.shopId} AND g.segment_id = c.segment_id AND g.ended_at IS NULL
        JOIN segment s ON s.shop_id = g.shop_id AND s.id = g.segment_id
       WHERE c.entered
         AND NOT EXISTS (SELECT FROM segment_person p WHERE p.shop_id = g.shop_id AND p.segment_id = g.segment_id
                            AND p.customer_id = c.customer_id AND p.list = 'always')
    ), drawn AS (
      INSERT INTO control_assignment (shop_id, segment_id, customer_id, at, held_out)
      SELECT ${tx.shopId}::bigint, segment_id, customer_id, ${now}::timestamptz,
             ${bucketOf(salt, ACTION_KEY, sql`(key || ':' || customer_id)`)} < buckets
        FROM entered ON CONFLICT (shop_id, segment_id, customer_id) DO NOTHING
      RETURNING segment_id, customer_id, held_out
    )
    INSERT INTO tag_held_out (shop_id, segment_id, customer_id, at)
    SELECT ${tx.shopId}::bigint, segment_id, customer_id, ${now}::timestamptz FROM drawn WHERE held_out
    ON CONFLICT DO NOTHING`);
  return rowCount ?? 0;
}

/** The kept customer's own side stands, and so does being in without one; else that of the other comes over. */
async function followMerged(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    WITH alias AS MATERIALIZED (
      SELECT a.old_id, a.kept_id FROM touched_customer t
        JOIN customer_alias a ON a.shop_id = ${tx.shopId} AND a.kept_id = t.customer_id
       WHERE t.cause = 'merge'
    ), held AS (
      DELETE FROM tag_held_out h USING alias WHERE h.shop_id = ${tx.shopId} AND h.customer_id = alias.old_id
    ), moved AS (
      DELETE FROM control_assignment c USING alias WHERE c.shop_id = ${tx.shopId} AND c.customer_id = alias.old_id
      RETURNING c.segment_id, alias.kept_id, c.at, c.held_out
    ), kept AS (
      INSERT INTO control_assignment (shop_id, segment_id, customer_id, at, held_out)
      SELECT DISTINCT ON (segment_id, kept_id) ${tx.shopId}::bigint, segment_id, kept_id, at, held_out
        FROM moved
       WHERE NOT EXISTS (SELECT FROM membership m WHERE m.shop_id = ${tx.shopId} AND m.segment_id = moved.segment_id
                            AND m.customer_id = moved.kept_id)
          OR EXISTS (SELECT FROM membership_change e WHERE e.entered AND e.segment_id = moved.segment_id
                        AND e.customer_id = moved.kept_id)
       ORDER BY segment_id, kept_id, at
      ON CONFLICT (shop_id, segment_id, customer_id) DO NOTHING
      RETURNING segment_id, customer_id, at, held_out
    )
    INSERT INTO tag_held_out (shop_id, segment_id, customer_id, at)
    SELECT ${tx.shopId}::bigint, segment_id, customer_id, at FROM kept WHERE held_out ON CONFLICT DO NOTHING`);
}

async function releaseNamed(tx: ShopTx, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    DELETE FROM tag_held_out h USING touched_customer t, segment_person p
     WHERE h.shop_id = ${tx.shopId} AND h.customer_id = t.customer_id AND p.shop_id = h.shop_id
       AND p.segment_id = h.segment_id AND p.customer_id = h.customer_id AND p.list = 'always'
    RETURNING h.customer_id AS id`);
  if (rows.length === 0) return;
  await queueCustomers(
    tx,
    rows.map(({ id }) => id),
    now,
  );
}
