/**
 * One step of working a change out, in a transaction under the shop's lock: the next customers by id, then those of
 * whom something has changed since they were looked at. Nothing that anybody reads is written: memberships, tags and
 * rules stay as they are, so giving it up leaves no trace. When the last step is done the change waits for a person, or
 * is put in force when it needs none.
 *
 * It is worked out by the segments, rules, numbers and the day of its beginning (`basis`). With others it begins anew.
 *
 * The counts of the steps are added up. Once somebody was looked at again they are of two times, so with the last of those
 * the moves of everybody are counted anew, in the same transaction: what is approved, and what is put in force, are the
 * counts of the moves that are there.
 */
import { createHash } from 'node:crypto';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { touchCustomersAfter, touchSelected } from '../history/touched-customers.server.ts';
import type { MassCause } from '../intake/cause.ts';
import type { Log } from '../log.server.ts';
import type { ChangeRun } from '../segments/change-run.ts';
import { noteChangeRun } from '../segments/change-run.server.ts';
import { countReview } from '../segments/count-review.server.ts';
import { attempt } from '../segments/evaluate-memberships.server.ts';
import { beginHeaders } from '../segments/make-moves.server.ts';
import { decidedOn, reviewOf } from '../segments/review-change.server.ts';
import { addCounts, type ReviewCounts } from '../segments/review-counts.ts';
import { TOO_MUCH_TOGETHER } from '../segments/fit-in-one-statement.ts';
import { stillReviewed } from '../segments/review-fingerprint.server.ts';
import { causeOf, isActive, saysOther } from '../segments/segment-change.ts';
import type { Segment } from '../segments/segment.ts';
import { heldAfterMoves, stageMoves } from '../segments/stage-moves.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { enforceChange, needsApproval } from './enforce-change.server.ts';
import { emptiedBy, planChange, type NotReady, type PlannedChange } from './plan-change.server.ts';
import { countCustomers } from './start-change.server.ts';

export interface StepOptions {
  /** Business time. */
  now: Date;
  /** Customers in one step. */
  chunk: number;
  log: Log;
}

/** One step; beyond it a segment is taken for one that cannot be evaluated. */
const LIMIT_MS = 25_000;
/** One statement over the moves of everybody. */
const RECOUNT_LIMIT_MS = 200_000;

/** A step of a run that is `working`. */
export async function workOutStep(tx: ShopTx, run: ChangeRun, options: StepOptions): Promise<void> {
  const planned = await planFor(tx, run, options);
  if (!planned) return;
  const { now, chunk } = options;
  const page = await touchCustomersAfter(tx, run.cursor, chunk, causeOf(run.change.act));
  if (page.touched > 0) {
    const counts = await stage(tx, planned, options);
    if (!counts) return;
    await noteChangeRun(tx, {
      cursor: page.last ?? run.cursor,
      done: run.done + page.touched,
      total: Math.max(run.total, run.done + page.touched),
      review: addCounts(run.review, counts),
    });
    await forgetAgain(tx);
    return;
  }
  const counts = await countsNow(tx, run, planned, options);
  if (!counts) return;
  const { proposal, affected, ruleDay } = planned;
  const review = reviewOf({ act: run.change.act, affected, ruleDay }, counts);
  const small = !run.ask && !(await needsApproval(tx, { change: run.change, affected, review }));
  if (!small || proposal.targets.length === 0) {
    await noteChangeRun(tx, { state: 'ready', review: counts, countedAt: now, ask: true });
  } else {
    await noteChangeRun(tx, { state: 'approved', review: counts, approvedAt: now, message: null });
  }
}

/**
 * A step of a run that is `approved`: at its end the change is in force, or, when it would do something else by now than
 * what was approved, it waits for a person with the new numbers.
 */
export async function putInForceStep(tx: ShopTx, run: ChangeRun, options: StepOptions): Promise<void> {
  const planned = await planFor(tx, run, options);
  if (!planned) return;
  const cause = causeOf(run.change.act);
  const counts = await countsNow(tx, run, planned, options);
  if (!counts) return;
  const { proposal, affected, ruleDay } = planned;
  const { act } = run.change;
  const review = reviewOf({ act, affected, ruleDay }, counts);
  // What a person has looked at; what needed nobody must be such a change still.
  const shown = run.ask && run.review ? reviewOf({ act, affected, ruleDay }, run.review) : review;
  const asApproved = run.ask
    ? stillReviewed(shown.fingerprint, review) !== undefined
    : !(await needsApproval(tx, { change: run.change, affected, review }));
  if (!asApproved) {
    const message = run.ask ? 'changed' : null;
    await noteChangeRun(tx, { state: 'ready', review: counts, countedAt: options.now, ask: true, message });
    return;
  }
  const at = options.now;
  const approvalId = await enforceChange(tx, {
    change: run.change,
    proposal,
    affected,
    shown: shown.segments,
    review,
    actor: run.actor,
    note: run.note,
    now: at,
  });
  const headers = await beginHeaders(
    tx,
    { affected: withNewVersions(planned), cause, at },
    ruleDay.cutPoints.version,
  );
  await noteChangeRun(tx, {
    state: 'applying',
    review: counts,
    approvedAt: at,
    approvalId,
    headers,
    cursor: '0',
    done: 0,
    total: await countCustomers(tx),
  });
}

