/** Presets that exclude each other, put into one exclusive set when they are made. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/**
 * The set of these keys, made when it is not there, with those of `fresh` that belong to it. Segments that were there
 * before keep the place that somebody may have given them.
 */
export async function putIntoSet(
  tx: ShopTx,
  { name, keys }: { name: string; keys: readonly string[] },
  fresh: readonly string[],
  now: Date,
): Promise<void> {
  const added = keys.filter((key) => fresh.includes(key));
  if (added.length === 0) return;
  await tx.query(sql`
    WITH known AS (
      SELECT set_id AS id FROM segment
       WHERE shop_id = ${tx.shopId} AND key = ANY(${[...keys]}::text[]) AND set_id IS NOT NULL LIMIT 1
    ), made AS (
      INSERT INTO segment_set (shop_id, name, kind, created_at)
      SELECT ${tx.shopId}::bigint, ${name}, 'exclusive', ${now}::timestamptz WHERE NOT EXISTS (SELECT FROM known)
      RETURNING id
    )
    UPDATE segment s SET set_id = chosen.id, set_rank = place.rank
      FROM (SELECT id FROM known UNION ALL SELECT id FROM made) chosen,
           unnest(${[...keys]}::text[]) WITH ORDINALITY AS place (key, rank)
     WHERE s.shop_id = ${tx.shopId} AND s.key = place.key AND s.key = ANY(${added}::text[]) AND s.status = 'draft'`);
}
