/**
 * Profiles and scores -> memberships, for the customers of touched_customer: all live and paused segments in
 * one set-based statement, which writes only the differences, each with its cause, the versions that decided
 * and the values that were looked at.
 *
 * One bad segment must not hold up the others: if the statement fails or passes its time limit, the segments
 * are evaluated one by one, and one that fails alone is set to failing, shown, and left out from then on.
 */
import { join, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { Log } from '../log.server.ts';
import { compileEvidence } from './compile-rule.ts';
import type { RuleContext } from './field.ts';
import { compileSegments, membershipDifference, type CompiledSegment } from './membership-difference.ts';
import { loadSegments } from './load-segments.server.ts';
import type { Segment } from './segment.ts';
import { scheduleReviews } from './schedule-reviews.server.ts';

export interface EvaluationOptions {
  /** Business time: the memberships' since. */
  now: Date;
  context: RuleContext;
  /** Time limit of the one statement, milliseconds; each segment alone gets a quarter of it. */
  limitMs?: number;
  log?: Log;
}

export interface Evaluation {
  entered: number;
  left: number;
  /** Keys of segments that were set to failing in this run. */
  failed: string[];
}

const DEFAULT_LIMIT_MS = 20_000;

/**
 * Brings the memberships of the touched customers up to date and adds to changed_customer those whose tags may
 * differ now; not those who are gone (deleted, merged away): there is nothing to write to.
 */
export async function evaluateMemberships(tx: ShopTx, options: EvaluationOptions): Promise<Evaluation> {
  const stored = await loadSegments(tx, { statuses: ['live', 'paused'] });
  const failed: string[] = [];
  const segments: Segment[] = [];
  for (const segment of stored) {
    if (segment.rule !== null) segments.push(segment);
    else {
      await setFailing(tx, segment.id, `Its rule cannot be read: ${segment.fault}`);
      failed.push(segment.key);
    }
  }
  const result = await evaluateSegments(tx, compileSegments(segments), options);
  failed.push(...segments.filter(({ id }) => result.failedIds.includes(id)).map(({ key }) => key));
  const sound = segments.filter(({ id }) => !result.failedIds.includes(id));
  await scheduleReviews(tx, sound, options.context);
  return { entered: result.entered, left: result.left, failed };
}

/** All given segments at once; on failure one by one. */
export async function evaluateSegments(
  tx: ShopTx,
  segments: readonly CompiledSegment[],
  options: EvaluationOptions,
): Promise<{ entered: number; left: number; failedIds: string[] }> {
  const limitMs = options.limitMs ?? DEFAULT_LIMIT_MS;
  const none = { entered: 0, left: 0, failedIds: [] };
  if (segments.length === 0) return none;
  const together = await attempt(tx, limitMs, () => evaluateTogether(tx, segments, options));
  if (together.ok) return { ...together.value, failedIds: [] };
  options.log?.warn(
    { shopId: tx.shopId, err: together.error },
    'segments could not be evaluated together: evaluating them one by one',
  );
  const total: { entered: number; left: number; failedIds: string[] } = { ...none, failedIds: [] };
  for (const segment of segments) {
    const alone = await attempt(tx, limitMs / 4, () => evaluateTogether(tx, [segment], options));
    if (alone.ok) {
      total.entered += alone.value.entered;
      total.left += alone.value.left;
      continue;
    }
    options.log?.error(
      { shopId: tx.shopId, segmentId: segment.id, err: alone.error },
      'a segment could not be evaluated and is left out',
    );
    await setFailing(tx, segment.id, 'It could not be evaluated; its members and tags stay as they are.');
    total.failedIds.push(segment.id);
  }
  return total;
}

async function evaluateTogether(
  tx: ShopTx,
  segments: readonly CompiledSegment[],
  { now, context }: EvaluationOptions,
): Promise<{ entered: number; left: number }> {
  const version = context.cutPoints.version;
  const { rows } = await tx.query<{ entered: number; left: number }>(sql`
    ${membershipDifference(tx.shopId, segments, context)},
    explained AS MATERIALIZED (
      SELECT d.customer_id, d.segment_id, d.entered, t.cause, g.rule_version, g.live,
             coalesce(${evidenceOf(segments)}, '{}') AS evidence
        FROM difference d JOIN touched_customer t ON t.customer_id = d.customer_id
        JOIN unnest(${segments.map(({ id }) => id)}::bigint[],
                    ${segments.map(({ ruleVersion }) => ruleVersion)}::int[],
                    ${segments.map(({ status }) => status === 'live')}::boolean[])
             AS g (segment_id, rule_version, live) ON g.segment_id = d.segment_id
        LEFT JOIN subject ON subject.customer_id = d.customer_id
    ), removed AS (
      DELETE FROM membership m USING explained e
       WHERE m.shop_id = ${tx.shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = e.segment_id AND m.customer_id = e.customer_id
         AND NOT e.entered
    ), added AS (
      INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version,
                              evidence)
      SELECT ${tx.shopId}, segment_id, customer_id, ${now}, cause, rule_version, ${version}::int, evidence
        FROM explained WHERE entered
    ), told AS (
      INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version,
                                    cut_points_version, evidence)
      SELECT ${tx.shopId}, segment_id, customer_id, CASE WHEN entered THEN 'entered' ELSE 'left' END, ${now},
             cause, rule_version, ${version}::int, evidence
        FROM explained ORDER BY customer_id, segment_id
    ), changed AS (
      INSERT INTO changed_customer (customer_id)
      SELECT DISTINCT e.customer_id FROM explained e
        JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = e.customer_id
       WHERE e.live AND ${withinTouched('p.customer_id')} ON CONFLICT DO NOTHING
    )
    SELECT count(*) FILTER (WHERE entered)::int AS entered, count(*) FILTER (WHERE NOT entered)::int AS left
      FROM explained`);
  return rows[0] ?? { entered: 0, left: 0 };
}

/** The evidence of a row of `difference`, by its segment; segments with the same fields share one branch. */
function evidenceOf(segments: readonly CompiledSegment[]): Sql {
  const bySet = new Map<string, { ids: string[]; fields: CompiledSegment['evidence'] }>();
  for (const { id, evidence } of segments) {
    const key = [...evidence].sort().join();
    const set = bySet.get(key) ?? { ids: [], fields: evidence };
    set.ids.push(id);
    bySet.set(key, set);
  }
  const branches = [...bySet.values()].map(
    ({ ids, fields }) => sql`WHEN d.segment_id = ANY(${ids}::bigint[]) THEN ${compileEvidence(fields)}`,
  );
  // Without a subject (left out, deleted, merged away) there are no values to show.
  return sql`CASE WHEN subject.customer_id IS NULL THEN NULL ${join(branches, ' ')} END`;
}

type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Runs `work` under a savepoint and a time limit of its own; a failure undoes it and nothing else. */
async function attempt<T>(tx: ShopTx, limitMs: number, work: () => Promise<T>): Promise<Attempt<T>> {
  const { rows } = await tx.query<{ before: string }>(
    `SELECT current_setting('statement_timeout') AS before`,
  );
  const limit = async (value: string) => {
    await tx.query(sql`SELECT set_config('statement_timeout', ${value}, true)`);
  };
  await tx.query('SAVEPOINT segments');
  try {
    await limit(`${Math.max(1, Math.round(limitMs))}ms`);
    const value = await work();
    await limit(rows[0]?.before ?? '0');
    await tx.query('RELEASE SAVEPOINT segments');
    return { ok: true, value };
  } catch (error) {
    // Undoes the limit too. When the connection itself is gone this throws, and the transaction is over.
    await tx.query('ROLLBACK TO SAVEPOINT segments');
    await tx.query('RELEASE SAVEPOINT segments');
    return { ok: false, error };
  }
}

async function setFailing(tx: ShopTx, segmentId: string, failure: string): Promise<void> {
  await tx.query(sql`
    UPDATE segment SET status = 'failing', failure = ${failure}
     WHERE shop_id = ${tx.shopId} AND id = ${segmentId}::bigint`);
}
