/**
 * What putting numbers or a fit in force would change, before it is done: the memberships of live segments by them
 * against those that are stored, with the predicates that decide once they are in force.
 *
 * Scores and predictions by the candidate are written to temporary tables of the same names, which PostgreSQL finds
 * before the real ones; they go with the transaction. So every statement that computes or reads them is the one that
 * is used otherwise, and nothing of it is stored. Reads only, without the shop's lock, in chunks.
 */
import type { TagChange } from '../activation/held/held-outbox.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import { loadEvaluatedSegments } from '../segments/load-segments.server.ts';
import { compileSegments, membershipDifference } from '../segments/membership-difference.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { rulesOf, withMates, type Segment } from '../segments/segment.ts';
import { usesPredictions } from '../segments/uses-predictions.ts';
import type { CutPoints } from '../value/cut-points.ts';
import type { FitInForce } from '../value/read-fit.server.ts';
import { writePredictions } from '../value/write-predictions.server.ts';
import { writeScores } from '../value/write-scores.server.ts';
import { countBuyers, type Measured } from './held-change.server.ts';

export type Candidate = { subject: 'cut_points'; cutPoints: CutPoints } | { subject: 'fit'; fit: FitInForce };

const CHUNK = 20_000;

export async function measurePublication(
  ctx: { db: Db },
  shopId: ShopId,
  candidate: Candidate,
  { now, chunk = CHUNK }: { now: Date; chunk?: number },
): Promise<Measured> {
  const { segments, buyers, prefix } = await ctx.db.inShop(shopId, async (tx) => ({
    segments: await segmentsOf(tx, candidate.subject),
    buyers: await countBuyers(tx),
    prefix: (await readRuleDay(tx, now)).day.tagPrefix,
  }));
  const moved = new Map<string, { gains: number; loses: number }>();
  let affected = 0;
  for (let after: string | null = segments.length > 0 ? '0' : null; after !== null;) {
    const from: string = after;
    after = await ctx.db.inShop(shopId, async (tx) => {
      const page = await touchCustomersAfter(tx, from, chunk, 'refit');
      if (page.touched === 0) return null;
      const counted = await measureTouched(tx, candidate, segments, now);
      affected += counted.affected;
      for (const { id, gains, loses } of counted.moved) {
        const sum = moved.get(id) ?? { gains: 0, loses: 0 };
        moved.set(id, { gains: sum.gains + gains, loses: sum.loses + loses });
      }
      return page.last;
    });
  }
  return {
    buyers,
    affected,
    changes: segments.flatMap(({ id, key, name, tagName }): TagChange[] => {
      const one = moved.get(id);
      return one ? [{ key, name, tag: prefix + tagName, ...one }] : [];
    }),
    basis: basisOf(segments),
  };
}

/** Names the segments and rules that a measure is about: another basis makes it old. */
export async function readBasis(tx: ShopTx, subject: Candidate['subject']): Promise<string> {
  return basisOf(await segmentsOf(tx, subject));
}

async function segmentsOf(tx: ShopTx, subject: Candidate['subject']): Promise<Segment[]> {
  const live = await loadEvaluatedSegments(tx, { statuses: ['live'] });
  return subject === 'fit' ? withMates(live, (segment) => rulesOf(segment).some(usesPredictions)) : live;
}

function basisOf(segments: readonly Segment[]): string {
  return segments.map(({ id, ruleVersion }) => `${id}:${ruleVersion}`).join(' ');
}

async function measureTouched(
  tx: ShopTx,
  candidate: Candidate,
  segments: readonly Segment[],
  now: Date,
): Promise<{ affected: number; moved: { id: string; gains: number; loses: number }[] }> {
  const { context, day } = await readRuleDay(tx, now);
  if (candidate.subject === 'cut_points') {
    await tx.query('CREATE TEMPORARY TABLE score (LIKE score INCLUDING INDEXES) ON COMMIT DROP');
    await writeScores(tx, candidate.cutPoints);
    await tx.query('ANALYZE score');
  } else {
    await tx.query('CREATE TEMPORARY TABLE prediction (LIKE prediction INCLUDING INDEXES) ON COMMIT DROP');
    await writePredictions(tx, day, candidate.fit);
    await tx.query('ANALYZE prediction');
  }
  const by = candidate.subject === 'cut_points' ? { ...context, cutPoints: candidate.cutPoints } : context;
  const { rows } = await tx.query<{
    affected: number;
    moved: { id: string; gains: number; loses: number }[] | null;
  }>(sql`
    ${membershipDifference(tx.shopId, compileSegments(segments), by)}
    SELECT (SELECT count(DISTINCT customer_id)::int FROM difference) AS affected,
           (SELECT json_agg(json_build_object('id', segment_id::text, 'gains', gains, 'loses', loses)) FROM (
              SELECT segment_id, count(*) FILTER (WHERE entered) AS gains, count(*) FILTER (WHERE NOT entered) AS loses
                FROM difference GROUP BY segment_id) counted) AS moved`);
  return { affected: rows[0]?.affected ?? 0, moved: rows[0]?.moved ?? [] };
}
