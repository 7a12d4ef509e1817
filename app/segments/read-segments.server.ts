/**
 * All segments as the pages list them. Live, paused and failing ones are counted by their stored members;
 * drafts have none: they are counted by the same predicates that turning them on will use (draft-sizes.server.ts).
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readDraftSizes, type DraftSize } from './draft-sizes.server.ts';
import { loadSegments } from './load-segments.server.ts';
import { FAMILY_NAMES } from './presets.ts';
import { printRule } from './print-rule.ts';
import { namesOf, readRuleNames } from './read-rule-names.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import type { SegmentStatus } from './segment.ts';

export interface SegmentRow {
  id: string;
  key: string;
  name: string;
  /** The family in words. */
  family: string;
  /** The rule in one sentence, with the store's numbers. */
  sentence: string;
  /** The whole tag, prefix included. */
  tag: string;
  status: SegmentStatus;
  /** Customers in it, or who would be in it; null when its rule cannot be read, or nobody has counted yet. */
  size: number | null;
  /** Of a draft in a large store: when it was counted; null: as it is now. */
  countedAt: Date | null;
  liveSince: Date | null;
  /** Why it was set aside, for failing ones. */
  failure: string | null;
}

/** @param keys only these; all when absent */
export async function readSegments(tx: ShopTx, now: Date, keys?: readonly string[]): Promise<SegmentRow[]> {
  const ruleDay = await readRuleDay(tx, now);
  const segments = await loadSegments(tx, { keys });
  const drafts = segments.some(({ status }) => status === 'draft')
    ? await readDraftSizes(tx, now, keys)
    : new Map<string, DraftSize>();
  const stored = segments.filter(({ status }) => status !== 'draft').map(({ id }) => id);
  const members = await countMembers(tx, stored);
  const rules = segments.flatMap(({ rule }) => (rule ? [rule] : []));
  const print = { ...ruleDay.print, names: namesOf(await readRuleNames(tx, rules)) };
  return segments.map((segment) => ({
    id: segment.id,
    key: segment.key,
    name: segment.name,
    family: familyName(segment.family),
    tag: `${ruleDay.day.tagPrefix}${segment.tagName}`,
    sentence: segment.rule ? printRule(segment.rule, print) : 'Its rule cannot be read.',
    status: segment.status,
    size: (segment.status === 'draft' ? drafts.get(segment.key)?.size : members.get(segment.id)) ?? null,
    countedAt: drafts.get(segment.key)?.countedAt ?? null,
    liveSince: segment.liveSince,
    failure: segment.failure,
  }));
}

/** The merchant's words for a family; families of their own are already words. */
export function familyName(family: string): string {
  return family in FAMILY_NAMES ? FAMILY_NAMES[family as keyof typeof FAMILY_NAMES] : family;
}

async function countMembers(tx: ShopTx, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; size: number }>(sql`
    SELECT segment_id AS id, count(*)::int AS size FROM membership
     WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${ids}::bigint[]) GROUP BY segment_id`);
  const sizes = new Map(rows.map(({ id, size }) => [id, size]));
  return new Map(ids.map((id) => [id, sizes.get(id) ?? 0]));
}
