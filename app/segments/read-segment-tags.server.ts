import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** All segments with their whole tags, in the order of the pages. */
export async function readSegmentTags(tx: ShopTx): Promise<{ key: string; name: string; tag: string }[]> {
  const { rows } = await tx.query<{ key: string; name: string; tag: string }>(sql`
    SELECT s.key, s.name, g.tag_prefix || s.tag_name AS tag
      FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id
     WHERE s.shop_id = ${tx.shopId} ORDER BY s.position, s.id`);
  return rows;
}
