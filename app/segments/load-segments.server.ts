import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { parseRule, type RuleFault } from './rule.ts';
import { parseSettings } from './segment-settings.ts';
import type { Segment, SegmentStatus, UnreadableSegment } from './segment.ts';

/**
 * The shop's segments in the order in which they are shown; `statuses` and `keys` narrow them. One whose stored
 * rule or settings cannot be read comes with `rule: null` and the fault, so that it cannot stop the others.
 */
export async function loadSegments(
  tx: ShopTx,
  only: { statuses?: readonly SegmentStatus[]; keys?: readonly string[] } = {},
): Promise<(Segment | UnreadableSegment)[]> {
  const { rows } = await tx.query<Omit<Segment, 'rule' | 'settings'> & { rule: unknown; settings: unknown }>(
    sql`
    SELECT s.id, s.key, s.name, s.family, s.tag_name AS "tagName", s.status, s.kind, s.rule,
           s.rule_version AS "ruleVersion", s.settings, s.set_id AS "setId", g.kind AS "setKind",
           s.set_rank AS "setRank", s.trial, s.draft IS NOT NULL AS "hasDraft",
           EXISTS (SELECT FROM segment_person p WHERE p.shop_id = s.shop_id AND p.segment_id = s.id) AS "hasPeople",
           s.live_since AS "liveSince", s.failure
      FROM segment s LEFT JOIN segment_set g ON g.shop_id = s.shop_id AND g.id = s.set_id
     WHERE s.shop_id = ${tx.shopId}
       AND (${only.statuses ?? null}::text[] IS NULL OR s.status = ANY(${only.statuses ?? null}::text[]))
       AND (${only.keys ?? null}::text[] IS NULL OR s.key = ANY(${only.keys ?? null}::text[]))
     ORDER BY s.position, s.id`,
  );
  return rows.map((row) => {
    const parsed = parseRule(row.rule);
    const settings = parseSettings(row.settings);
    if (parsed.ok && settings.ok) return { ...row, rule: parsed.rule, settings: settings.settings };
    const faults: RuleFault[] = [
      ...(parsed.ok ? [] : parsed.faults),
      ...(settings.ok ? [] : settings.faults),
    ];
    return {
      ...row,
      rule: null,
      settings: settings.ok ? settings.settings : {},
      fault: faults.map(({ path, message }) => `${path} ${message}`).join('; '),
    };
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
