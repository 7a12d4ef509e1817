/**
 * Shopify gives the customer that a merge kept the tags of both, so tags that were ours on the other one are ours
 * on this one. Whether the kept customer has them yet is not known: they come over as unconfirmed, which makes
 * the next comparison ask for them again or take them away.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export async function adoptMergedTags(tx: ShopTx, kept: readonly ShopifyId[]): Promise<void> {
  await tx.query(sql`
    WITH moved AS (
      DELETE FROM tag_owned AS owned USING customer_alias AS alias
       WHERE owned.shop_id = ${tx.shopId} AND alias.shop_id = ${tx.shopId}
         AND alias.kept_id = ANY(${kept}::bigint[]) AND owned.customer_id = alias.old_id
      RETURNING alias.kept_id, owned.tag_key, owned.tag, owned.suppressed_at)
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag)
    SELECT DISTINCT ON (kept_id, tag_key) ${tx.shopId}::bigint, kept_id, tag_key, tag
      FROM moved WHERE suppressed_at IS NULL ORDER BY kept_id, tag_key
    ON CONFLICT (shop_id, customer_id, tag_key) DO NOTHING`);
}
