/**
 * What the plan needs to know of many customers, read set-based: desired tags (of live segments they are a
 * member of), tags of segments that stand still, actual tags with the time of the read, and what is ours.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { OwnedTag, TagComparison } from './plan-tag-changes.ts';

export interface CustomerTags extends Omit<TagComparison, 'uncertain'> {
  /** Deleted, merged away, redacted or unknown: there is nothing to write to. */
  gone: boolean;
}

export async function readComparisons(
  tx: ShopTx,
  ids: readonly ShopifyId[],
): Promise<Map<ShopifyId, CustomerTags>> {
  const { rows: frozen } = await tx.query<{ tag: string }>(sql`
    SELECT settings.tag_prefix || segment.tag_name AS tag
      FROM segment JOIN shop_settings AS settings ON settings.shop_id = segment.shop_id
     WHERE segment.shop_id = ${tx.shopId} AND segment.status IN ('paused', 'failing')`);
  const { rows } = await tx.query<{
    id: ShopifyId;
    gone: boolean;
    actual: string[] | null;
    stamp: string | null;
    desired: string[];
  }>(sql`
    SELECT wanted.id, customer.id IS NULL OR customer.deleted_at IS NOT NULL AS gone,
           customer.tags AS actual, customer.tags_stamp AS stamp,
           ARRAY(SELECT settings.tag_prefix || segment.tag_name
                   FROM membership
                   JOIN segment ON segment.shop_id = membership.shop_id AND segment.id = membership.segment_id
                   JOIN shop_settings AS settings ON settings.shop_id = membership.shop_id
                  WHERE membership.shop_id = ${tx.shopId} AND membership.customer_id = wanted.id
                    AND segment.status = 'live'
                  ORDER BY segment.position, segment.id) AS desired
      FROM unnest(${ids}::bigint[]) AS wanted(id)
      LEFT JOIN customer ON customer.shop_id = ${tx.shopId} AND customer.id = wanted.id`);
  const owned = await readOwned(tx, ids);
  const frozenTags = frozen.map((row) => row.tag);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        desired: row.gone ? [] : row.desired,
        frozen: frozenTags,
        actual: row.actual ?? [],
        actualReadAt: row.stamp === null ? null : new Date(row.stamp.slice(0, row.stamp.indexOf('|'))),
        owned: owned.get(row.id) ?? [],
        gone: row.gone,
      },
    ]),
  );
}

async function readOwned(tx: ShopTx, ids: readonly ShopifyId[]): Promise<Map<ShopifyId, OwnedTag[]>> {
  const { rows } = await tx.query<{
    id: ShopifyId;
    key: string;
    tag: string;
    addedAt: Date | null;
    suppressed: boolean;
  }>(sql`
    SELECT customer_id AS id, tag_key AS key, tag, added_at AS "addedAt",
           suppressed_at IS NOT NULL AS suppressed
      FROM tag_owned WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  const owned = new Map<ShopifyId, OwnedTag[]>();
  for (const { id, ...tag } of rows) {
    const tags = owned.get(id);
    if (tags) tags.push(tag);
    else owned.set(id, [tag]);
  }
  return owned;
}
