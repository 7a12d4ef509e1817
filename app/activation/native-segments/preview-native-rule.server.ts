/**
 * What a segment in Shopify by the rule itself would hold, before one is made: its size is asked for by the query, so
 * that the difference is seen in people first.
 */
import { sql } from '../../db/sql.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import { loadSegment } from '../../segments/load-segments.server.ts';
import { shopifyQuery } from '../../segments/shopify-query.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { COUNT_MEMBERS_OF_QUERY } from '../../shopify/documents/native-segments.ts';

export type NativeRulePreview =
  | { outcome: 'counted'; query: string; inShopify: number; here: number }
  /** Shopify's language cannot say it. */
  | { outcome: 'cannot'; whyNot: string }
  | { outcome: 'unknown' };

export async function previewNativeRule(
  ctx: { db: Db; admin: AdminClient },
  shopId: ShopId,
  key: string,
): Promise<NativeRulePreview> {
  const read = await ctx.db.inShop(shopId, async (tx) => {
    const segment = await loadSegment(tx, key);
    const { rows } = await tx.query<{ currency: string; timeZone: string; here: number }>(sql`
      SELECT currency, iana_timezone AS "timeZone",
             (SELECT count(*)::int FROM membership
               WHERE shop_id = ${shopId} AND segment_id = ${segment?.id ?? null}::bigint) AS here
        FROM shop_settings WHERE shop_id = ${shopId}`);
    return { segment, settings: rows[0] };
  });
  const { segment, settings } = read;
  if (!segment || !settings) return { outcome: 'unknown' };
  if (!segment.rule) return { outcome: 'cannot', whyNot: 'The rule cannot be read.' };
  if (segment.kind === 'list') return { outcome: 'cannot', whyNot: 'Its members were chosen on one day.' };
  const { query, whyNot } = shopifyQuery(segment.rule, settings.currency);
  if (query === null) return { outcome: 'cannot', whyNot };
  const { data } = await ctx.admin.request(
    COUNT_MEMBERS_OF_QUERY,
    { query, timezone: settings.timeZone },
    { priority: 'page' },
  );
  return {
    outcome: 'counted',
    query,
    inShopify: data.customerSegmentMembers.totalCount,
    here: settings.here,
  };
}
