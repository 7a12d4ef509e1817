/**
 * What another order policy would change, before it is saved: the store's numbers, the three views, and the memberships
 * of live segments by it against those that are stored. Saving replays all history, so this does too.
 *
 * Profiles, scores and predictions by the other policy are written to temporary tables of the same names, which
 * PostgreSQL finds before the real ones (as in measure-publication.server.ts): every statement that computes or reads
 * them is the one that is used otherwise, and nothing of it is stored. New store-wide numbers come with another policy,
 * as they do when it is saved. Reads only, without the shop's lock, in one transaction.
 */
import { createHash } from 'node:crypto';
import { haveOffers } from '../activation/offers/read-offers.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { computeProfiles } from '../history/compute-profiles.server.ts';
import type { OrderPolicy } from '../history/order-policy.ts';
import { readStoreSummary, type StoreSummary } from '../history/read-store-summary.server.ts';
import { readLeftOut, readThreeViews, type LeftOut, type ThreeViews } from '../history/read-views.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import { loadEvaluatedSegments } from '../segments/load-segments.server.ts';
import { compileSegments, membershipDifference } from '../segments/membership-difference.ts';
import { readRuleDay, type RuleDay } from '../segments/read-rule-day.server.ts';
import { decidedOn } from '../segments/review-change.server.ts';
import { rulesOf, type Segment } from '../segments/segment.ts';
import { usesPredictions } from '../segments/uses-predictions.ts';
import { computeStoreNumbers } from '../value/cut-points.server.ts';
import type { CutPoints } from '../value/cut-points.ts';
import { isOnHold } from '../value/hold-period.ts';
import { readHoldPeriod } from '../value/hold-period.server.ts';
import { writePredictions } from '../value/write-predictions.server.ts';
import { writeScores } from '../value/write-scores.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';

export interface PolicyNumbers {
  summary: StoreSummary;
  views: ThreeViews;
  leftOut: LeftOut;
}

export interface MovedSegment {
  key: string;
  name: string;
  tag: string;
  /** By the other policy. */
  size: number;
  gains: number;
  loses: number;
  /** A few customers. */
  enter: string[];
  leave: string[];
}

export interface PolicyEffect {
  before: PolicyNumbers;
  after: PolicyNumbers;
  /** Live segments, also those that keep everybody. */
  segments: MovedSegment[];
  /** Customers whose tags would change. */
  affected: number;
  /** A live segment that people enter or leave has a running offer. */
  offers: boolean;
  /** Every customer that this names. */
  people: string[];
  /** Names the live segments, the policy, the numbers and the day that it was worked out with: another basis makes it old. */
  basis: string;
}

const SAMPLE = 3;
const EVERYBODY = 2_000_000_000;

export async function measurePolicy(tx: ShopTx, policy: OrderPolicy, now: Date): Promise<PolicyEffect> {
  await allowMassAct(tx);
  // Before anything is read: what changes meanwhile makes it old.
  const basis = await readPolicyBasis(tx, now);
  const ruleDay = await readRuleDay(tx, now);
  const segments = await loadEvaluatedSegments(tx, { statuses: ['live'] });
  const numbers = async (by: OrderPolicy): Promise<PolicyNumbers> => {
    const day = { ...ruleDay.day, policy: by };
    return {
      summary: await readStoreSummary(tx),
      views: await readThreeViews(tx, day, null),
      leftOut: await readLeftOut(tx, day),
    };
  };
  const before = await numbers(ruleDay.day.policy);
  const cutPoints = await computeBy(tx, ruleDay, policy, segments);
  const after = await numbers(policy);
  const moved = segments.length === 0 ? [] : await readMoved(tx, ruleDay, { policy, cutPoints, segments });
  const touchedIds = segments.filter(({ id }) => moved.some((one) => one.id === id && one.gains + one.loses > 0)); // prettier-ignore
  return {
    before,
    after,
    segments: segments.map(({ id, key, name, tagName }) => {
      const { size = 0, gains = 0, loses = 0, enter, leave } = moved.find((one) => one.id === id) ?? {};
      const tag = ruleDay.day.tagPrefix + tagName;
      return { key, name, tag, size, gains, loses, enter: enter ?? [], leave: leave ?? [] };
    }),
    affected: moved[0]?.affected ?? 0,
    offers: await haveOffers(tx, touchedIds.map(({ id }) => id)), // prettier-ignore
    people: [...new Set(moved.flatMap(({ enter, leave }) => [...(enter ?? []), ...(leave ?? [])]))],
    basis,
  };
}

