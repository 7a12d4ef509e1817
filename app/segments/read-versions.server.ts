import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { diffWords } from './diff-words.ts';
import type { PrintOptions } from './print-rule.ts';
import { printRule } from './print-rule.ts';
import { parseRule } from './rule.ts';
import { parseSettings } from './segment-settings.ts';

export interface SegmentVersion {
  version: number;
  at: Date;
  /** '' for what was there before versions were kept, and for presets. */
  actor: string;
  note: string;
  /** The rule in one sentence; null when this version of the app cannot read it. */
  sentence: string | null;
  /** What it changed, in words, against the version before. */
  changes: string[];
  /** The one in force. */
  current: boolean;
}

/** All versions of a segment, newest first. */
export async function readVersions(tx: ShopTx, key: string, print: PrintOptions): Promise<SegmentVersion[]> {
  const { rows } = await tx.query<{
    version: number;
    at: Date;
    actor: string;
    note: string;
    rule: unknown;
    settings: unknown;
    current: boolean;
  }>(sql`
    SELECT v.version, v.at, v.actor, v.note, v.rule, v.settings, v.version = s.rule_version AS current
      FROM segment_version v JOIN segment s ON s.shop_id = v.shop_id AND s.id = v.segment_id
     WHERE v.shop_id = ${tx.shopId} AND s.key = ${key} ORDER BY v.version`);
  const said = rows.map((row) => {
    const rule = parseRule(row.rule);
    const settings = parseSettings(row.settings);
    return rule.ok && settings.ok ? { rule: rule.rule, settings: settings.settings } : null;
  });
  return rows
    .map(({ version, at, actor, note, current }, i): SegmentVersion => {
      const [now, before] = [said[i] ?? null, said[i - 1] ?? null];
      return {
        version,
        at,
        actor,
        note,
        current,
        sentence: now && printRule(now.rule, print),
        changes: now && before ? diffWords(before, now, print) : [],
      };
    })
    .reverse();
}
