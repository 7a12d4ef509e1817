/**
 * One batch of one shop's inbox: facts, profiles, memberships, outbox and the done mark commit together.
 * Decrypting and parsing come before the transaction; inside it there is no network.
 *
 * A batch that fails on data is halved until the failing row is alone, which goes to the dead letters with its
 * reason; nothing blocks the rows behind it. When its facts can be stored but not what follows from them, it is not
 * the message's fault: they are stored, and a job computes the rest. A failure of the world around (database, deployment) leaves the
 * rows waiting. Messages that ask for acts are done one by one after the facts, each with its own mark; one
 * that fails waits, and those behind it are done.
 */
import { dropOwnEchoes } from '../activation/tags/drop-own-echoes.server.ts';
import type { Cipher } from '../cipher.server.ts';
import type { Clock } from '../clock.ts';
import { isErased, lockShop, waitForErasure } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { applyFacts } from '../intake/apply-facts.server.ts';
import { markDead, markDone } from '../intake/inbox/mark-done.server.ts';
import { readMessages, type InboxMessage } from '../intake/inbox/read-messages.server.ts';
import { BATCH_LIMITS, stillWaiting, takeBatch, type InboxRow } from '../intake/inbox/take-batch.server.ts';
import type { WebhookAct } from '../intake/normalise/outcome.ts';
import type { Log } from '../log.server.ts';
import { carryOutAct } from './carry-out-act.server.ts';
import { isPoison, isTooMuch, poisonReason } from './is-poison.ts';
import { refreshTouched } from './refresh-touched.server.ts';
import type { JobSender } from './sender.server.ts';

export interface DrainContext {
  db: Db;
  clock: Clock;
  log: Log;
  cipher: Cipher;
  jobs: JobSender;
  redactionKey: Buffer;
}

export type Drained =
  /** Another worker has the shop. */
  { outcome: 'busy' } | { outcome: 'drained'; rows: number; dead: number; more: boolean };

/** @throws when the world around fails; the rows then wait */
export async function drainInbox(ctx: DrainContext, shopId: ShopId, limits = BATCH_LIMITS): Promise<Drained> {
  const { rows, domain } = await ctx.db.inShop(shopId, async (tx) => {
    const { rows: shops } = await tx.query<{ domain: string }>(sql`
      SELECT domain FROM shop WHERE id = ${shopId}`);
    return { rows: await takeBatch(tx, limits), domain: shops[0]?.domain ?? '' };
  });
  const messages = openAll(ctx, { shopId, domain }, rows);
  const facts = messages.filter(({ normalised }) => normalised.outcome !== 'act');
  let dead = await applyHalving(ctx, shopId, facts);
  if (dead === 'busy') return { outcome: 'busy' };
  let moved = facts.length > 0;
  let fault: { error: unknown } | undefined;
  for (const message of messages) {
    if (message.normalised.outcome !== 'act') continue;
    try {
      dead += await carryOut(ctx, shopId, message, message.normalised.act);
      moved = true;
    } catch (error) {
      ctx.log.error({ err: error, shopId, inboxId: message.id, topic: message.topic }, 'an act failed');
      fault ??= { error };
    }
  }
  // With nothing else to do, the back-off of a failed turn is due.
  if (fault && !moved) throw fault.error;
  // A batch may be cut by its bytes, so only an empty one is the end.
  return { outcome: 'drained', rows: rows.length, dead, more: rows.length > 0 };
}

type OpenedRow = InboxMessage & { row: InboxRow };

/**
 * A payload that cannot be opened among others that can is a dead letter.
 * @throws AppError 'config' when none can: then it is the key
 */
function openAll(
  ctx: DrainContext,
  shop: { shopId: ShopId; domain: string },
  rows: readonly InboxRow[],
): OpenedRow[] {
  let fault: unknown;
  const opened = rows.map((row): OpenedRow => {
    try {
      const [message] = readMessages([row], shop, ctx.cipher);
      if (message) return { ...message, row };
    } catch (error) {
      fault = error;
    }
    const normalised = { outcome: 'unreadable', reason: 'the stored message cannot be decrypted' } as const;
    return { id: row.id, topic: row.topic, row, normalised };
  });
  if (fault !== undefined && opened.every(({ normalised }) => normalised.outcome === 'unreadable'))
    throw fault;
  return opened;
}

