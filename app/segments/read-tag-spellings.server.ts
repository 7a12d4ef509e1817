/**
 * In which spellings the customers of a shop have certain tags. PostgreSQL proposes (its lower() knows only ASCII in
 * a database of locale C, so tags with other letters are all proposed when such a tag is asked for); `tagKey` decides.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { tagKey } from '../intake/tag-key.ts';

export interface TagSpelling {
  /** As the customer has it. */
  tag: string;
  key: string;
}

/** @param keys of `tagKey` */
export async function readTagSpellings(tx: ShopTx, keys: readonly string[]): Promise<TagSpelling[]> {
  const beyondAscii = keys.some((key) => Buffer.byteLength(key) !== key.length);
  const { rows } = await tx.query<{ tag: string }>(sql`
    SELECT DISTINCT had.tag FROM customer c CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
     WHERE c.shop_id = ${tx.shopId} AND c.deleted_at IS NULL
       AND (lower(had.tag) = ANY(${keys}::text[])
            OR (${beyondAscii}::boolean AND octet_length(had.tag) <> char_length(had.tag)))`);
  const wanted = new Set(keys);
  return rows.map(({ tag }) => ({ tag, key: tagKey(tag) })).filter(({ key }) => wanted.has(key));
}
