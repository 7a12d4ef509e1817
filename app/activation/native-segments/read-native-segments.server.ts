/** The segments that should be in Shopify, and those that we know to be there. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { loadSegments } from '../../segments/load-segments.server.ts';
import { shopifyQuery } from '../../segments/shopify-query.ts';
import { tagQuery } from '../tags/tag-query.ts';
import { nativeName } from '../segments-in-shopify/names.ts';
import type { NativeRow } from './plan-native-segment.ts';

export interface WantedSegment {
  segmentId: string;
  native: 'tag' | 'rule';
  /** With the shop's prefix. */
  tag: string;
  name: string;
  query: string;
  /** Why it goes by the tag although the rule was chosen; null: it does not. */
  whyTag: string | null;
}

export interface StoredNative extends NativeRow {
  attempts: number;
  notBefore: Date | null;
  differsAt: Date | null;
}

export async function readWantedSegments(tx: ShopTx): Promise<WantedSegment[]> {
  const { rows } = await tx.query<{
    id: string;
    native: 'tag' | 'rule';
    prefix: string;
    former: string | null;
    currency: string;
  }>(sql`
    SELECT s.id, r.native, settings.tag_prefix AS prefix, settings.currency,
           (SELECT f.tag FROM tag_former f
              JOIN tag_rename n ON n.shop_id = f.shop_id AND n.id = f.rename_id AND n.state = 'adding'
             WHERE f.shop_id = s.shop_id AND f.segment_id = s.id LIMIT 1) AS former
      FROM segment s JOIN segment_reach r ON r.shop_id = s.shop_id AND r.segment_id = s.id AND r.native <> 'none'
      JOIN shop_settings settings ON settings.shop_id = s.shop_id
     WHERE s.shop_id = ${tx.shopId} AND s.status IN ('live', 'paused', 'failing') ORDER BY s.position, s.id`);
  if (rows.length === 0) return [];
  const segments = new Map((await loadSegments(tx)).map((segment) => [segment.id, segment]));
  return rows.flatMap(({ id, native, prefix, former, currency }) => {
    const segment = segments.get(id);
    if (!segment) return [];
    // Until everybody has the new tag, the members in Shopify are those with the old one.
    const tag = former ?? prefix + segment.tagName;
    const said = native === 'rule' && segment.rule ? shopifyQuery(segment.rule, currency) : null;
    const byRule = said?.query ?? null;
    return [
      {
        segmentId: id,
        native: byRule === null ? 'tag' : 'rule',
        tag,
        name: nativeName(segment.name),
        query: byRule ?? tagQuery(tag),
        whyTag: native === 'rule' && byRule === null ? (said?.whyNot ?? 'The rule cannot be read.') : null,
      } satisfies WantedSegment,
    ];
  });
}

export async function readStoredNatives(tx: ShopTx): Promise<StoredNative[]> {
  const { rows } = await tx.query<StoredNative & Record<string, unknown>>(sql`
    SELECT segment_id AS "segmentId", shopify_id AS "shopifyId", name, query, state, mark_name AS "markName",
           mark_query AS "markQuery", attempts, not_before AS "notBefore", differs_at AS "differsAt"
      FROM native_segment WHERE shop_id = ${tx.shopId} ORDER BY segment_id`);
  return rows;
}
