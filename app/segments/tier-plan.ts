/**
 * Tiers: ordered steps of one measure (spent in 365 days, orders, ...), each with what it takes to get in and, softer,
 * to stay, and one hold for all. They are a set of segments whose rules say exactly that.
 */
import type { Condition, Rule } from './rule.ts';
import type { SetPlan } from './segment-change.ts';
import type { Hold, SegmentSettings } from './segment-settings.ts';

export interface TierPlan {
  /** An existing set of tiers; a new one without. */
  id?: string;
  name: string;
  /** What is measured: a field that takes "at least". */
  measure: Pick<Condition, 'field' | 'with'>;
  countAfterDays?: number;
  hold?: Hold;
  /** The highest first. */
  steps: readonly TierStep[];
}

export interface TierStep {
  /** Of its segment. */
  key: string;
  /** At least so much to get in. */
  enter: number;
  /** At least so much to stay; as to get in when absent. */
  keep?: number;
}

export type PlannedTiers = { ok: true; set: SetPlan } | { ok: false; faults: string[] };

export function planTiers(plan: TierPlan): PlannedTiers {
  const { id, name, measure, countAfterDays, hold, steps } = plan;
  const faults = [
    ...(steps.length === 0 ? ['Tiers need at least one step.'] : []),
    ...(new Set(steps.map(({ key }) => key)).size < steps.length ? ['A segment can be one step only.'] : []),
    ...steps.flatMap(({ key, enter, keep = enter }, i) => {
      const above = steps[i - 1];
      return [
        ...(keep > enter ? [`To stay in ${key} takes more than to get in.`] : []),
        ...(above !== undefined && above.enter <= enter
          ? [`${above.key} stands above ${key} and must take more to get in.`]
          : []),
      ];
    }),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const atLeast = (value: number): Rule => ({
    v: 1,
    where: { ...measure, op: 'gte', value },
    ...(countAfterDays === undefined ? {} : { countAfterDays }),
  });
  const states = Object.fromEntries(
    steps.map(({ key, enter, keep = enter }) => {
      const settings: SegmentSettings = {
        ...(keep < enter ? { keep: atLeast(keep) } : {}),
        ...(hold ? { hold } : {}),
      };
      return [key, { rule: atLeast(enter), settings }];
    }),
  );
  return {
    ok: true,
    set: {
      ...(id === undefined ? {} : { id }),
      name,
      kind: 'tiers',
      settings: { hold: hold ?? null },
      keys: steps.map(({ key }) => key),
      states,
    },
  };
}

/** What a step of tiers asks for, when its rule says that much and no more. */
export function stepOf(rule: Rule): { measure: Condition; enter: number } | null {
  const { where } = rule;
  if (!('field' in where) || where.op !== 'gte' || typeof where.value !== 'number') return null;
  return { measure: where, enter: where.value };
}
