/**
 * Members in Shopify beside members here, and what is on its way. Shopify's numbers follow its tags with a delay that
 * nobody promises, so a difference is looked at again before it is called one.
 */
import { sql } from '../../db/sql.ts';
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { COUNT_MEMBERS } from '../../shopify/documents/native-segments.ts';
import { SETTLES_WITHIN_MS } from './explain-difference.ts';
import type { StoredNative, WantedSegment } from './read-native-segments.server.ts';
import type { NativeContext } from './sync-native-segments.server.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

const LOOK_AGAIN_MS = 60_000;

/** @returns when to count again (machine time); null: the numbers agree, or differ for good */
export async function countNativeSegments(
  ctx: NativeContext,
  shopId: ShopId,
  segments: readonly { wanted: WantedSegment; row: StoredNative & { shopifyId: string } }[],
  signal: AbortSignal | undefined,
): Promise<Date | null> {
  let again = false;
  for (const { wanted, row } of segments) {
    signal?.throwIfAborted();
    const { data } = await ctx.admin.request(
      COUNT_MEMBERS,
      { segmentId: `gid://shopify/Segment/${row.shopifyId}` },
      { priority: 'background', ...(signal ? { signal } : {}) },
    );
    const members = data.customerSegmentMembers.totalCount;
    const machineNow = ctx.clock.machineNow();
    const differsAt = await ctx.db.inShop(shopId, async (tx) => {
      const here = await countHere(tx, wanted);
      const agrees = members === here.expected - (wanted.native === 'tag' ? here.without : 0);
      const onItsWay = wanted.native === 'tag' && here.pending > 0;
      const since = agrees || onItsWay ? null : (row.differsAt ?? machineNow);
      await tx.query(sql`
        UPDATE native_segment
           SET members = ${members}::int, expected = ${here.expected}::int, pending = ${here.pending}::int,
               without = ${here.without}::int, counted_at = ${machineNow}, differs_at = ${since}::timestamptz
         WHERE shop_id = ${shopId} AND segment_id = ${wanted.segmentId}::bigint`);
      again ||= onItsWay;
      return since;
    });
    again ||= differsAt !== null && machineNow.getTime() - differsAt.getTime() < SETTLES_WITHIN_MS;
  }
  return again ? new Date(ctx.clock.machineNow().getTime() + LOOK_AGAIN_MS) : null;
}

/** Members; of them those who will not get the tag; and tags that are not yet as they should be. */
async function countHere(
  tx: ShopTx,
  { segmentId, tag }: WantedSegment,
): Promise<{ expected: number; without: number; pending: number }> {
  const { rows } = await tx.query<{ expected: number; without: number; pending: number }>(sql`
    WITH member AS MATERIALIZED (
      SELECT customer_id FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint
    ), owned AS MATERIALIZED (
      SELECT customer_id, added_at, suppressed_at, lost_in FROM tag_owned
       WHERE shop_id = ${tx.shopId} AND tag_key = ${tagKey(tag)}
    ), kept_out AS MATERIALIZED (
      SELECT customer_id FROM owned o WHERE NOT ${STILL_OURS}
      UNION SELECT customer_id FROM tag_held_out WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint
      UNION SELECT customer_id FROM tag_impossible WHERE shop_id = ${tx.shopId} AND tag_key = ${tagKey(tag)}
    )
    SELECT (SELECT count(*)::int FROM member) AS expected,
           (SELECT count(*)::int FROM member JOIN kept_out USING (customer_id)) AS without,
           (SELECT count(*)::int FROM member m
             WHERE m.customer_id NOT IN (SELECT customer_id FROM kept_out)
               AND NOT EXISTS (SELECT FROM owned o WHERE o.customer_id = m.customer_id AND o.added_at IS NOT NULL))
         + (SELECT count(*)::int FROM owned o
             WHERE ${STILL_OURS}
               AND o.customer_id NOT IN (SELECT customer_id FROM member)) AS pending`);
  return rows[0] ?? { expected: 0, without: 0, pending: 0 };
}
