/**
 * What to write for one customer: desired against actual tags, by what is ours.
 *
 * Invariants (property tests hold them):
 * - only tags of ours (`owned`) are ever removed; a tag that somebody else put there stays;
 * - carrying out a plan leaves nothing to plan;
 * - a tag of ours that somebody else removed is suppressed and not added again until they put it back or the
 *   customer leaves the segment. A read only proves that when it is younger than our own confirmed write;
 * - a tag that was lost with many others at once is neither added nor given up until a person decides;
 * - a tag that somebody removed and put back is ours again. Where its segment is on, whoever is no member (any more) and
 *   has it by hand is left with it, and becomes "always in" with the next message; where nothing of ours uses the tag
 *   any more (turned off, ended, leaving) it goes like all others.
 *
 * `uncertain`: a write of ours may have succeeded without our knowing (a crash, a lost answer). Then what is wanted
 * now is written whatever is seen, because a repeated add or remove changes nothing: a tag that is seen may be one that
 * the lost write removed, and one that is not seen one that it added.
 */
import { tagKey } from '../../intake/tag-key.ts';
import { impossibleTag, MAX_TAGS } from './impossible-tag.ts';

export interface OwnedTag {
  key: string;
  tag: string;
  /** Shopify's time of the confirmed write; null: intended, not confirmed. */
  addedAt: Date | null;
  suppressed: boolean;
  /** Removed at once with many others: a person decides. */
  lost: boolean;
}

export interface TagComparison {
  /** Tags of the live segments that the customer is in. */
  desired: readonly string[];
  /** Tags of paused and failing segments: left as they are. */
  frozen: readonly string[];
  /** Tags of all live segments, whoever is in them. */
  live: readonly string[];
  /** Those of them that the customer is a member of: a removal by hand is noticed there too. */
  standing: readonly string[];
  /** What Shopify last said, and when (Shopify's time); null: never read. */
  actual: readonly string[];
  actualReadAt: Date | null;
  owned: readonly OwnedTag[];
  uncertain: boolean;
}

export interface TagPlan {
  add: string[];
  remove: string[];
  /** Keys of ours that somebody removed: from now on suppressed. */
  suppress: string[];
  /** Keys that were suppressed or lost and have been put back. */
  restore: string[];
  /** Keys that are not ours any more. */
  forget: string[];
  /** Keys that we wrote and that were not there in a read that proves nothing: a younger one decides. */
  unclear: string[];
  impossible: { tag: string; reason: 'comma' | 'too_long' | 'blank' }[];
  /** There is no room for the adds until the removes are done (250 tags a customer). */
  removeFirst: boolean;
}

/** A read that began before our write may be answered after it: only a read this much younger is proof. */
export const READ_MARGIN_MS = 2_000;

export function planTagChanges(customer: TagComparison): TagPlan {
  const plan = nothing();
  const actual = byKey(customer.actual);
  const desired = byKey(customer.desired);
  const frozen = byKey(customer.frozen);
  const live = byKey(customer.live);
  const owned = new Map(customer.owned.map((tag) => [tag.key, tag]));

  for (const [key, tag] of desired) {
    const own = owned.get(key);
    const present = actual.has(key);
    if (own?.suppressed || own?.lost) {
      if (present) plan.restore.push(key);
    } else if (own && own.addedAt !== null && !present && !customer.uncertain) {
      plan[isProof(customer, own.addedAt) ? 'suppress' : 'unclear'].push(key);
    } else if (own ? !present || own.addedAt === null || customer.uncertain : !present) {
      const reason = impossibleTag(tag);
      if (reason) plan.impossible.push({ tag, reason });
      else plan.add.push(tag);
    }
  }
  for (const key of byKey(customer.standing).keys()) {
    const own = owned.get(key);
    if (!own || desired.has(key)) continue;
    const present = actual.has(key);
    if (own.suppressed || own.lost) {
      if (present) plan.restore.push(key);
    } else if (own.addedAt !== null && !present && isProof(customer, own.addedAt)) plan.suppress.push(key);
  }
  for (const [key, own] of owned) {
    if (desired.has(key) || frozen.has(key)) continue;
    const present = actual.get(key);
    if (own.suppressed && (present === undefined || live.has(key))) plan.forget.push(key);
    else if (own.lost && present === undefined) plan.forget.push(key);
    else if (present !== undefined) plan.remove.push(present);
    else if (own.addedAt === null || !isProof(customer, own.addedAt)) plan.remove.push(own.tag);
    else plan.forget.push(key);
  }
  const after = new Set([...actual.keys(), ...plan.add.map(tagKey)]).size;
  plan.removeFirst = plan.add.length > 0 && plan.remove.length > 0 && after > MAX_TAGS;
  return plan;
}

/** Of a plan what may be done while the rest waits, for a person or for another day: these tags go. */
export function onlyRemovalsOf({ remove }: TagPlan, keys: ReadonlySet<string>): TagPlan {
  return { ...nothing(), remove: remove.filter((tag) => keys.has(tagKey(tag))) };
}

/** Tags that it writes. */
export function sizeOf({ add, remove }: TagPlan): number {
  return add.length + remove.length;
}

export function isEmptyPlan(plan: TagPlan): boolean {
  return sizeOf(plan) === 0;
}

function nothing(): TagPlan {
  return {
    add: [],
    remove: [],
    suppress: [],
    restore: [],
    forget: [],
    unclear: [],
    impossible: [],
    removeFirst: false,
  };
}

/** Whether what was read says something about a write of ours that Shopify confirmed at `addedAt`. */
function isProof(customer: TagComparison, addedAt: Date): boolean {
  return (
    !customer.uncertain &&
    customer.actualReadAt !== null &&
    customer.actualReadAt.getTime() > addedAt.getTime() + READ_MARGIN_MS
  );
}

function byKey(tags: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const tag of tags) if (!map.has(tagKey(tag))) map.set(tagKey(tag), tag);
  return map;
}
