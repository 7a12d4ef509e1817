/** What waits for a person now, read from where it stands. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { attentionWords, STUCK_AFTER_HOURS, type MatterKind, type MatterWords } from './attention-words.ts';

export interface Matter extends MatterWords {
  /** The same as long as it is the same matter. */
  key: string;
}

/** Without these nothing can be kept up to date; the write permission includes the other one. */
const NEEDED = ['write_customers', 'read_orders', 'read_products', 'write_discounts'];

/** @param machineNow when given, it is also looked whether an import has come to a stop */
export async function readMatters(tx: ShopTx, machineNow: Date | undefined): Promise<Matter[]> {
  const { shopId } = tx;
  const stuckBefore = machineNow && new Date(machineNow.getTime() - STUCK_AFTER_HOURS * 3_600_000);
  const { rows } = await tx.query<{ kind: MatterKind; id: string; name: string; n: number }>(sql`
    SELECT 'held' AS kind, id::text, cause AS name, affected AS n FROM held_change
     WHERE shop_id = ${shopId} AND state = 'held'
    UNION ALL
    SELECT 'failing', id::text || ':' || rule_version, name, 0 FROM segment WHERE shop_id = ${shopId} AND status = 'failing'
    UNION ALL
    SELECT 'damage', id::text, '', removed FROM tag_alert WHERE shop_id = ${shopId} AND state = 'open'
    UNION ALL
    SELECT 'limit', d.day::text, '', s.writes_a_day FROM tag_day d JOIN shop_settings s ON s.shop_id = d.shop_id
     WHERE d.shop_id = ${shopId} AND s.writes_a_day IS NOT NULL AND d.reached
       AND d.day = (SELECT max(day) FROM tag_day WHERE shop_id = ${shopId})
    UNION ALL
    SELECT 'scopes', lacks.names, lacks.names, 0
      FROM (SELECT string_agg(one, ', ' ORDER BY one) AS names
              FROM shop_settings s CROSS JOIN unnest(${NEEDED}::text[]) AS one
             WHERE s.shop_id = ${shopId} AND s.scopes <> '{}'
               AND NOT one = ANY(s.scopes) AND NOT replace(one, 'read_', 'write_') = ANY(s.scopes)) lacks
     WHERE lacks.names IS NOT NULL
    UNION ALL
    SELECT subject, '', '', 0 FROM shopify_standing
     WHERE shop_id = ${shopId} AND state = 'refused' AND subject IN ('bulk_queries', 'bulk_mutations', 'customer_data')
    UNION ALL
    SELECT CASE WHEN fault IS NULL THEN 'discount_changed' ELSE 'discount_refused' END, id::text, title, 0
      FROM offer_discount WHERE shop_id = ${shopId} AND (fault IS NOT NULL OR edited IS NOT NULL)
    UNION ALL
    SELECT 'offer_currency', o.id::text, o.name, 0 FROM offer o JOIN shop_settings s ON s.shop_id = o.shop_id
     WHERE o.shop_id = ${shopId} AND o.state = 'paused' AND o.currency <> s.currency
    UNION ALL
    SELECT 'native', segment_id::text, mark_name, 0 FROM native_segment
     WHERE shop_id = ${shopId} AND failure IS NOT NULL
    UNION ALL
    SELECT 'metafields', '', '', 0 FROM reach_settings WHERE shop_id = ${shopId} AND metafields_failure IS NOT NULL
    UNION ALL
    (SELECT CASE WHEN state = 'failed' THEN 'import' ELSE 'stuck' END, id::text, '', 0 FROM import_run
      WHERE shop_id = ${shopId} AND id = (SELECT max(id) FROM import_run WHERE shop_id = ${shopId})
        AND (state = 'failed' OR (state = 'running' AND started_at < ${stuckBefore ?? null}::timestamptz)))`);
  return rows.map(({ kind, id, name, n }) => ({
    key: `${kind}:${id}`,
    ...attentionWords(kind, { name, n }),
  }));
}
