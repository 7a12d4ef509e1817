/** Where one customer stands in the shop's tiers: "Gold until 31 Dec 2027", "180.00 more to Platinum". */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { LocalDate } from '../local-date.ts';
import { compileEvidence, subjectOf } from './compile-rule.ts';
import { fieldOf } from './fields.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import type { Segment } from './segment.ts';
import { termOf } from './term.ts';
import { stepOf } from './tier-plan.ts';

export interface TierStanding {
  setId: string;
  setName: string;
  /** The step that the customer is in; null below the lowest. */
  tier: { key: string; name: string; heldUntil: LocalDate | null } | null;
  /** The next step up; null on the highest, or when its rule is not one measure. */
  next: {
    key: string;
    name: string;
    /** What is measured, and how much of it is missing: money in minor units. */
    field: string;
    isMoney: boolean;
    missing: number;
  } | null;
}

/** For the sets of tiers that have a step on; also for people who are left out, who are in none. */
export async function readTiers(tx: ShopTx, now: Date, customerId: ShopifyId): Promise<TierStanding[]> {
  const steps = (await loadReadableSegments(tx, { statuses: ['live', 'paused'] })).filter(
    ({ setKind }) => setKind === 'tiers',
  );
  if (steps.length === 0) return [];
  const { context } = await readRuleDay(tx, now);
  const terms = steps.flatMap(({ rule }) => {
    const step = stepOf(rule);
    return step ? [termOf(step.measure, rule.countAfterDays)] : [];
  });
  const { rows: values } = await tx.query<{ values: Record<string, string | number | null> }>(sql`
    SELECT ${compileEvidence([...new Set(terms)])} AS values
      FROM (${subjectOf(tx.shopId, terms, context, { customers: [customerId] })}) subject`);
  const { rows: held } = await tx.query<{ segmentId: string; heldUntil: LocalDate | null }>(sql`
    SELECT segment_id AS "segmentId", held_until AS "heldUntil" FROM membership
     WHERE shop_id = ${tx.shopId} AND customer_id = ${customerId}`);
  const { rows: sets } = await tx.query<{ id: string; name: string }>(sql`
    SELECT id, name FROM segment_set WHERE shop_id = ${tx.shopId} AND kind = 'tiers' ORDER BY id`);
  return sets.flatMap(({ id, name }): TierStanding[] => {
    const own = steps.filter(({ setId }) => setId === id).sort((a, b) => (a.setRank ?? 0) - (b.setRank ?? 0));
    if (own.length === 0) return [];
    const at = own.findIndex((step) => held.some(({ segmentId }) => segmentId === step.id));
    const current = own[at];
    const heldUntil = held.find(({ segmentId }) => segmentId === current?.id)?.heldUntil ?? null;
    const above = current ? own[at - 1] : own.at(-1);
    return [
      {
        setId: id,
        setName: name,
        tier: current ? { key: current.key, name: current.name, heldUntil } : null,
        next: above ? missingTo(above, values[0]?.values ?? {}) : null,
      },
    ];
  });
}

function missingTo(
  { key, name, rule }: Segment,
  values: Readonly<Record<string, string | number | null>>,
): TierStanding['next'] {
  const step = stepOf(rule);
  if (!step) return null;
  const has = Number(values[termOf(step.measure, rule.countAfterDays)] ?? 0);
  return {
    key,
    name,
    field: step.measure.field,
    isMoney: fieldOf(step.measure.field).type === 'money',
    missing: Math.max(0, step.enter - has),
  };
}
