import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { TakenNames } from './segment-names.ts';

/** @param except the key of a segment whose own names are free for it */
export async function readTakenNames(
  tx: ShopTx,
  except?: string,
): Promise<{ prefix: string; taken: TakenNames }> {
  const { rows } = await tx.query<{ prefix: string; keys: string[]; tags: string[]; former: string[] }>(sql`
    SELECT settings.tag_prefix AS prefix,
           coalesce(array_agg(s.key) FILTER (WHERE s.key IS NOT NULL), '{}') AS keys,
           coalesce(array_agg(settings.tag_prefix || s.tag_name) FILTER (WHERE s.key IS NOT NULL), '{}') AS tags,
           ARRAY(SELECT DISTINCT f.tag FROM tag_former f
                   JOIN segment had ON had.shop_id = f.shop_id AND had.id = f.segment_id
                  WHERE f.shop_id = settings.shop_id AND had.key IS DISTINCT FROM ${except ?? null}::text) AS former
      FROM shop_settings settings
      LEFT JOIN segment s ON s.shop_id = settings.shop_id AND s.key IS DISTINCT FROM ${except ?? null}::text
     WHERE settings.shop_id = ${tx.shopId} GROUP BY settings.shop_id, settings.tag_prefix`);
  const { prefix = '', keys = [], tags = [], former = [] } = rows[0] ?? {};
  return { prefix, taken: { keys, tags, former } };
}
