/**
 * Segments that ask for other segments. A reference means the membership of the other segment after its lists and
 * priority, and is written into the predicate; so references must not go round in a circle, are followed five deep at
 * most, and one that is asked for cannot be deleted.
 */
import {
  childrenOf,
  conditionsOf,
  isCondition,
  type Condition,
  type Rule,
  type RuleFault,
  type RuleNode,
} from './rule.ts';

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
    conditionsOf(rule.where).flatMap((condition) => askedIn(condition) ?? []),
  );
  return [...new Set(keys)];
}

/** The segment that a condition names: for its members, or for the tiers that it is a step of. */
const askedIn = ({ with: params }: Condition): string | undefined => params?.segment;

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
    const target = askedIn(condition);
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
      const target = askedIn(condition);
      size += target === undefined ? 1 : (sizeOf(target) ?? 0);
    }
    size = Math.min(size, 1_000_000);
    sizes.set(key, size);
    return size;
  };
  return sizeOf;
}

function walk(
  node: RuleNode,
  path: readonly (string | number)[],
  visit: (condition: Condition, path: readonly (string | number)[]) => void,
): void {
  if (isCondition(node)) return visit(node, path);
  const group = 'all' in node ? 'all' : 'any' in node ? 'any' : 'none';
  childrenOf(node).forEach((child, i) => walk(child, [...path, group, i], visit));
}
