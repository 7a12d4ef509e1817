import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { parseRule } from './rule.ts';
import type { Segment, SegmentStatus, UnreadableSegment } from './segment.ts';

/**
 * The shop's segments in the order in which they are shown; `statuses` and `keys` narrow them. One whose stored
 * rule cannot be read comes with `rule: null` and the fault, so that it cannot stop the others.
 */
export async function loadSegments(
  tx: ShopTx,
  only: { statuses?: readonly SegmentStatus[]; keys?: readonly string[] } = {},
): Promise<(Segment | UnreadableSegment)[]> {
  const { rows } = await tx.query<Omit<Segment, 'rule'> & { rule: unknown }>(sql`
    SELECT id, key, name, family, tag_name AS "tagName", status, rule, rule_version AS "ruleVersion",
           live_since AS "liveSince", failure
      FROM segment
     WHERE shop_id = ${tx.shopId}
       AND (${only.statuses ?? null}::text[] IS NULL OR status = ANY(${only.statuses ?? null}::text[]))
       AND (${only.keys ?? null}::text[] IS NULL OR key = ANY(${only.keys ?? null}::text[]))
     ORDER BY position, id`);
  return rows.map((row) => {
    const parsed = parseRule(row.rule);
    if (parsed.ok) return { ...row, rule: parsed.rule };
    const fault = parsed.faults.map(({ path, message }) => `${path} ${message}`).join('; ');
    return { ...row, rule: null, fault };
  });
}

/** Those whose rule can be read. */
export async function loadReadableSegments(
  tx: ShopTx,
  only: { statuses?: readonly SegmentStatus[]; keys?: readonly string[] } = {},
): Promise<Segment[]> {
  return (await loadSegments(tx, only)).filter((segment) => segment.rule !== null);
}

/** @returns undefined when there is no segment with this key */
export async function loadSegment(tx: ShopTx, key: string): Promise<Segment | UnreadableSegment | undefined> {
  return (await loadSegments(tx, { keys: [key] }))[0];
}
