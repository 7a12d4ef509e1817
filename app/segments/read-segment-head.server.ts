/** What stands at the top of every page of one segment. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { settingsWords } from './diff-words.ts';
import { loadSegments } from './load-segments.server.ts';
import { printRule } from './print-rule.ts';
import { namesOf, readRuleNames } from './read-rule-names.server.ts';
import type { RuleDay } from './read-rule-day.server.ts';
import type { SegmentSettings } from './segment-settings.ts';
import type { SegmentKind, SegmentStatus, SetKind } from './segment.ts';
import { usedByRules } from './used-by-rules.server.ts';

export interface SegmentHead {
  id: string;
  key: string;
  name: string;
  status: SegmentStatus;
  kind: SegmentKind;
  trial: boolean;
  hasDraft: boolean;
  tag: string;
  tagName: string;
  /** The rule in one sentence; null when it cannot be read. */
  sentence: string | null;
  settings: SegmentSettings;
  /** One sentence a setting. */
  settingsWords: string[];
  /** The set it is in, with its segments by rank. */
  set: { id: string; name: string; kind: SetKind; segments: { key: string; name: string }[] } | null;
  /** Segments whose rules ask for its members. */
  usedBy: { key: string; name: string }[];
  /** Why it is failing. */
  failure: string | null;
  /** Why it is kept as it is, though it is on. */
  unavailable: string | null;
}

/** @returns undefined when there is no such segment */
export async function readSegmentHead(
  tx: ShopTx,
  ruleDay: RuleDay,
  key: string,
): Promise<SegmentHead | undefined> {
  const all = await loadSegments(tx);
  const segment = all.find((one) => one.key === key);
  if (!segment) return undefined;
  const { id, name, status, kind, trial, hasDraft, tagName, settings, setId, setKind, rule, failure } =
    segment;
  const rules = [...(rule ? [rule] : []), ...(settings.keep ? [settings.keep] : [])];
  const print = { ...ruleDay.print, names: namesOf(await readRuleNames(tx, rules)) };
  return {
    id,
    key,
    name,
    status,
    kind,
    trial,
    hasDraft,
    tagName,
    tag: ruleDay.day.tagPrefix + tagName,
    sentence: rule ? printRule(rule, print) : null,
    settings,
    settingsWords: settingsWords(settings, print),
    set:
      setId === null || setKind === null
        ? null
        : {
            id: setId,
            kind: setKind,
            name: await setName(tx, setId),
            segments: all
              .filter((one) => one.setId === setId)
              .sort((a, b) => (a.setRank ?? 0) - (b.setRank ?? 0))
              .map((one) => ({ key: one.key, name: one.name })),
          },
    usedBy: await usedByRules(tx, key),
    failure: rule === null && 'fault' in segment ? segment.fault : failure,
    unavailable: segment.unavailable,
  };
}

async function setName(tx: ShopTx, id: string): Promise<string> {
  const { rows } = await tx.query<{ name: string }>(
    sql`SELECT name FROM segment_set WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`,
  );
  return rows[0]?.name ?? '';
}
