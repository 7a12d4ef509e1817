/**
 * Tells Flow what is in the outbox: at least once each, in the order of one customer and segment, with back-off when
 * it is not taken. What Flow refuses for good is given up at once, the rest three days after the first try; both with a
 * line that the merchant sees. One run a shop at a time (the job sees to that).
 *
 * A run for those who are in a segment already goes out in portions, so that automations do not start by the
 * thousand in a minute and the merchant can stop it.
 */
import { AppError } from '../../app-error.ts';
import { backOffMs } from '../../back-off.ts';
import type { Clock } from '../../clock.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { mayWrite } from '../tags/may-write.server.ts';
import { endRuns } from './end-runs.server.ts';
import { composeFlowMutation, flowAnswerOf, MOST_TRIGGERS, type FlowAnswer } from './flow-mutation.ts';
import type { FlowMessage } from './flow-words.ts';
import { raiseAttention } from './raise-attention.server.ts';
import { UNDER_WAY } from './stop-flow.server.ts';
import { STILL_TRUE } from './release-waiting.server.ts';

export const GIVE_UP_AFTER_DAYS = 3;
const DAY_MS = 86_400_000;
const BACK_OFF = { firstMs: 30_000, longestMs: 3_600_000 };
/** Of a run: so many at a time, and so long between two portions. */
export const PORTION = 50;
export const PORTION_MS = 30_000;
/** Writing was stopped by a person: how long until it is looked at again whether it still is. */
const STOPPED_MS = 60_000;

export interface FlowContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
}

interface Taken extends FlowMessage {
  id: string;
  attempts: number;
  /** Machine time; null: this is the first try. */
  firstTriedAt: Date | null;
}