/** Names what an effect was worked out with: all that `decidedOn` names for a change of segments, and the policy in force. */
export async function readPolicyBasis(tx: ShopTx, now: Date): Promise<string> {
  const live = await loadEvaluatedSegments(tx, { statuses: ['live'] });
  const resting = live.flatMap(({ refersTo }) => refersTo);
  const affected = [...new Map([...live, ...resting].map((one) => [one.id, one])).values()];
  const ruleDay = await readRuleDay(tx, now);
  const { rows } = await tx.query<{ version: number }>(sql`
    SELECT policy_version AS version FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const { timeZone, currency } = ruleDay.context;
  const decided = [
    rows[0]?.version,
    timeZone,
    currency,
    live.map(({ key }) => key),
    decidedOn({ act: 'change', affected, ruleDay }),
  ];
  return createHash('sha256').update(JSON.stringify(decided)).digest('hex').slice(0, 32);
}

/** Fills the temporary tables. @returns the store-wide numbers that would be in force */
async function computeBy(
  tx: ShopTx,
  { day, cutPoints: inForce }: RuleDay,
  policy: OrderPolicy,
  segments: readonly Segment[],
): Promise<CutPoints> {
  const by = { ...day, policy };
  await tx.query('CREATE TEMPORARY TABLE profile (LIKE profile INCLUDING ALL) ON COMMIT DROP');
  await touchCustomersAfter(tx, '0', EVERYBODY, 'policy');
  await computeProfiles(tx, by);
  await tx.query('ANALYZE profile');
  const hold = await readHoldPeriod(tx);
  const onHold = hold !== null && isOnHold(hold, day.today);
  const cutPoints = onHold
    ? inForce
    : { ...(await computeStoreNumbers(tx, by)), version: inForce.version, publishedAt: inForce.publishedAt };
  await tx.query('CREATE TEMPORARY TABLE score (LIKE score INCLUDING ALL) ON COMMIT DROP');
  await writeScores(tx, cutPoints);
  await tx.query('ANALYZE score');
  if (segments.some((segment) => rulesOf(segment).some(usesPredictions))) {
    await tx.query('CREATE TEMPORARY TABLE prediction (LIKE prediction INCLUDING ALL) ON COMMIT DROP');
    await writePredictions(tx, by);
    await tx.query('ANALYZE prediction');
  }
  return cutPoints;
}

interface Moved {
  id: string;
  size: number;
  gains: number;
  loses: number;
  enter: string[] | null;
  leave: string[] | null;
  /** Of all segments. */
  affected: number;
}

async function readMoved(
  tx: ShopTx,
  { context }: RuleDay,
  {
    policy,
    cutPoints,
    segments,
  }: { policy: OrderPolicy; cutPoints: CutPoints; segments: readonly Segment[] },
): Promise<Moved[]> {
  const some = (entered: boolean) =>
    sql`(array_agg(customer_id::text ORDER BY customer_id) FILTER (WHERE entered = ${entered}))[1:${SAMPLE}::int]`;
  const { rows } = await tx.query<Moved & Record<string, unknown>>(sql`
    ${membershipDifference(tx.shopId, compileSegments(segments), { ...context, policy, cutPoints })}
    SELECT g.segment_id::text AS id, coalesce(size.n, 0)::int AS size, coalesce(moved.gains, 0)::int AS gains,
           coalesce(moved.loses, 0)::int AS loses, moved.enter, moved.leave,
           (SELECT count(DISTINCT customer_id)::int FROM difference) AS affected
      FROM unnest(${segments.map(({ id }) => id)}::bigint[]) AS g (segment_id)
      LEFT JOIN (SELECT segment_id, count(*) AS n FROM held GROUP BY segment_id) size USING (segment_id)
      LEFT JOIN (SELECT segment_id, count(*) FILTER (WHERE entered) AS gains,
                        count(*) FILTER (WHERE NOT entered) AS loses,
                        ${some(true)} AS enter, ${some(false)} AS leave
                   FROM difference GROUP BY segment_id) moved USING (segment_id)`);
  return rows;
}
