import type { ShopTx } from '../db/tenancy.server.ts';
import { readDraft } from './edit-segment.server.ts';
import { loadSegment } from './load-segments.server.ts';
import { parseRule, type Rule } from './rule.ts';
import { parseSettings, type SegmentSettings } from './segment-settings.ts';
import type { Segment, UnreadableSegment } from './segment.ts';

/**
 * What a segment says, as whoever goes on with it sees it: of one that is on the change that waits for approval.
 * @returns undefined when there is no such segment, or its rule cannot be read
 */
export async function readSaid(
  tx: ShopTx,
  key: string,
): Promise<
  | { segment: Segment | UnreadableSegment; rule: Rule; settings: SegmentSettings; waiting: boolean }
  | undefined
> {
  const segment = await loadSegment(tx, key);
  if (!segment) return undefined;
  const draft = await readDraft(tx, key);
  const rule = parseRule(draft?.rule ?? segment.rule);
  const settings = parseSettings(draft?.settings ?? segment.settings);
  if (!rule.ok) return undefined;
  return {
    segment,
    rule: rule.rule,
    settings: settings.ok ? settings.settings : segment.settings,
    waiting: draft !== null,
  };
}
