import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { referenceFaults } from './references.ts';
import { parseRule, type RuleFault } from './rule.ts';
import { checkNames, keyFromName } from './segment-names.ts';
import { parseSettings } from './segment-settings.ts';
import type { SegmentKind } from './segment.ts';
import { readTakenNames } from './read-taken-names.server.ts';
import { keepVersion } from './write-states.server.ts';

export interface NewSegment {
  name: string;
  /** Made from the name when absent. */
  key?: string;
  /** Without the prefix; the key when absent. */
  tag?: string;
  /** The merchant's own word; "own" when absent. */
  family?: string;
  kind?: SegmentKind;
  rule: unknown;
  settings?: unknown;
  actor: string;
  now: Date;
  note?: string;
}

export type CreatedSegment =
  | { outcome: 'done'; id: string; key: string }
  /** Every fault with its path: "key", "tag", "rule.where.all.1.value", "settings.hold". */
  | { outcome: 'invalid'; faults: RuleFault[] };

/** A new segment, as a draft. */
export async function createSegment(tx: ShopTx, given: NewSegment): Promise<CreatedSegment> {
  const key = given.key ?? keyFromName(given.name);
  const tag = given.tag ?? key;
  // An offer that is made meanwhile has its tag first.
  await waitForShop(tx, tx.shopId);
  const names = await readTakenNames(tx);
  const rule = parseRule(given.rule);
  const settings = parseSettings(given.settings);
  const faults: RuleFault[] = [
    ...checkNames({ key, name: given.name, tag }, names),
    ...under('rule', rule.ok ? [] : rule.faults),
    ...under('settings', settings.ok ? [] : settings.faults),
    ...(rule.ok && settings.ok && given.kind !== 'list'
      ? referenceFaults({ key, rule: rule.rule, settings: settings.settings }, await loadReadableSegments(tx))
      : []),
  ];
  if (!rule.ok || !settings.ok || faults.length > 0) return { outcome: 'invalid', faults };
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO segment (shop_id, key, name, family, tag_name, kind, rule, settings, position, created_at)
    SELECT ${tx.shopId}::bigint, ${key}, ${given.name.trim()}, ${given.family ?? 'own'}, ${tag}, ${given.kind ?? 'rule'},
           ${JSON.stringify(rule.rule)}::jsonb, ${JSON.stringify(settings.settings)}::jsonb,
           coalesce(max(position) + 1, 0), ${given.now}::timestamptz
      FROM segment WHERE shop_id = ${tx.shopId}
    RETURNING id`);
  const id = rows[0]?.id ?? '';
  await keepVersion(tx, id, { at: given.now, actor: given.actor, note: given.note ?? '' });
  return { outcome: 'done', id, key };
}

export function under(path: string, faults: readonly RuleFault[]): RuleFault[] {
  return faults.map((fault) => ({ ...fault, path: fault.path === '' ? path : `${path}.${fault.path}` }));
}
