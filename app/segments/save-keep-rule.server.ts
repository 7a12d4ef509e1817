/** The softer rule of those who are in already, as its editor sends it: a new version, or a change that waits for its review. */
import { waitForShop } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { shopFaults } from './available-fields.ts';
import { under } from './create-segment.server.ts';
import { editSegment, type EditedSegment } from './edit-segment.server.ts';
import { fromPortable } from './portable-rule.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { readSaid } from './read-said.server.ts';
import { readShopFacts } from './presets-read-ideas.server.ts';

/** @param keep portable: money in major units; null: to stay takes the same as to get in */
export async function saveKeepRule(
  tx: ShopTx,
  { key, keep, actor, now }: { key: string; keep: unknown; actor: string; now: Date },
): Promise<EditedSegment> {
  await waitForShop(tx, tx.shopId);
  const said = await readSaid(tx, key);
  if (said === undefined) return { outcome: 'unknown' };
  const { keep: _before, ...settings } = said.settings;
  const edit = (given: object) => editSegment(tx, { key, rule: said.rule, settings: given, actor, now });
  if (keep === null) return edit(settings);
  const ruleDay = await readRuleDay(tx, now);
  const parsed = fromPortable(keep, ruleDay.day.currency);
  const faults = parsed.ok ? shopFaults(parsed.rule, await readShopFacts(tx, ruleDay)) : parsed.faults;
  if (!parsed.ok || faults.length > 0) return { outcome: 'invalid', faults: under('settings.keep', faults) };
  return edit({ ...settings, keep: parsed.rule });
}