/** @returns how many went to the dead letters */
async function applyHalving(
  ctx: DrainContext,
  shopId: ShopId,
  messages: readonly OpenedRow[],
): Promise<number | 'busy'> {
  if (messages.length === 0) return 0;
  try {
    return await ctx.db.inShop(shopId, (tx) => applyBatch(ctx, tx, messages));
  } catch (caught) {
    const late = caught instanceof RefreshFailed;
    const error = late ? caught.cause : caught;
    const [only] = messages;
    if (messages.length === 1 && only) {
      if (!isPoison(error)) throw error;
      if (late) {
        ctx.log.error({ err: error, shopId, inboxId: only.id }, 'facts stored; a job computes what follows');
        return ctx.db.inShop(shopId, (tx) => applyBatch(ctx, tx, messages, { refreshAsJob: true }));
      }
      ctx.log.error({ err: error, shopId, inboxId: only.id, topic: only.topic }, 'message put aside');
      await ctx.db.inShop(shopId, (tx) => markDead(tx, only.id, poisonReason(error), ctx.clock.machineNow()));
      return 1;
    }
    if (!isPoison(error) && !isTooMuch(error)) throw error;
  }
  const half = Math.ceil(messages.length / 2);
  const first = await applyHalving(ctx, shopId, messages.slice(0, half));
  if (first === 'busy') return 'busy';
  const second = await applyHalving(ctx, shopId, messages.slice(half));
  return second === 'busy' ? 'busy' : first + second;
}

/** The facts are in order: what is computed from them failed. */
class RefreshFailed extends Error {}

async function applyBatch(
  ctx: DrainContext,
  tx: ShopTx,
  messages: readonly OpenedRow[],
  { refreshAsJob = false }: { refreshAsJob?: boolean } = {},
): Promise<number | 'busy'> {
  if (!(await lockShop(tx, tx.shopId))) return 'busy';
  const now = ctx.clock.machineNow();
  const waiting = await stillWaiting(
    tx,
    messages.map((message) => message.id),
  );
  const mine = messages.filter((message) => waiting.has(message.id));
  if (await isErased(tx, tx.shopId)) {
    await markDone(
      tx,
      mine.map(({ id }) => id),
      now,
    );
    return 0;
  }
  const facts = mine.flatMap(({ normalised }) => (normalised.outcome === 'facts' ? normalised.facts : []));
  const touched = await applyFacts(tx, await dropOwnEchoes(tx, facts), {
    now,
    redactionKey: ctx.redactionKey,
  });
  try {
    await refreshTouched(ctx, tx, touched, { asJob: refreshAsJob });
  } catch (cause) {
    throw new RefreshFailed('refresh', { cause });
  }
  let dead = 0;
  for (const { id, normalised } of mine) {
    if (normalised.outcome !== 'unreadable') continue;
    await markDead(tx, id, normalised.reason, now);
    dead += 1;
  }
  await markDone(
    tx,
    mine.filter(({ normalised }) => normalised.outcome !== 'unreadable').map(({ id }) => id),
    now,
  );
  await tx.query(sql`UPDATE shop_settings SET last_synced_at = ${now} WHERE shop_id = ${tx.shopId}`);
  return dead;
}

/** The act and its mark commit together. @returns 1 when it went to the dead letters */
async function carryOut(
  ctx: DrainContext,
  shopId: ShopId,
  message: OpenedRow,
  act: WebhookAct,
): Promise<number> {
  const now = ctx.clock.machineNow();
  try {
    await ctx.db.inShop(shopId, async (tx) => {
      await waitForErasure(tx, shopId);
      if (!(await stillWaiting(tx, [message.id])).has(message.id)) return;
      const carriedOut = await carryOutAct(ctx, tx, act, {
        causedAt: new Date(message.row.triggeredAt ?? message.row.receivedAt),
        inboxId: message.id,
      });
      if (carriedOut === 'done') await markDone(tx, [message.id], now);
    });
    return 0;
  } catch (error) {
    if (!isPoison(error)) throw error;
    ctx.log.error({ err: error, shopId, inboxId: message.id, topic: message.topic }, 'message put aside');
    await ctx.db.inShop(shopId, (tx) => markDead(tx, message.id, poisonReason(error), now));
    return 1;
  }
}
