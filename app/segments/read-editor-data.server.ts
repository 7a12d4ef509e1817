/** What the rule editor knows of the shop: fields that cannot be asked for and why, segments, metafields, numbers. */
import type { ShopTx } from '../db/tenancy.server.ts';
import { availableFields } from './available-fields.ts';
import type { FieldKey } from './fields.ts';
import { loadSegments } from './load-segments.server.ts';
import type { PrintOptions } from './print-rule.ts';
import type { RuleDay } from './read-rule-day.server.ts';
import { readRuleNames, type RuleNames } from './read-rule-names.server.ts';
import { readSets } from './read-sets.server.ts';
import { readShopFacts } from './presets-read-ideas.server.ts';
import { readTakenNames } from './read-taken-names.server.ts';
import type { Rule } from './rule.ts';
import type { TakenNames } from './segment-names.ts';

export interface EditorData {
  print: Omit<PrintOptions, 'names'>;
  /** Why a field is not available; fields that are available are absent. */
  missing: Partial<Record<FieldKey, string>>;
  /** Whose members can be asked for. */
  segments: { key: string; name: string }[];
  /** Tiers that can be asked for, by the key of their highest step; `steps`: by any of them. */
  tiers: { key: string; name: string; steps: string[] }[];
  metafields: { key: string; type: string }[];
  names: RuleNames;
  tagPrefix: string;
  taken: TakenNames;
}

/** @param of the segment that is edited; a new one without */
export async function readEditorData(
  tx: ShopTx,
  ruleDay: RuleDay,
  of: { key?: string; rules: readonly Rule[] },
): Promise<EditorData> {
  const facts = await readShopFacts(tx, ruleDay);
  const { prefix, taken } = await readTakenNames(tx, of.key);
  const missing: EditorData['missing'] = {};
  for (const [key, availability] of availableFields(facts)) {
    if (!availability.available) missing[key] = availability.why;
  }
  const segments = (await loadSegments(tx)).filter(({ key }) => key !== of.key);
  const segmentNames = Object.fromEntries(segments.map(({ key, name }) => [`segment ${key}`, name]));
  const tiers = (await readSets(tx))
    .filter(({ kind, segments: steps }) => kind === 'tiers' && !steps.some(({ key }) => key === of.key))
    .map(({ name, segments: steps }) => ({ name, steps: steps.map(({ key }) => key) }));
  const tierNames = Object.fromEntries(
    tiers.flatMap(({ name, steps }) => steps.map((key) => [`tiers ${key}`, name])),
  );
  return {
    print: ruleDay.print,
    missing,
    segments: segments.map(({ key, name }) => ({ key, name })),
    tiers: tiers.flatMap(({ name, steps }) =>
      steps[0] === undefined ? [] : [{ key: steps[0], name, steps }],
    ),
    metafields: [...facts.metafields],
    names: { ...(await readRuleNames(tx, of.rules)), ...segmentNames, ...tierNames },
    tagPrefix: prefix,
    taken,
  };
}
