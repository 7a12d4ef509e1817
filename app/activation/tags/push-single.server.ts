/**
 * The single way: one request of aliased mutations for a batch of claimed customers. The lease is renewed while
 * the request waits for its points; a writer that dies leaves it to run out.
 *
 * An alias that fails at the top level fails the whole request, although others may have been done: the batch
 * is halved until the failing customer is alone. Repeating the others changes nothing.
 */
import { AppError } from '../../app-error.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import type { PlannedWrite } from './claim-batch.server.ts';
import type { PushContext } from './push-context.server.ts';
import { recordWrites, type RemoteTimes, type WriteResult } from './record-writes.server.ts';
import { answerOf, composeTagMutation, MAX_MUTATIONS, mutationsOf } from './tag-mutation.ts';
import { POINTS_PER_MUTATION } from './choose-way.ts';

export const LEASE_MS = 15_000;
const RENEW_MS = 5_000;

/**
 * Writes and records the claimed customers.
 * @throws AppError 'shopify_access' or 'config' after giving the customers back: nothing can be written for this shop now
 */
export async function pushSingle(
  ctx: PushContext,
  shopId: ShopId,
  writer: string,
  writes: readonly PlannedWrite[],
  signal: AbortSignal,
): Promise<void> {
  const renewal = setInterval(() => void renewLease(ctx, shopId, writer), RENEW_MS);
  try {
    // Side by side: the throttle keeps the pace, and a slow answer costs no points that come back meanwhile.
    const sent = await Promise.allSettled(
      withinOneRequest(writes).map((batch) => send(ctx, shopId, writer, batch, signal)),
    );
    for (const one of sent) if (one.status === 'rejected') throw one.reason;
  } finally {
    clearInterval(renewal);
  }
}

function withinOneRequest(writes: readonly PlannedWrite[]): PlannedWrite[][] {
  const batches: PlannedWrite[][] = [];
  let mutations = MAX_MUTATIONS;
  for (const write of writes) {
    if (mutations + mutationsOf(write) > MAX_MUTATIONS) {
      batches.push([]);
      mutations = 0;
    }
    batches.at(-1)?.push(write);
    mutations += mutationsOf(write);
  }
  return batches;
}

async function send(
  ctx: PushContext,
  shopId: ShopId,
  writer: string,
  writes: readonly PlannedWrite[],
  signal: AbortSignal,
): Promise<void> {
  const { document, variables, mutations } = composeTagMutation(writes);
  const sentAt = ctx.clock.machineNow();
  let results: WriteResult[];
  let remote: RemoteTimes = { date: sentAt, sentAt, confirmedAt: sentAt };
  try {
    const answer = await ctx.admin.requestComposed(document, variables, {
      priority: 'background',
      cost: mutations * POINTS_PER_MUTATION,
      signal,
    });
    remote = { date: answer.date, sentAt: answer.sentAt, confirmedAt: answer.date };
    results = writes.map((write, index) => ({
      ...write,
      answer: answerOf(write, index, answer.data),
    }));
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    const rejected = error.code === 'shopify_rejected' || error.code === 'shopify_user_error';
    if (rejected && writes.length > 1) {
      const half = Math.ceil(writes.length / 2);
      await send(ctx, shopId, writer, writes.slice(0, half), signal);
      await send(ctx, shopId, writer, writes.slice(half), signal);
      return;
    }
    ctx.log.warn({ err: error, shopId, customers: writes.length }, 'a tag write got no answer');
    const answer = rejected
      ? ({ kind: 'refused', failure: { kind: 'refused', said: error.userMessage } } as const)
      : ({ kind: 'unknown', reason: error.code } as const);
    results = writes.map((write) => ({ ...write, answer }));
    await record(ctx, shopId, writer, results, remote);
    if (error.code === 'shopify_access' || error.code === 'config') throw error;
    return;
  }
  await record(ctx, shopId, writer, results, remote);
}

async function record(
  ctx: PushContext,
  shopId: ShopId,
  writer: string,
  results: readonly WriteResult[],
  remote: RemoteTimes,
): Promise<void> {
  await ctx.db.inShop(shopId, (tx) =>
    recordWrites(tx, results, {
      holder: { writer },
      now: ctx.clock.now(),
      machineNow: ctx.clock.machineNow(),
      remote,
    }),
  );
}

async function renewLease(
  ctx: { db: Db; clock: PushContext['clock']; log: PushContext['log'] },
  shopId: ShopId,
  writer: string,
): Promise<void> {
  const until = new Date(ctx.clock.machineNow().getTime() + LEASE_MS);
  await ctx.db
    .inShop(shopId, (tx) =>
      // Whatever is locked is being recorded: waiting for it could be waiting in a circle.
      tx.query(sql`
        UPDATE tag_outbox SET claimed_until = ${until} WHERE shop_id = ${shopId} AND customer_id IN (
          SELECT customer_id FROM tag_outbox
           WHERE shop_id = ${shopId} AND claimed_by = ${writer} AND claimed_until IS NOT NULL AND bulk_id IS NULL
             FOR UPDATE SKIP LOCKED)`),
    )
    .catch((error: unknown) => ctx.log.warn({ err: error, shopId }, 'a lease could not be renewed'));
}
