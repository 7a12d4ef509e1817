/**
 * One step of working a change out, in a transaction under the shop's lock: the next customers by id, then those of
 * whom something has changed since they were looked at. Nothing that anybody reads is written: memberships, tags and
 * rules stay as they are, so giving it up leaves no trace. When the last step is done the change waits for a person, or
 * is put in force when it needs none.
 *
 * It is worked out by the segments, rules, numbers and the day of its beginning (`basis`). With others it begins anew.
 */
import { createHash } from 'node:crypto';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { touchCustomers, touchCustomersAfter } from '../history/touched-customers.server.ts';
import type { MassCause } from '../intake/cause.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { Log } from '../log.server.ts';
import type { ChangeRun } from '../segments/change-run.ts';
import { noteChangeRun } from '../segments/change-run.server.ts';
import { countReview } from '../segments/count-review.server.ts';
import { attempt } from '../segments/evaluate-memberships.server.ts';
import { beginHeaders } from '../segments/make-moves.server.ts';
import { decidedOn, reviewOf } from '../segments/review-change.server.ts';
import { addCounts, type ReviewCounts } from '../segments/review-counts.ts';
import { causeOf, isActive, saysOther } from '../segments/segment-change.ts';
import type { Segment } from '../segments/segment.ts';
import { heldAfterMoves, stageMoves } from '../segments/stage-moves.server.ts';
import { enforceChange, needsApproval } from './enforce-change.server.ts';
import { planChange, type NotReady, type PlannedChange } from './plan-change.server.ts';
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
  if (await stageAgain(tx, planned, causeOf(run.change.act), options)) return;
  const { proposal, affected, ruleDay } = planned;
  const counts = run.review;
  if (!counts) throw new TypeError('what was worked out has counts');
  const review = reviewOf({ act: run.change.act, affected, ruleDay }, counts);
  const small = !run.ask && !(await needsApproval(tx, { change: run.change, affected, review }));
  if (!small || proposal.targets.length === 0) await noteChangeRun(tx, { state: 'ready', ask: true });
  else await noteChangeRun(tx, { state: 'approved', approvedAt: now, message: null });
}

/** A step of a run that is `approved`: at its end the change is in force. */
export async function putInForceStep(tx: ShopTx, run: ChangeRun, options: StepOptions): Promise<void> {
  const planned = await planFor(tx, run, options);
  if (!planned) return;
  const cause = causeOf(run.change.act);
  if (await stageAgain(tx, planned, cause, options)) return;
  const { proposal, affected, ruleDay } = planned;
  if (!run.review) throw new TypeError('what was approved has counts');
  const review = reviewOf({ act: run.change.act, affected, ruleDay }, run.review);
  const at = options.now;
  const approvalId = await enforceChange(tx, {
    change: run.change,
    proposal,
    affected,
    shown: review.segments,
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
  not_imported: 'Your store is still being read.',
  leaving: 'Everything of this app is being taken out of your store.',
};

/** @returns what the touched customers add to the review; null when a segment could not be evaluated */
async function stage(
  tx: ShopTx,
  { affected, proposal, ruleDay }: PlannedChange,
  { log }: StepOptions,
): Promise<ReviewCounts | null> {
  const active = affected.filter(isActive);
  const emptied = proposal.targets
    .filter(({ before, after }) => before.status !== 'draft' && after.status === 'draft')
    .map(({ after }) => after.id);
  const staged = await attempt(tx, LIMIT_MS, async () => {
    await stageMoves(tx, { active, emptied }, ruleDay.context);
    const held = heldAfterMoves(tx.shopId, active.map(({ id }) => id), { touched: true }); // prettier-ignore
    return countReview(tx, { affected, tagPrefix: ruleDay.day.tagPrefix, held, touched: true });
  });
  if (staged.ok) return staged.value;
  log.error({ shopId: tx.shopId, err: staged.error }, 'a change of segments could not be worked out');
  await noteChangeRun(tx, {
    state: 'cancelling',
    message: 'A segment of this change could not be evaluated. Nothing was changed.',
  });
  return null;
}

/** @returns whether there were any: customers who were touched since their moves were worked out */
async function stageAgain(
  tx: ShopTx,
  planned: PlannedChange,
  cause: MassCause,
  options: StepOptions,
): Promise<boolean> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT customer_id AS id FROM segment_move_again WHERE shop_id = ${tx.shopId} ORDER BY customer_id LIMIT ${options.chunk}`);
  if (rows.length === 0) return false;
  await touchCustomers(tx, new Map(rows.map(({ id }) => [id, cause])));
  if (await stage(tx, planned, options)) await forgetAgain(tx);
  return true;
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
