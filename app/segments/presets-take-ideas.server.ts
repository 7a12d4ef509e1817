/** Ideas become segments: as drafts, which write nothing to the store until somebody turns them on. */
import type { ShopTx } from '../db/tenancy.server.ts';
import { CLASSIC_RFM_SET } from './classic-rfm.ts';
import { createSegment } from './create-segment.server.ts';
import { putIntoSet } from './presets-set.server.ts';
import { readShopFacts, readStoreIdeas } from './presets-read-ideas.server.ts';
import { FAMILY_NAMES, WIN_BACK_SET, type Preset } from './presets.ts';
import { shopFaults } from './available-fields.ts';
import { readRuleDay } from './read-rule-day.server.ts';

export interface TakenIdea {
  key: string;
  outcome: 'made' | 'there' | 'missing' | 'unknown';
  /** Why it could not be made. */
  why?: string;
}

/** @param keys of ideas; all of a set come together: its segments exclude each other */
export async function takeIdeas(
  tx: ShopTx,
  { keys, actor, now }: { keys: readonly string[]; actor: string; now: Date },
): Promise<TakenIdea[]> {
  const ruleDay = await readRuleDay(tx, now);
  const ideas = new Map((await readStoreIdeas(tx, ruleDay)).map((idea) => [idea.key, idea]));
  const facts = await readShopFacts(tx, ruleDay);
  const sets = [WIN_BACK_SET, CLASSIC_RFM_SET].filter((set) => set.keys.some((key) => keys.includes(key)));
  const wanted = [...new Set([...keys, ...sets.flatMap((set) => set.keys)])];
  const taken: TakenIdea[] = [];
  for (const key of wanted) {
    const idea = ideas.get(key);
    if (!idea) {
      taken.push({ key, outcome: 'unknown' });
      continue;
    }
    const why = idea.missing ?? (idea.rule ? shopFaults(idea.rule, facts)[0]?.message : undefined);
    if (why !== undefined) {
      taken.push({ key, outcome: 'missing', why });
      continue;
    }
    const { name, family, rule } = idea;
    const made = await createSegment(tx, { key, name, family, rule, actor, now, note: noteOf(family) });
    if (made.outcome === 'done') taken.push({ key, outcome: 'made' });
    else if (made.faults.some(({ path }) => path === 'key')) taken.push({ key, outcome: 'there' });
    else taken.push({ key, outcome: 'missing', why: made.faults[0]?.message ?? '' });
  }
  const made = taken.flatMap(({ key, outcome }) => (outcome === 'made' ? [key] : []));
  for (const set of sets) await putIntoSet(tx, set, made, now);
  return taken;
}

const noteOf = (family: Preset['family']) => `From the ideas: ${FAMILY_NAMES[family]}.`;
