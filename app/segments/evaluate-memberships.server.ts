/**
 * Profiles and scores -> memberships, for the customers of touched_customer: all live and paused segments in
 * one set-based statement, which writes only the differences, each with its cause, the versions that decided
 * and the values that were looked at.
 *
 * One bad segment must not hold up the others: if the statement fails or passes its time limit, the segments
 * are evaluated one by one, and one that fails alone is set to failing, shown, and left out from then on.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import { explainDifference } from './explain-difference.ts';
import type { RuleContext } from './field.ts';
import {
  compileSegments,
  heldMemberships,
  membershipDifference,
  type CompiledSegment,
} from './membership-difference.ts';
import { followMergedPeople } from './follow-merged-people.server.ts';
import { loadSegments } from './load-segments.server.ts';
import type { Segment } from './segment.ts';
import { scheduleReviews } from './schedule-reviews.server.ts';
import { writeMoves } from './write-moves.ts';

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
  await followMergedPeople(tx);
  const stored = await loadSegments(tx, { statuses: ['live', 'paused'] });
  const failed: string[] = [];
  const segments: Segment[] = [];
  for (const segment of stored) {
    if (segment.unavailable !== null) continue;
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
  for (const unit of unitsOf(segments)) {
    const { sound, broken } =
      unit.length === 1 ? { sound: unit, broken: [] } : await probe(tx, unit, options);
    const alone =
      sound.length === 0
        ? null
        : await attempt(tx, limitMs / 4, () => evaluateTogether(tx, recompiled(sound), options));
    if (alone?.ok) {
      total.entered += alone.value.entered;
      total.left += alone.value.left;
    }
    const faults = alone && !alone.ok ? sound.map(({ id }) => ({ id, error: alone.error })) : [];
    for (const { id, error } of [...broken, ...faults]) {
      options.log?.error(
        { shopId: tx.shopId, segmentId: id, err: error },
        'a segment could not be evaluated and is left out',
      );
      await setFailing(tx, id, 'It could not be evaluated; its members and tags stay as they are.');
      total.failedIds.push(id);
    }
  }
  return total;
}

/** What is decided together: each segment alone, the segments of a set as one. */
function unitsOf(segments: readonly CompiledSegment[]): CompiledSegment[][] {
  const units = new Map<string, CompiledSegment[]>();
  for (const one of segments) {
    const { setId, id } = one.segment;
    const unit = setId === null ? `segment ${id}` : `set ${setId}`;
    units.set(unit, [...(units.get(unit) ?? []), one]);
  }
  return [...units.values()];
}

/** Which segments of a set fail by themselves; the others go on without them. */
async function probe(
  tx: ShopTx,
  unit: readonly CompiledSegment[],
  { limitMs = DEFAULT_LIMIT_MS, context }: EvaluationOptions,
): Promise<{ sound: CompiledSegment[]; broken: { id: string; error: unknown }[] }> {
  const sound: CompiledSegment[] = [];
  const broken: { id: string; error: unknown }[] = [];
  for (const one of unit) {
    const answer = await attempt(tx, limitMs / 4, () =>
      tx.query(sql`${heldMemberships(tx.shopId, recompiled([one]), context, { touched: true })}
        SELECT count(*) FROM held`),
    );
    if (answer.ok) sound.push(one);
    else broken.push({ id: one.id, error: answer.error });
  }
  return { sound, broken };
}

/** Compiled anew, without those that were taken out. */
function recompiled(segments: readonly CompiledSegment[]): CompiledSegment[] {
  return segments.length === 1 && segments[0]?.segment.setId === null
    ? [...segments]
    : compileSegments(segments.map(({ segment }) => segment));
}

async function evaluateTogether(
  tx: ShopTx,
  segments: readonly CompiledSegment[],
  { now, context }: EvaluationOptions,
): Promise<{ entered: number; left: number }> {
  const version = context.cutPoints.version;
  const rejoining = segments.filter(({ segment }) => segment.settings.rejoinAfterDays).map(({ id }) => id);
  const { rows } = await tx.query<{ entered: number; left: number }>(sql`
    ${membershipDifference(tx.shopId, segments, context)},
    ${explainDifference(segments)}, ${writeMoves(tx.shopId, { now, today: context.today, version, rejoining, undoing: context.undoing })}
    SELECT count(*) FILTER (WHERE entered)::int AS entered, count(*) FILTER (WHERE NOT entered)::int AS left
      FROM explained`);
  return rows[0] ?? { entered: 0, left: 0 };
}

export type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Runs `work` under a savepoint and a time limit of its own; a failure undoes it and nothing else. */
export async function attempt<T>(tx: ShopTx, limitMs: number, work: () => Promise<T>): Promise<Attempt<T>> {
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
