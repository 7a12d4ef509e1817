import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { TakenNames } from './segment-names.ts';
import { wholeOfferTag } from './whole-offer-tag.ts';

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
  return { prefix, taken: { keys, tags, former, offers: await readOfferTags(tx) } };
}

/** The whole tags of offers that somebody has or can get, also of those that have ended when their tag is not gone. */
async function readOfferTags(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ tag: string; ended: boolean }>(sql`
    SELECT ${wholeOfferTag()} AS tag,
           o.state = 'ended' AND NOT EXISTS (SELECT FROM offer_discount d
                                              WHERE d.shop_id = o.shop_id AND d.offer_id = o.id) AS ended
      FROM offer o WHERE o.shop_id = ${tx.shopId} ORDER BY o.id`);
  const keys = rows.filter(({ ended }) => ended).map(({ tag }) => tagKey(tag));
  const { rows: owned } = await tx.query<{ key: string }>(sql`
    SELECT key FROM unnest(${keys}::text[]) AS key
     WHERE EXISTS (SELECT FROM tag_owned t WHERE t.shop_id = ${tx.shopId} AND t.tag_key = key)`);
  const there = new Set(owned.map(({ key }) => key));
  return rows.filter(({ tag, ended }) => !ended || there.has(tagKey(tag))).map(({ tag }) => tag);
}
