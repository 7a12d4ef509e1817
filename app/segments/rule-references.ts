/**
 * Segments that ask for other segments. A reference means the membership of the other segment after its lists and
 * priority, and is written into the predicate; so references must not go round in a circle, are followed five deep at
 * most, and one that is asked for cannot be deleted.
 */
import { AppError } from '../app-error.ts';
import type { Sql } from '../db/sql.ts';
import type { MemberOf } from './compile-rule.ts';
import { childrenOf, conditionsOf, isCondition, type Rule, type RuleFault, type RuleNode } from './rule.ts';

export const REFERENCE_LIMITS = {
  depth: 5,
  /** Of a rule with everything that it refers to written out. */
  conditions: 1_000,
} as const;

/** The rules of each segment by its key: one, or two where there is a softer rule to stay by. */
export type RuleBook = ReadonlyMap<string, readonly Rule[]>;

/** Keys of the segments that these rules ask for directly, each once, in order. */
export function referencesOf(rules: readonly Rule[]): string[] {
  const keys = rules.flatMap((rule) =>
    conditionsOf(rule.where).flatMap(({ field, with: params }) =>
      field === 'member_of' && params?.segment !== undefined ? [params.segment] : [],
    ),
  );
  return [...new Set(keys)];
}

/** Keys of the segments that ask for `key` directly: while there are any, it cannot be deleted. */
export function usedBy(key: string, book: RuleBook): string[] {
  return [...book].filter(([, rules]) => referencesOf(rules).includes(key)).map(([user]) => user);
}

/** Keys of all segments that these rules rest on, directly or not; unknown ones left out. */
export function closureOf(rules: readonly Rule[], book: RuleBook): string[] {
  const found = new Set<string>();
  const visit = (key: string) => {
    const own = book.get(key);
    if (own === undefined || found.has(key)) return;
    found.add(key);
    referencesOf(own).forEach(visit);
  };
  referencesOf(rules).forEach(visit);
  return [...found];
}

/**
 * Faults of the references of one rule, each with the path to the condition: unknown segments, circles (with the way
 * round), more than five deep, too much in all.
 * @param key the segment's own key; null for one that is not stored yet
 */
export function referenceFaults(key: string | null, rule: Rule, book: RuleBook): RuleFault[] {
  const faults: RuleFault[] = [];
  const way = key === null ? [] : [key];
  const sizes = sizesOf(book);
  let size = 0;
  walk(rule.where, ['where'], (condition, path) => {
    const target = condition.field === 'member_of' ? condition.with?.segment : undefined;
    size += target === undefined ? 1 : (sizes(target) ?? 0);
    if (target === undefined) return;
    const message = wrong(target, way, book, way.length);
    if (message !== undefined) faults.push({ path: [...path, 'with', 'segment'].join('.'), message });
  });
  if (faults.length === 0 && size > REFERENCE_LIMITS.conditions) {
    faults.push({
      path: 'where',
      message: `has more than ${REFERENCE_LIMITS.conditions} conditions with the segments that it asks for`,
    });
  }
  return faults;
}

/** @param own 1 when the way begins with the segment itself */
function wrong(target: string, way: readonly string[], book: RuleBook, own: number): string | undefined {
  const rules = book.get(target);
  const here = [...way, target];
  if (way.includes(target)) return `goes round in a circle: ${here.slice(here.indexOf(target)).join(' -> ')}`;
  if (rules === undefined) return `there is no segment ${target}`;
  if (here.length - own > REFERENCE_LIMITS.depth) {
    return `asks for segments more than ${REFERENCE_LIMITS.depth} deep: ${here.join(' -> ')}`;
  }
  for (const next of referencesOf(rules)) {
    const below = wrong(next, here, book, own);
    if (below !== undefined) return below;
  }
  return undefined;
}

/** Conditions of a segment with all that it asks for written out; undefined for unknown ones. */
function sizesOf(book: RuleBook): (key: string) => number | undefined {
  const sizes = new Map<string, number>();
  const sizeOf = (key: string): number | undefined => {
    const rules = book.get(key);
    if (rules === undefined) return undefined;
    const known = sizes.get(key);
    if (known !== undefined) return known;
    sizes.set(key, 0);
    let size = 0;
    for (const condition of rules.flatMap((rule) => conditionsOf(rule.where))) {
      const target = condition.field === 'member_of' ? condition.with?.segment : undefined;
      size += target === undefined ? 1 : (sizeOf(target) ?? 0);
    }
    size = Math.min(size, 1_000_000);
    sizes.set(key, size);
    return size;
  };
  return sizeOf;
}

/**
 * Compiles each segment that is asked for once, those it asks for before it.
 * @param predicateOf the final membership of a segment, over `subject`; it asks `memberOf` for others
 * @throws AppError 'invariant' for unknown segments and circles, which `referenceFaults` tells before
 */
export function memberOfBook(predicateOf: (key: string, memberOf: MemberOf) => Sql | undefined): MemberOf {
  const known = new Map<string, Sql>();
  const open: string[] = [];
  const memberOf: MemberOf = (key) => {
    const done = known.get(key);
    if (done !== undefined) return done;
    if (open.includes(key)) throw fault('Segments ask for each other in a circle.', [...open, key]);
    open.push(key);
    const predicate = predicateOf(key, memberOf);
    open.pop();
    if (predicate === undefined) throw fault('A segment asks for one that does not exist.', [...open, key]);
    known.set(key, predicate);
    return predicate;
  };
  return memberOf;
}

function fault(message: string, way: readonly string[]): AppError {
  return new AppError('invariant', message, { context: { way: way.join(' -> ') } });
}

function walk(
  node: RuleNode,
  path: readonly (string | number)[],
  visit: (condition: ReturnType<typeof conditionsOf>[number], path: readonly (string | number)[]) => void,
): void {
  if (isCondition(node)) return visit(node, path);
  const group = 'all' in node ? 'all' : 'any' in node ? 'any' : 'none';
  childrenOf(node).forEach((child, i) => walk(child, [...path, group, i], visit));
}