/** The plan by which the run was worked out; null when it has to begin anew, or cannot be made any more. */
async function planFor(tx: ShopTx, run: ChangeRun, { now }: StepOptions): Promise<PlannedChange | null> {
  const planned = await planChange(tx, run.change, now);
  if (planned.outcome === 'not_ready') {
    await noteChangeRun(tx, { state: 'cancelling', message: WHY_NOT[planned.reason] });
    return null;
  }
  const basis = basisOf(run, planned);
  if (basis === run.basis) return planned;
  await beginAnew(tx, { basis, looked: run.basis !== '' && run.state !== 'working' });
  return run.basis === '' && run.state === 'working' ? planned : null;
}

/** @param options.looked somebody has seen other numbers */
export async function beginAnew(
  tx: ShopTx,
  { basis, looked }: { basis?: string; looked: boolean },
): Promise<void> {
  await noteChangeRun(tx, {
    state: 'working',
    ...(basis === undefined ? {} : { basis }),
    cursor: '0',
    done: 0,
    review: null,
    ...(looked ? { ask: true, message: 'changed' } : {}),
  });
}

/** Everything that the moves depend on, but the customers' own facts. */
export function basisOf(run: Pick<ChangeRun, 'change'>, { affected, ruleDay }: PlannedChange): string {
  const { policy, timeZone, currency } = ruleDay.context;
  const decided = [decidedOn({ act: run.change.act, affected, ruleDay }), policy, timeZone, currency];
  return createHash('sha256').update(JSON.stringify(decided)).digest('hex').slice(0, 32);
}

const WHY_NOT: Record<NotReady, string> = {
  nothing_to_change: 'What was to be changed is so already, or was changed by something else.',
  no_predictions: 'A segment asks for predictions, and your store has none that can be relied on now.',
  not_available: 'A segment asks for something that your store cannot supply now.',
  too_much: TOO_MUCH_TOGETHER,
  not_imported: 'Your store is still being read.',
  leaving: 'Everything of this app is being taken out of your store.',
};

/** @returns what the touched customers add to the review; null when a segment could not be evaluated */
async function stage(tx: ShopTx, planned: PlannedChange, options: StepOptions): Promise<ReviewCounts | null> {
  const { affected, proposal, ruleDay } = planned;
  const active = affected.filter(isActive);
  return tried(tx, LIMIT_MS, options, async () => {
    await stageMoves(tx, { active, emptied: emptiedBy(proposal) }, ruleDay.context);
    return countMoves(tx, planned, { touched: true });
  });
}

/**
 * What the moves of everybody come to, with those of whom something has changed since looked at again.
 * @returns null when the step ends here: there are more of them, or it was given up
 */
async function countsNow(
  tx: ShopTx,
  run: ChangeRun,
  planned: PlannedChange,
  options: StepOptions,
): Promise<ReviewCounts | null> {
  const again = await touchAgain(tx, causeOf(run.change.act), options.chunk);
  if (again === 0) {
    if (!run.review) throw new TypeError('what was worked out has counts');
    return run.review;
  }
  if (!(await stage(tx, planned, options))) return null;
  await forgetAgain(tx);
  if (await anyAgain(tx)) return null;
  await allowMassAct(tx);
  // Joins of everybody with everybody's tags: see touched-customers.server.ts on what the planner expects.
  await tx.query(`SELECT set_config('enable_nestloop', 'off', true)`);
  return tried(tx, RECOUNT_LIMIT_MS, options, () => countMoves(tx, planned, { touched: false }));
}

function countMoves(
  tx: ShopTx,
  { affected, ruleDay }: PlannedChange,
  { touched }: { touched: boolean },
): Promise<ReviewCounts> {
  const active = affected.filter(isActive).map(({ id }) => id);
  const held = heldAfterMoves(tx.shopId, active, { touched });
  return countReview(tx, { affected, tagPrefix: ruleDay.day.tagPrefix, held, touched });
}

/** Gives the run up when it cannot be done, or takes too long. */
async function tried<T>(
  tx: ShopTx,
  limitMs: number,
  { log }: StepOptions,
  work: () => Promise<T>,
): Promise<T | null> {
  const done = await attempt(tx, limitMs, work);
  if (done.ok) return done.value;
  log.error({ shopId: tx.shopId, err: done.error }, 'a change of segments could not be worked out');
  await noteChangeRun(tx, {
    state: 'cancelling',
    message: 'A segment of this change could not be evaluated. Nothing was changed.',
  });
  return null;
}

/** The next customers who were touched since their moves were worked out. @returns how many */
async function touchAgain(tx: ShopTx, cause: MassCause, limit: number): Promise<number> {
  return touchSelected(
    tx,
    sql`SELECT customer_id, ${cause}::text FROM segment_move_again
         WHERE shop_id = ${tx.shopId} ORDER BY customer_id LIMIT ${limit}`,
  );
}

async function anyAgain(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(
    sql`SELECT 1 FROM segment_move_again WHERE shop_id = ${tx.shopId} LIMIT 1`,
  );
  return rowCount === 1;
}

async function forgetAgain(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    DELETE FROM segment_move_again a USING touched_customer t
     WHERE a.shop_id = ${tx.shopId} AND a.customer_id = t.customer_id`);
}

/** As they are once they are written: a rule that says something else is a new version. */
function withNewVersions({ affected, proposal }: PlannedChange): Segment[] {
  const other = new Set(
    proposal.targets.flatMap(({ before, after }) => (saysOther(before, after) ? [after.id] : [])),
  );
  return affected.map((one) => (other.has(one.id) ? { ...one, ruleVersion: one.ruleVersion + 1 } : one));
}
