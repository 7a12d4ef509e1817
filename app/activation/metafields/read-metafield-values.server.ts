/**
 * What the metafields of these customers should be, from what is stored about them: the segments that name themselves
 * (named-segments.server.ts), and numbers. The life-cycle group is that of the segment whose tag the store keeps, where a
 * discarded change left one.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import type { PresetFamily } from '../../segments/presets.ts';
import { readGroups } from '../../segments/read-customer-page.server.ts';
import { readRuleDay } from '../../segments/read-rule-day.server.ts';
import { metafieldValues, type MetafieldValues } from './metafield-values.ts';
import { namedSegments } from './named-segments.server.ts';

const LIFECYCLE: PresetFamily = 'life-cycle';

/**
 * @param now business time
 * @returns customers who are known and not deleted; those left out have no values. `tierStands`: the tier is of a segment
 *   that is paused or failing
 */
export async function readMetafieldValues(
  tx: ShopTx,
  ids: readonly ShopifyId[],
  now: Date,
): Promise<Map<ShopifyId, { values: MetafieldValues; tierStands: boolean }>> {
  const ruleDay = await readRuleDay(tx, now);
  const named = await namedSegments(tx, ids);
  const groups = await readGroups(tx, ruleDay, ids);
  const { rows } = await tx.query<{
    id: ShopifyId;
    leftOut: boolean;
    spentMinor: string;
    segments: string[] | null;
    predictedMinor: string | null;
    chance: number | null;
    tier: string | null;
    tierHold: string | null;
    tierStands: boolean;
    keptGroup: string | null;
  }>(sql`
    WITH named AS MATERIALIZED (${named})
    SELECT p.customer_id AS id, p.left_out AS "leftOut", p.spent_minor AS "spentMinor", member.names AS segments,
           v.expected_value_minor AS "predictedMinor", v.alive AS chance, tier.name AS tier, tier.held_until AS "tierHold",
           coalesce(tier.status <> 'live', false) AS "tierStands",
           (SELECT s.name FROM named n JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = n.segment_id
             WHERE n.customer_id = p.customer_id AND NOT n.member AND s.status = 'live'
               AND s.family = ${LIFECYCLE} ORDER BY s.position, s.id LIMIT 1) AS "keptGroup"
      FROM profile p
      JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = p.customer_id AND c.deleted_at IS NULL
      LEFT JOIN prediction v ON v.shop_id = ${tx.shopId} AND v.customer_id = p.customer_id AND ${ruleDay.predictions !== null}
      LEFT JOIN LATERAL (
        SELECT array_agg(s.name ORDER BY s.position, s.id) AS names
          FROM named n JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = n.segment_id
         WHERE n.customer_id = p.customer_id) member ON true
      LEFT JOIN LATERAL (
        SELECT s.name, s.status, n.held_until FROM named n
          JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = n.segment_id
          JOIN segment_set g ON g.shop_id = ${tx.shopId} AND g.id = s.set_id AND g.kind = 'tiers'
         WHERE n.customer_id = p.customer_id
         ORDER BY g.id, s.set_rank LIMIT 1) tier ON true
     WHERE p.shop_id = ${tx.shopId} AND p.customer_id = ANY(${[...ids]}::bigint[])`);
  const { currency } = ruleDay.day;
  return new Map(
    rows.map(({ id, leftOut, tierStands, ...row }) => [
      id,
      {
        tierStands,
        values: leftOut
          ? {}
          : metafieldValues({
              segments: row.segments ?? [],
              lifeCycle: row.keptGroup ?? groups.get(id)?.name ?? null,
              spentMinor: BigInt(row.spentMinor),
              predictedMinor: row.predictedMinor === null ? null : BigInt(row.predictedMinor),
              chance: row.chance,
              tier: row.tier,
              tierHold: row.tierHold,
              currency,
            }),
      },
    ]),
  );
}
