/**
 * What the metafields of these customers should be, from what is stored about them. A segment in whose control group
 * somebody is does not name itself there: what reads the metafields would treat them. A segment that is paused or failing
 * stays as it is in the store: it names itself for those who have its tag of ours, whoever is a member meanwhile.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { readGroups } from '../../segments/read-customer-page.server.ts';
import { readRuleDay } from '../../segments/read-rule-day.server.ts';
import { metafieldValues, type MetafieldValues } from './metafield-values.ts';

/** @param now business time. @returns customers who are known and not deleted; those left out have no values */
export async function readMetafieldValues(
  tx: ShopTx,
  ids: readonly ShopifyId[],
  now: Date,
): Promise<Map<ShopifyId, MetafieldValues>> {
  const ruleDay = await readRuleDay(tx, now);
  const named = await readNamed(tx, ids);
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
  }>(sql`
    WITH named AS MATERIALIZED (${named})
    SELECT p.customer_id AS id, p.left_out AS "leftOut", p.spent_minor AS "spentMinor", member.names AS segments,
           v.expected_value_minor AS "predictedMinor", v.alive AS chance, tier.name AS tier, tier.held_until AS "tierHold"
      FROM profile p
      JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = p.customer_id AND c.deleted_at IS NULL
      LEFT JOIN prediction v ON v.shop_id = ${tx.shopId} AND v.customer_id = p.customer_id AND ${ruleDay.predictions !== null}
      LEFT JOIN LATERAL (
        SELECT array_agg(s.name ORDER BY s.position, s.id) AS names
          FROM named n JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = n.segment_id
         WHERE n.customer_id = p.customer_id) member ON true
      LEFT JOIN LATERAL (
        SELECT s.name, n.held_until FROM named n
          JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = n.segment_id
          JOIN segment_set g ON g.shop_id = ${tx.shopId} AND g.id = s.set_id AND g.kind = 'tiers'
         WHERE n.customer_id = p.customer_id
         ORDER BY g.id, s.set_rank LIMIT 1) tier ON true
     WHERE p.shop_id = ${tx.shopId} AND p.customer_id = ANY(${[...ids]}::bigint[])`);
  const { currency } = ruleDay.day;
  return new Map(
    rows.map(({ id, leftOut, spentMinor, predictedMinor, segments, chance, tier, tierHold }) => [
      id,
      leftOut
        ? {}
        : metafieldValues({
            segments: segments ?? [],
            lifeCycle: groups.get(id)?.name ?? null,
            spentMinor: BigInt(spentMinor),
            predictedMinor: predictedMinor === null ? null : BigInt(predictedMinor),
            chance,
            tier,
            tierHold,
            currency,
          }),
    ]),
  );
}

/** Rows (customer_id, segment_id, held_until): which segments name themselves for these customers. */
async function readNamed(tx: ShopTx, ids: readonly ShopifyId[]): Promise<Sql> {
  const { shopId } = tx;
  const { rows: still } = await tx.query<{ id: string; tag: string }>(sql`
    SELECT s.id, g.tag_prefix || s.tag_name AS tag
      FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id
     WHERE s.shop_id = ${shopId} AND s.status IN ('paused', 'failing')
    UNION
    SELECT s.id, f.tag FROM segment s
      JOIN tag_former f ON f.shop_id = s.shop_id AND f.segment_id = s.id
      JOIN tag_rename r ON r.shop_id = f.shop_id AND r.id = f.rename_id AND r.state <> 'done'
     WHERE s.shop_id = ${shopId} AND s.status IN ('paused', 'failing')`);
  return sql`
    SELECT m.customer_id, m.segment_id, m.held_until FROM membership m
      JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id AND s.status = 'live'
     WHERE m.shop_id = ${shopId} AND m.customer_id = ANY(${[...ids]}::bigint[])
       AND NOT EXISTS (SELECT FROM tag_held_out h WHERE h.shop_id = m.shop_id AND h.segment_id = m.segment_id
                          AND h.customer_id = m.customer_id)
    UNION
    SELECT o.customer_id, t.segment_id, m.held_until FROM tag_owned o
      JOIN unnest(${still.map(({ id }) => id)}::bigint[], ${still.map(({ tag }) => tagKey(tag))}::text[])
           AS t (segment_id, tag_key) ON t.tag_key = o.tag_key
      LEFT JOIN membership m ON m.shop_id = o.shop_id AND m.segment_id = t.segment_id AND m.customer_id = o.customer_id
     WHERE o.shop_id = ${shopId} AND o.customer_id = ANY(${[...ids]}::bigint[])`;
}
