/**
 * Shopify gives the customer that a merge kept the tags of both, so tags that were ours on the other one are ours
 * on this one. Whether the kept customer has them yet is not known: they come over as unconfirmed, which makes
 * the next comparison ask for them again or take them away. What a person decided or has to decide comes over as it is:
 * a tag that was removed by hand stays off, one that was lost with many others waits for its alert, one that was found
 * and left stays somebody else's. Where the kept customer has the tag already, what is known of that one holds.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';

export async function adoptMergedTags(tx: ShopTx, kept: readonly ShopifyId[]): Promise<void> {
  await tx.query(sql`
    WITH moved AS (
      DELETE FROM tag_owned AS owned USING customer_alias AS alias
       WHERE owned.shop_id = ${tx.shopId} AND alias.shop_id = ${tx.shopId}
         AND alias.kept_id = ANY(${kept}::bigint[]) AND owned.customer_id = alias.old_id
      RETURNING alias.kept_id, owned.tag_key, owned.tag, owned.added_at, owned.suppressed_at, owned.lost_in)
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, suppressed_at, lost_in)
    SELECT DISTINCT ON (kept_id, tag_key) ${tx.shopId}::bigint, kept_id, tag_key, tag,
           CASE WHEN suppressed_at IS NOT NULL OR lost_in IS NOT NULL THEN added_at END, suppressed_at, lost_in
      FROM moved ORDER BY kept_id, tag_key, suppressed_at NULLS FIRST, lost_in NULLS FIRST
    ON CONFLICT (shop_id, customer_id, tag_key) DO NOTHING`);
  await tx.query(sql`
    WITH moved AS (
      DELETE FROM tag_found AS found USING customer_alias AS alias
       WHERE found.shop_id = ${tx.shopId} AND alias.shop_id = ${tx.shopId}
         AND alias.kept_id = ANY(${kept}::bigint[]) AND found.customer_id = alias.old_id
      RETURNING alias.kept_id, found.tag_key, found.tag, found.found_at, found.state)
    INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at, state)
    SELECT DISTINCT ON (kept_id, tag_key) ${tx.shopId}::bigint, kept_id, tag_key, tag, found_at, state
      FROM moved
     WHERE NOT EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = ${tx.shopId} AND o.customer_id = moved.kept_id
                          AND o.tag_key = moved.tag_key)
     ORDER BY kept_id, tag_key, state = 'left' DESC, found_at
    ON CONFLICT (shop_id, customer_id, tag_key) DO NOTHING`);
}
