import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { parseRule, type RuleFault } from './rule.ts';
import { parseSettings } from './segment-settings.ts';
import { resolveReferences } from './references.ts';
import type { Segment, SegmentStatus, UnreadableSegment } from './segment.ts';

type StoredRow = Omit<Segment, 'rule' | 'settings' | 'refersTo'> & { rule: unknown; settings: unknown };

/**
 * The shop's segments in the order in which they are shown; `statuses` and `keys` narrow them. One whose stored
 * rule or settings cannot be read, or which asks for members of segments in a circle, comes with `rule: null` and the
 * fault, so that it cannot stop the others.
 */
export async function loadSegments(
  tx: ShopTx,
  only: { statuses?: readonly SegmentStatus[]; keys?: readonly string[] } = {},
): Promise<(Segment | UnreadableSegment)[]> {
  const { rows } = await tx.query<StoredRow>(
    sql`
    SELECT s.id, s.key, s.name, s.family, s.tag_name AS "tagName", s.status, s.kind, s.rule,
           s.rule_version AS "ruleVersion", s.settings, s.set_id AS "setId", g.kind AS "setKind",
           s.set_rank AS "setRank", s.trial, s.draft IS NOT NULL AS "hasDraft",
           EXISTS (SELECT FROM segment_person p WHERE p.shop_id = s.shop_id AND p.segment_id = s.id) AS "hasPeople",
           s.live_since AS "liveSince", s.failure, s.unavailable
      FROM segment s LEFT JOIN segment_set g ON g.shop_id = s.shop_id AND g.id = s.set_id
     WHERE s.shop_id = ${tx.shopId}
     ORDER BY s.position, s.id`,
  );
  const parsed = rows.map(parseRow);
  const sound = new Map(
    parsed.flatMap((segment) => (segment.rule === null ? [] : [[segment.key, segment] as const])),
  );
  const resolved = parsed.map((segment): Segment | UnreadableSegment => {
    if (segment.rule === null) return segment;
    const { refersTo, fault } = { refersTo: [], fault: null, ...resolveReferences(segment, sound) };
    if (fault !== null) return { ...segment, rule: null, fault };
    // The same object, because others rest on it.
    segment.refersTo = refersTo;
    return segment;
  });
  return resolved.filter(
    ({ status, key }) => (only.statuses?.includes(status) ?? true) && (only.keys?.includes(key) ?? true),
  );
}

function parseRow(row: StoredRow): Segment | UnreadableSegment {
  const parsed = parseRule(row.rule);
  const settings = parseSettings(row.settings);
  if (parsed.ok && settings.ok) {
    return { ...row, rule: parsed.rule, settings: settings.settings, refersTo: [] };
  }
  const faults: RuleFault[] = [...(parsed.ok ? [] : parsed.faults), ...(settings.ok ? [] : settings.faults)];
  return {
    ...row,
    rule: null,
    settings: settings.ok ? settings.settings : {},
    fault: faults.map(({ path, message }) => `${path} ${message}`).join('; '),
    refersTo: [],
  };
}

/** Those whose rule can be read. */
export async function loadReadableSegments(
  tx: ShopTx,
  only: { statuses?: readonly SegmentStatus[]; keys?: readonly string[] } = {},
): Promise<Segment[]> {
  return (await loadSegments(tx, only)).filter((segment) => segment.rule !== null);
}

/** As `loadReadableSegments`, those that are evaluated: without those that are kept as they are. */
export async function loadEvaluatedSegments(
  tx: ShopTx,
  only: { statuses: readonly SegmentStatus[] },
): Promise<Segment[]> {
  return (await loadReadableSegments(tx, only)).filter(({ unavailable }) => unavailable === null);
}

/** @returns undefined when there is no segment with this key */
export async function loadSegment(tx: ShopTx, key: string): Promise<Segment | UnreadableSegment | undefined> {
  return (await loadSegments(tx, { keys: [key] }))[0];
}
