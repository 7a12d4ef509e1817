import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

export interface TagsLeft {
  from: string;
  to: string;
  /** How many could not be removed, and why: sentences. */
  message: string;
}

/** The last rename ended with old tags that Shopify did not take off, and some of them are there still; null: it did not. */
export async function readTagsLeft(tx: ShopTx): Promise<TagsLeft | null> {
  const { rows } = await tx.query<TagsLeft & Record<string, unknown>>(sql`
    SELECT r.from_name AS "from", r.to_name AS "to", r.message
      FROM tag_rename r
     WHERE r.shop_id = ${tx.shopId} AND r.id = (SELECT max(id) FROM tag_rename WHERE shop_id = ${tx.shopId})
       AND r.state = 'done' AND r.tries > 0 AND r.message IS NOT NULL
       AND EXISTS (SELECT FROM tag_former f JOIN tag_owned o ON o.shop_id = f.shop_id AND o.tag_key = f.tag_key AND ${STILL_OURS}
                    WHERE f.shop_id = r.shop_id AND f.rename_id = r.id)`);
  return rows[0] ?? null;
}
