/**
 * What a rule that is being written would hold now, while the merchant types: how many, who comes and who goes
 * against what is in force. One pass over the customers, with the predicates that keep the members. Reads only.
 */
import { raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { termsOf, subjectOf } from './compile-rule.ts';
import { finalMemberships, needsStanding, standingOf } from './final-membership.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { resolveReferences, withReferences } from './references.ts';
import type { Rule } from './rule.ts';
import { isActive } from './segment-change.ts';
import type { SegmentSettings } from './segment-settings.ts';
import { ownRulesOf, withMates, type Segment } from './segment.ts';

export interface RulePreview {
  /** Customers it would hold. */
  size: number;
  /** All customers who can be in a segment. */
  everybody: number;
  /** What those it would hold have spent, minor units. */
  spentMinor: string;
  /** The few of them who spent most. */
  sample: ShopifyId[];
  /** Against the members now (of a draft: those of the rule as it is stored); null for a new segment. */
  against: { gains: number; loses: number } | null;
}

const SAMPLE = 5;

/**
 * @param wanted.key of the segment that would say so; null for a new one
 * @returns undefined when the rule asks for segments that are not there, or in a circle
 */
export async function previewRule(
  tx: ShopTx,
  wanted: { key: string | null; rule: Rule; settings?: SegmentSettings; now: Date },
): Promise<RulePreview | undefined> {
  const stored = await loadReadableSegments(tx);
  const current = stored.find(({ key }) => key === wanted.key);
  const asked = proposed(current, wanted);
  const resolved = resolveReferences(
    asked,
    new Map([...stored.filter(({ id }) => id !== asked.id), asked].map((one) => [one.key, one])),
  );
  if (!resolved.ok) return undefined;
  asked.refersTo = resolved.refersTo;
  const inPlay = (one: Segment) =>
    withMates(
      [one, ...stored.filter((other) => other.id !== one.id && isActive(other))],
      ({ id }) => id === one.id,
    );
  const after = inPlay(asked);
  const compareStored = current !== undefined && isActive(current);
  const before = current !== undefined && !compareStored ? inPlay(current) : [];
  const all = [...after, ...before];
  const { context } = await readRuleDay(tx, wanted.now);
  const terms = [...new Set(withReferences(after).concat(withReferences(before)).flatMap(ownRulesOf).flatMap((rule) => termsOf(rule)))]; // prettier-ignore
  const finalOf = (some: readonly Segment[]) => finalMemberships(some).get(asked.id)?.final ?? sql`false`;
  const was = compareStored ? sql`m.customer_id IS NOT NULL` : current ? finalOf(before) : sql`false`;
  const { rows } = await tx.query<{
    size: number;
    everybody: number;
    spentMinor: string;
    gains: number;
    loses: number;
    sample: ShopifyId[] | null;
  }>(sql`
    WITH answer AS MATERIALIZED (
      SELECT subject.customer_id, preview_spent AS spent, ${finalOf(after)} AS holds, ${was} AS held
        FROM (${subjectOf(tx.shopId, terms, context, { columns: sql`p.spent_minor AS preview_spent` })}) subject
        ${needsStanding(all) ? sql`LEFT JOIN (${standingOf(tx.shopId, all, context, { touched: false })}) standing USING (customer_id)` : raw('')}
        ${compareStored ? sql`LEFT JOIN membership m ON m.shop_id = ${tx.shopId} AND m.segment_id = ${asked.id}::bigint AND m.customer_id = subject.customer_id` : raw('')}
    )
    SELECT count(*) FILTER (WHERE holds)::int AS size, count(*)::int AS everybody,
           coalesce(sum(spent) FILTER (WHERE holds), 0)::text AS "spentMinor",
           count(*) FILTER (WHERE holds AND NOT held)::int AS gains,
           count(*) FILTER (WHERE held AND NOT holds)::int AS loses,
           (SELECT array_agg(customer_id) FROM (SELECT customer_id FROM answer WHERE holds
             ORDER BY spent DESC NULLS LAST, customer_id LIMIT ${SAMPLE}) most) AS sample
      FROM answer`);
  const row = rows[0];
  if (!row) return undefined;
  const { size, everybody, spentMinor, sample, gains, loses } = row;
  return {
    size,
    everybody,
    spentMinor,
    sample: sample ?? [],
    against: current ? { gains, loses } : null,
  };
}

/** The segment as it would be; a new one has no people, no set and a name that nobody asks for. */
function proposed(
  current: Segment | undefined,
  { rule, settings }: { rule: Rule; settings?: SegmentSettings },
): Segment {
  if (current) return { ...current, rule, settings: settings ?? current.settings };
  return {
    id: '0',
    key: '',
    name: '',
    family: 'own',
    tagName: '',
    status: 'draft',
    kind: 'rule',
    rule,
    ruleVersion: 1,
    settings: settings ?? {},
    setId: null,
    setKind: null,
    setRank: null,
    trial: false,
    hasPeople: false,
    hasDraft: false,
    liveSince: null,
    failure: null,
    unavailable: null,
    refersTo: [],
  };
}
