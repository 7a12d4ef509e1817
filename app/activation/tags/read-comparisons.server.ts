/**
 * What the plan needs to know of many customers, read set-based: desired tags of all sources (desired-tags.ts), tags
 * that stand still, actual tags with the time of the read, and what is ours.
 */
import { join, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { TAG_SOURCES } from './desired-tags.ts';
import type { OwnedTag, TagComparison } from './plan-tag-changes.ts';

export interface CustomerTags extends Omit<TagComparison, 'uncertain'> {
  /** Deleted, merged away, redacted or unknown: there is nothing to write to. */
  gone: boolean;
}

export async function readComparisons(
  tx: ShopTx,
  ids: readonly ShopifyId[],
): Promise<Map<ShopifyId, CustomerTags>> {
  const given = sql`${[...ids]}::bigint[]`;
  const { rows } = await tx.query<{
    id: ShopifyId;
    gone: boolean;
    actual: string[] | null;
    stamp: string | null;
  }>(sql`
    SELECT wanted.id, customer.id IS NULL OR customer.deleted_at IS NOT NULL AS gone,
           customer.tags AS actual, customer.tags_stamp AS stamp
      FROM unnest(${given}) AS wanted(id)
      LEFT JOIN customer ON customer.shop_id = ${tx.shopId} AND customer.id = wanted.id`);
  const desired = await readTags(tx, (source) => source.desired(tx.shopId, given));
  const standing = await readTags(tx, (source) => source.standing?.(tx.shopId, given));
  const frozen = await readAll(tx, (source) => source.frozen?.(tx.shopId));
  const live = await readAll(tx, (source) => source.live?.(tx.shopId));
  const owned = await readOwned(tx, ids);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        desired: row.gone ? [] : (desired.get(row.id) ?? []),
        frozen,
        live,
        standing: row.gone ? [] : (standing.get(row.id) ?? []),
        actual: row.actual ?? [],
        actualReadAt: row.stamp === null ? null : readTimeOf(row.stamp),
        owned: owned.get(row.id) ?? [],
        gone: row.gone,
      },
    ]),
  );
}

/** The remote time of a stamp ("remote time|triggered-at|hash"). */
export function readTimeOf(stamp: string): Date {
  return new Date(stamp.slice(0, stamp.indexOf('|')));
}

type Part = (source: (typeof TAG_SOURCES)[number]) => ReturnType<typeof sql> | undefined;

async function readTags(tx: ShopTx, part: Part): Promise<Map<ShopifyId, string[]>> {
  const parts = TAG_SOURCES.flatMap((source) => part(source) ?? []);
  if (parts.length === 0) return new Map();
  const { rows } = await tx.query<{ id: ShopifyId; tags: string[] }>(sql`
    SELECT customer_id AS id, array_agg(DISTINCT tag ORDER BY tag) AS tags
      FROM (${join(parts, ' UNION ALL ')}) AS wanted GROUP BY customer_id`);
  return new Map(rows.map(({ id, tags }) => [id, tags]));
}

/** Tags of the shop, whoever has them. */
async function readAll(tx: ShopTx, part: Part): Promise<string[]> {
  const parts = TAG_SOURCES.flatMap((source) => part(source) ?? []);
  if (parts.length === 0) return [];
  const { rows } = await tx.query<{ tag: string }>(
    sql`SELECT DISTINCT tag FROM (${join(parts, ' UNION ALL ')}) AS t`,
  );
  return rows.map((row) => row.tag);
}

async function readOwned(tx: ShopTx, ids: readonly ShopifyId[]): Promise<Map<ShopifyId, OwnedTag[]>> {
  const { rows } = await tx.query<{
    id: ShopifyId;
    key: string;
    tag: string;
    addedAt: Date | null;
    suppressed: boolean;
    lost: boolean;
  }>(sql`
    SELECT customer_id AS id, tag_key AS key, tag, added_at AS "addedAt",
           suppressed_at IS NOT NULL AS suppressed, lost_in IS NOT NULL AS lost
      FROM tag_owned WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...ids]}::bigint[])`);
  const owned = new Map<ShopifyId, OwnedTag[]>();
  for (const { id, ...tag } of rows) {
    const tags = owned.get(id);
    if (tags) tags.push(tag);
    else owned.set(id, [tag]);
  }
  return owned;
}
