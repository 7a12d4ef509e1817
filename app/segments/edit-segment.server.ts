/**
 * Another rule or other settings. A draft has them at once, as a new version. A segment that is on keeps what it says
 * until the change is approved (the act "change"): until then it waits, and can be looked at with live data. Whether it
 * is on is asked with the shop's lock held, so that none that is turned on meanwhile gets a rule nobody has reviewed.
 */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { under } from './create-segment.server.ts';
import { loadReadableSegments, loadSegment } from './load-segments.server.ts';
import { referenceFaults } from './references.ts';
import { parseRule, type RuleFault } from './rule.ts';
import { canonical } from './segment-change.ts';
import { parseSettings } from './segment-settings.ts';
import { keepVersion } from './write-states.server.ts';

export interface SegmentEdit {
  key: string;
  rule: unknown;
  /** Those in force when absent. */
  settings?: unknown;
  actor: string;
  now: Date;
  note?: string;
}

export type EditedSegment =
  /** A draft: it says so from now on. */
  | { outcome: 'done' }
  /** It is on: the change waits for its review. */
  | { outcome: 'waiting' }
  /** It says so already; a change that waited is gone. */
  | { outcome: 'unchanged' }
  | { outcome: 'invalid'; faults: RuleFault[] }
  | { outcome: 'unknown' };

export async function editSegment(tx: ShopTx, edit: SegmentEdit): Promise<EditedSegment> {
  await waitForShop(tx, tx.shopId);
  const segment = await loadSegment(tx, edit.key);
  if (!segment) return { outcome: 'unknown' };
  const rule = parseRule(edit.rule);
  const settings = parseSettings(edit.settings ?? segment.settings);
  if (!rule.ok || !settings.ok) {
    const faults = [
      ...under('rule', rule.ok ? [] : rule.faults),
      ...under('settings', settings.ok ? [] : settings.faults),
    ];
    return { outcome: 'invalid', faults };
  }
  const circle = referenceFaults(
    { key: edit.key, rule: rule.rule, settings: settings.settings },
    await loadReadableSegments(tx),
  );
  if (circle.length > 0) return { outcome: 'invalid', faults: circle };
  const said = { rule: rule.rule, settings: settings.settings };
  if (canonical(said) === canonical({ rule: segment.rule, settings: segment.settings })) {
    await discardDraft(tx, edit.key);
    return { outcome: 'unchanged' };
  }
  await keepVersion(tx, segment.id);
  const { rowCount: written } = await tx.query(sql`
    UPDATE segment SET rule = ${JSON.stringify(said.rule)}::jsonb, settings = ${JSON.stringify(said.settings)}::jsonb,
           rule_version = rule_version + 1
     WHERE shop_id = ${tx.shopId} AND key = ${edit.key} AND status = 'draft'`);
  if (written === 1) {
    await keepVersion(tx, segment.id, { at: edit.now, actor: edit.actor, note: edit.note ?? '' });
    return { outcome: 'done' };
  }
  const draft = { ...said, actor: edit.actor, at: edit.now, note: edit.note ?? '' };
  const { rowCount: waits } = await tx.query(sql`
    UPDATE segment SET draft = ${JSON.stringify(draft)}::jsonb
     WHERE shop_id = ${tx.shopId} AND key = ${edit.key} AND status <> 'draft'`);
  return waits === 1 ? { outcome: 'waiting' } : { outcome: 'unknown' };
}

/** The change that waits is given up. @returns false when none waited */
export async function discardDraft(tx: ShopTx, key: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    UPDATE segment SET draft = NULL WHERE shop_id = ${tx.shopId} AND key = ${key} AND draft IS NOT NULL`);
  return rowCount === 1;
}

export interface WaitingDraft {
  rule: unknown;
  settings: unknown;
  actor: string;
  at: string;
  note: string;
}

/** What a segment that is on is to be changed to; null when nothing waits. */
export async function readDraft(tx: ShopTx, key: string): Promise<WaitingDraft | null> {
  const { rows } = await tx.query<{ draft: WaitingDraft | null }>(sql`
    SELECT draft FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}`);
  return rows[0]?.draft ?? null;
}