/** @returns when there is more to do (machine time); null: nothing waits for this */
export async function sendFlow(
  ctx: FlowContext,
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Date | null> {
  for (;;) {
    signal?.throwIfAborted();
    const machineNow = ctx.clock.machineNow();
    const { taken, nextAt } = await ctx.db.inShop(shopId, async (tx) => {
      if (!(await mayWrite(tx))) {
        const waits = (await nextDue(tx)) !== null;
        return { taken: [], nextAt: waits ? new Date(machineNow.getTime() + STOPPED_MS) : null };
      }
      await raiseAttention(tx, ctx.clock.now());
      const rows = await take(tx, { now: ctx.clock.now(), machineNow });
      await claim(tx, rows, machineNow);
      return { taken: rows, nextAt: rows.length === 0 ? await nextDue(tx) : null };
    });
    if (taken.length === 0) return nextAt;
    await deliver(ctx, shopId, taken, signal);
  }
}

async function take(tx: ShopTx, { now, machineNow }: { now: Date; machineNow: Date }): Promise<Taken[]> {
  const due = sql`
    e.shop_id = ${tx.shopId} AND e.state = 'waiting' AND e.wait_until IS NULL AND e.not_before <= ${machineNow}
    AND NOT EXISTS (SELECT FROM flow_event before
                     WHERE before.shop_id = e.shop_id AND before.customer_id = e.customer_id
                       AND before.segment_id = e.segment_id AND before.state = 'waiting' AND before.id < e.id)`;
  const columns = sql`e.id, e.trigger, e.customer_id AS "customerId", e.title, e.detail, e.attempts,
    e.first_tried_at AS "firstTriedAt"`;
  const { rows } = await tx.query<Taken & Record<string, unknown>>(sql`
    SELECT ${columns} FROM flow_event e WHERE ${due} AND e.run_id IS NULL ORDER BY e.id LIMIT ${MOST_TRIGGERS}`);
  if (rows.length > 0) return rows;
  const { rows: runs } = await tx.query<{ id: string }>(sql`
    SELECT id FROM flow_run WHERE shop_id = ${tx.shopId} AND state = 'running' AND not_before <= ${machineNow}
     ORDER BY not_before, id LIMIT 1`);
  const run = runs[0]?.id;
  if (run === undefined) return [];
  await tx.query(sql`
    UPDATE flow_event e SET state = 'dropped', finished_at = ${now}, last_error = 'undone'
     WHERE ${due} AND e.run_id = ${run}::bigint AND e.attempts = 0 AND NOT ${STILL_TRUE}`);
  const { rows: portion } = await tx.query<Taken & Record<string, unknown>>(sql`
    SELECT ${columns} FROM flow_event e WHERE ${due} AND e.run_id = ${run}::bigint ORDER BY e.id LIMIT ${PORTION}`);
  if (await endRuns(tx, run)) return portion.length > 0 ? portion : take(tx, { now, machineNow });
  await tx.query(sql`
    UPDATE flow_run SET not_before = ${new Date(machineNow.getTime() + PORTION_MS)}
     WHERE shop_id = ${tx.shopId} AND id = ${run}::bigint`);
  return portion.length > 0 ? portion : take(tx, { now, machineNow });
}

/**
 * Before the request goes out: what may have reached Flow is never dropped as if it had not. An attempt without a word
 * about its end (last_error) is on its way, or its worker died.
 */
async function claim(tx: ShopTx, rows: readonly Taken[], machineNow: Date): Promise<void> {
  await tx.query(sql`
    UPDATE flow_event
       SET attempts = attempts + 1, last_error = NULL, first_tried_at = coalesce(first_tried_at, ${machineNow}::timestamptz)
     WHERE shop_id = ${tx.shopId} AND id = ANY(${rows.map(({ id }) => id)}::bigint[])`);
}

async function deliver(
  ctx: FlowContext,
  shopId: ShopId,
  events: readonly Taken[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { document, variables } = composeFlowMutation(events);
  let answers: FlowAnswer[];
  try {
    const { data } = await ctx.admin.requestComposed(document, variables, {
      priority: 'background',
      cost: events.length,
      // Told twice is better than not at all: workflows are told that it may happen.
      repeatable: true,
      ...(signal ? { signal } : {}),
    });
    answers = events.map((_, index) => flowAnswerOf(data, index));
  } catch (error) {
    if (!(error instanceof AppError) || signal?.aborted) throw error;
    const rejected = error.code === 'shopify_rejected' || error.code === 'shopify_user_error';
    if (rejected && events.length > 1) {
      const half = Math.ceil(events.length / 2);
      await deliver(ctx, shopId, events.slice(0, half), signal);
      await deliver(ctx, shopId, events.slice(half), signal);
      return;
    }
    ctx.log.warn({ err: error, shopId, events: events.length }, 'Flow could not be told');
    answers = events.map(() => ({ kind: rejected ? 'refused' : 'later', said: error.code }));
    if (error.code === 'shopify_access' || error.code === 'config') {
      // Nobody of us is let in: the others need not be tried now, and the job says that it waits.
      await ctx.db.inShop(shopId, (tx) => record(ctx, tx, events, answers));
      throw error;
    }
  }
  await ctx.db.inShop(shopId, (tx) => record(ctx, tx, events, answers));
}

async function record(
  ctx: FlowContext,
  tx: ShopTx,
  events: readonly Taken[],
  answers: readonly FlowAnswer[],
): Promise<void> {
  const machineNow = ctx.clock.machineNow();
  const outcomes = events.map((event, index) => {
    const answer = answers[index] ?? { kind: 'later', said: 'no_answer' };
    const said = answer.kind === 'done' ? null : answer.said.slice(0, 300);
    const since = event.firstTriedAt ?? machineNow;
    const tooOld = machineNow.getTime() - since.getTime() >= GIVE_UP_AFTER_DAYS * DAY_MS;
    const state =
      answer.kind === 'done' ? 'sent' : answer.kind === 'refused' || tooOld ? 'given_up' : 'waiting';
    const wait = backOffMs(BACK_OFF, event.attempts);
    return { id: event.id, state, said, wait };
  });
  await tx.query(sql`
    UPDATE flow_event e
       SET state = CASE WHEN e.state = 'stopped' AND o.state <> 'sent' THEN 'stopped' ELSE o.state END, last_error = o.said,
           not_before = ${machineNow}::timestamptz + o.wait * interval '1 millisecond',
           finished_at = CASE WHEN o.state <> 'waiting' THEN ${ctx.clock.now()}::timestamptz ELSE e.finished_at END
      FROM json_to_recordset(${JSON.stringify(outcomes)}::json) AS o (id bigint, state text, said text, wait int)
     WHERE e.shop_id = ${tx.shopId} AND e.id = o.id
       AND (e.state = 'waiting' OR e.state = 'stopped' AND e.last_error = ${UNDER_WAY})`);
  await endRuns(tx);
  const count = (state: string) => outcomes.filter((one) => one.state === state).length;
  const given = count('given_up');
  ctx.log[given > 0 ? 'warn' : 'info'](
    { shopId: tx.shopId, sent: count('sent'), later: count('waiting'), givenUp: given },
    'Flow was told',
  );
}

/** When the next one may go out; not those that wait for contact hours. */
async function nextDue(tx: ShopTx): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(sql`
    SELECT min(greatest(e.not_before, r.not_before)) AS at
      FROM flow_event e LEFT JOIN flow_run r ON r.shop_id = e.shop_id AND r.id = e.run_id
     WHERE e.shop_id = ${tx.shopId} AND e.state = 'waiting' AND e.wait_until IS NULL
       AND (e.run_id IS NULL OR r.state = 'running')`);
  return rows[0]?.at ?? null;
}
