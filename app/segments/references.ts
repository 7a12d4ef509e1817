/** What segments rest on: those that their rules ask for, near and far, with the whole of the sets of those. */
import { circleThroughSets } from './circle-through-sets.ts';
import {
  referenceFaults as faultsOfRule,
  referencesOf as askedBy,
  type RuleBook,
} from './rule-references.ts';
import type { RuleFault } from './rule.ts';
import { ownRulesOf, type Segment } from './segment.ts';

type WithRules = Pick<Segment, 'kind' | 'rule' | 'settings'>;

/** Keys of the segments that its own rules ask for. */
export function referencesOf(segment: WithRules): string[] {
  return askedBy(ownRulesOf(segment));
}

export type ResolvedReferences = { ok: true; refersTo: Segment[] } | { ok: false; fault: string };

/** All segments that `segment` rests on; or why it cannot: unknown ones, circles, too deep, too much. */
export function resolveReferences(segment: Segment, byKey: ReadonlyMap<string, Segment>): ResolvedReferences {
  const all = [...byKey.values()];
  const [fault] = faultsOf(segment, all);
  if (fault !== undefined) return { ok: false, fault: `${fault.path} ${fault.message}` };
  const round = circleThroughSets(segment, byKey);
  if (round !== null) return { ok: false, fault: round };
  const found = new Map<string, Segment>();
  const visit = (one: Segment) => {
    for (const key of referencesOf(one)) {
      const asked = byKey.get(key);
      if (!asked) continue;
      const mates = asked.setId === null ? [] : all.filter(({ setId }) => setId === asked.setId);
      for (const next of [asked, ...mates]) {
        if (found.has(next.id) || next.id === segment.id) continue;
        found.set(next.id, next);
        visit(next);
      }
    }
  };
  visit(segment);
  return { ok: true, refersTo: [...found.values()] };
}

function faultsOf(segment: Segment, all: readonly Segment[]): RuleFault[] {
  const book: RuleBook = new Map(all.map((one) => [one.key, ownRulesOf(one)] as const));
  return ownRulesOf(segment).flatMap((rule) => faultsOfRule(segment.key, rule, book));
}

/** These and all that they rest on, each once. */
export function withReferences(segments: readonly Segment[]): Segment[] {
  const found = new Map(segments.map((segment) => [segment.id, segment]));
  for (const one of segments.flatMap(({ refersTo }) => refersTo)) {
    if (!found.has(one.id)) found.set(one.id, one);
  }
  return [...found.values()];
}

/** Those with one of `ids`, and those that rest on one of them. */
export function restingOn(all: readonly Segment[], ids: ReadonlySet<string>): Segment[] {
  return all.filter(({ id, refersTo }) => ids.has(id) || refersTo.some((one) => ids.has(one.id)));
}

/**
 * What would be wrong with a segment of this key that says so: references that are missing, too deep or in a circle, its
 * own, through its set, and those of segments that ask for it. Paths begin with "rule" or "settings.keep".
 */
export function referenceFaults(
  said: Pick<Segment, 'key' | 'rule' | 'settings'>,
  stored: readonly Segment[],
): RuleFault[] {
  const book: RuleBook = new Map([
    ...stored.map((one) => [one.key, ownRulesOf(one)] as const),
    [said.key, ownRulesOf({ ...said, kind: 'rule' })] as const,
  ]);
  const under = (name: string, faults: readonly RuleFault[]) =>
    faults.map(({ path, message }) => ({ path: `${name}.${path}`, message }));
  const { keep } = said.settings;
  const own = [
    ...under('rule', faultsOfRule(said.key, said.rule, book)),
    ...(keep ? under('settings.keep', faultsOfRule(said.key, keep, book)) : []),
  ];
  if (own.length > 0) return own;
  const before = stored.find(({ key }) => key === said.key);
  if (before) {
    const after = { ...before, ...said };
    const byKey = new Map([...stored, after].map((one) => [one.key, one]));
    const round = circleThroughSets(after, byKey);
    if (round !== null) return [{ path: 'rule.where', message: round }];
  }
  const others = stored.filter(({ key, kind }) => key !== said.key && kind === 'rule');
  return others
    .filter((other) => ownRulesOf(other).some((rule) => faultsOfRule(other.key, rule, book).length > 0))
    .slice(0, 1)
    .map(({ key }) => ({ path: 'rule.where', message: `would be too much for ${key}, which asks for it` }));
}
