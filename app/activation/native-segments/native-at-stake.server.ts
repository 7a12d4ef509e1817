/** What a change of segments does to those that we keep in Shopify, for its review. Reads only. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { Proposal } from '../../segments/propose-change.server.ts';
import type { ProposedSegment } from '../../segments/segment-change.ts';
import { shopifyQuery } from '../../segments/shopify-query.ts';
import { nativeName } from '../segments-in-shopify/names.ts';

export interface NativeAtStake {
  /** In Shopify. */
  name: string;
  /** follows: the same tag, of other people. rewritten: its query says the new rule. */
  what: 'made' | 'deleted' | 'rewritten' | 'follows';
}

/**
 * @param off ids of the segments that are turned off by it
 * @param moved keys of the segments whose tag somebody gains or loses by it
 */
export async function nativeAtStake(
  tx: ShopTx,
  { targets: proposed }: Proposal,
  { off, moved }: { off: readonly string[]; moved: readonly string[] },
): Promise<NativeAtStake[]> {
  const targets = new Map(proposed.map((target) => [target.after.id, target]));
  const { rows } = await tx.query<{
    id: string;
    key: string;
    name: string;
    native: 'tag' | 'rule';
    known: boolean;
    currency: string;
  }>(sql`
    SELECT s.id, s.key, s.name, r.native, n.segment_id IS NOT NULL AS known, settings.currency
      FROM segment s
      JOIN segment_reach r ON r.shop_id = s.shop_id AND r.segment_id = s.id AND r.native <> 'none'
      JOIN shop_settings settings ON settings.shop_id = s.shop_id
      LEFT JOIN native_segment n ON n.shop_id = s.shop_id AND n.segment_id = s.id
     WHERE s.shop_id = ${tx.shopId}
       AND (s.id = ANY(${[...off, ...targets.keys()]}::bigint[]) OR s.key = ANY(${[...moved]}::text[]))
     ORDER BY s.position, s.id`);
  return rows.flatMap(({ id, key, name, native, known, currency }) => {
    const what = (): NativeAtStake['what'] | null => {
      if (off.includes(id)) return known ? 'deleted' : null;
      const target = targets.get(id);
      if (target?.before.status === 'draft') return 'made';
      if (native === 'rule' && target && asksOther(target, currency)) return 'rewritten';
      return native === 'tag' && moved.includes(key) ? 'follows' : null;
    };
    const becomes = what();
    return becomes === null ? [] : [{ name: nativeName(name), what: becomes }];
  });
}

function asksOther({ before, after }: ProposedSegment, currency: string): boolean {
  return shopifyQuery(before.rule, currency).query !== shopifyQuery(after.rule, currency).query;
}
