/** What the editor saves: name, tag and rule together, or nothing of it with every fault at its place. */
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { shopFaults } from './available-fields.ts';
import { createSegment, under } from './create-segment.server.ts';
import { editSegment } from './edit-segment.server.ts';
import { fromPortable } from './portable-rule.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { readShopFacts } from './presets-read-ideas.server.ts';
import { renameSegment } from './rename-segment.server.ts';
import type { RuleFault } from './rule.ts';

export interface SegmentForm {
  name: string;
  /** Without the prefix. */
  tag: string;
  /** Portable: money in major units. */
  rule: unknown;
  note: string;
}

export type SavedSegment =
  | { outcome: 'created'; key: string }
  /** A draft, or only name and tag are others. */
  | { outcome: 'done'; key: string }
  /** It is on: the rule waits for its review. */
  | { outcome: 'waiting'; key: string }
  | { outcome: 'invalid'; faults: RuleFault[] }
  | { outcome: 'unknown' };

/** @param key of the segment; null: a new one */
export async function saveSegment(
  db: Db,
  shopId: ShopId,
  { key, form, actor, now }: { key: string | null; form: SegmentForm; actor: string; now: Date },
): Promise<SavedSegment> {
  try {
    return await db.inShop(shopId, (tx) => save(tx, { key, form, actor, now }));
  } catch (error) {
    if (error instanceof Refused) return { outcome: 'invalid', faults: error.faults };
    throw error;
  }
}

/** Thrown, so that what was written before it is taken back. */
class Refused extends Error {
  readonly faults: RuleFault[];
  constructor(faults: RuleFault[]) {
    super('the form was refused');
    this.faults = faults;
  }
}

async function save(
  tx: ShopTx,
  { key, form, actor, now }: { key: string | null; form: SegmentForm; actor: string; now: Date },
): Promise<SavedSegment> {
  await waitForShop(tx, tx.shopId);
  const ruleDay = await readRuleDay(tx, now);
  const parsed = fromPortable(form.rule, ruleDay.day.currency);
  const ruleFaults = parsed.ok ? shopFaults(parsed.rule, await readShopFacts(tx, ruleDay)) : parsed.faults;
  const faults = under('rule', ruleFaults);
  const { name, tag, note } = form;
  if (key === null) {
    const made = await createSegment(tx, {
      name,
      // Without a tag, it is made from the name.
      ...(tag === '' ? {} : { tag }),
      rule: parsed.ok ? parsed.rule : SOUND,
      actor,
      now,
      note,
    });
    const all = [...(made.outcome === 'invalid' ? made.faults : []), ...faults];
    if (made.outcome === 'invalid' || all.length > 0) throw new Refused(all);
    return { outcome: 'created', key: made.key };
  }
  const renamed = await renameSegment(tx, { key, name, ...(tag === '' ? {} : { tag }) });
  switch (renamed.outcome) {
    case 'unknown':
      return { outcome: 'unknown' };
    case 'invalid':
      throw new Refused([...renamed.faults, ...faults]);
    case 'tag_in_use':
      throw new Refused([
        { path: 'tag', message: 'is in your store: turn the segment off before its tag is changed' },
        ...faults,
      ]);
    case 'done':
  }
  if (!parsed.ok || faults.length > 0) throw new Refused(faults);
  const edited = await editSegment(tx, { key, rule: parsed.rule, actor, now, note });
  switch (edited.outcome) {
    case 'invalid':
      throw new Refused(edited.faults);
    case 'unknown':
      return { outcome: 'unknown' };
    case 'waiting':
      return { outcome: 'waiting', key };
    case 'done':
    case 'unchanged':
      return { outcome: 'done', key };
  }
}

/** Stands in for a rule that cannot be read, so that name and tag are checked in the same breath. */
const SOUND = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };
