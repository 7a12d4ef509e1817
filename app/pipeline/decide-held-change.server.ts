/**
 * A person's word on a held change, in one transaction: release puts it in force or lets the tags be written, with all
 * that waits for them, discard leaves the store as it is. Both are recorded with what was shown.
 *
 * What was shown must still be so: a change that was decided, or overtaken by a newer computation, is not decided
 * again, and numbers or a fit whose live segments have changed since are measured anew and shown first.
 */
import { assertNever } from '../app-error.ts';
import { dropRows, releaseRows } from '../activation/held/held-outbox.server.ts';
import { AT_ONCE, wake, waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { readCutPoints } from '../value/cut-points.server.ts';
import { isOnHold } from '../value/hold-period.ts';
import { readHoldPeriod } from '../value/hold-period.server.ts';
import { readFit } from '../value/read-fit.server.ts';
import { putFitInForce } from '../value/store-fit.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { isUnderWay, startRun } from './background-run.server.ts';
import {
  holdPublication,
  readHeldChange,
  replaceHeld,
  settleHeld,
  type HeldChange,
} from './held-change.server.ts';
import { measurePublication, readBasis, type Candidate } from './measure-publication.server.ts';
import { publishNumbers } from './publish-numbers.server.ts';

export type Decision = 'release' | 'discard';

export type Decided =
  | { outcome: 'done'; change: HeldChange }
  /** It was decided, or a newer computation took its place: nothing was done. */
  | { outcome: 'gone' }
  /** Other segments are live now: nothing was done, the new counts are held in its place. */
  | { outcome: 'changed' }
  /** Nothing is put in force in the sale season; `until` is its last day. */
  | { outcome: 'on_hold'; until: string }
  /** Another order policy is being worked out, or taken back: a fit waits for that. Nothing was done. */
  | { outcome: 'under_way' };

export async function decideHeldChange(
  ctx: { db: Db },
  shopId: ShopId,
  { id, decision, actor, now }: { id: string; decision: Decision; actor: string; now: Date },
): Promise<Decided> {
  const decided = await ctx.db.inShop(shopId, async (tx): Promise<Decided> => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const change = await readHeldChange(tx, id);
    if (change?.state !== 'held') return { outcome: 'gone' };
    if (decision === 'release' && change.subject !== 'outbox') {
      if (change.subject === 'fit' && (await isUnderWay(tx, ['policy']))) return { outcome: 'under_way' };
      const day = await readShopDay(tx, now);
      const hold = await readHoldPeriod(tx);
      if (hold && isOnHold(hold, day.today)) return { outcome: 'on_hold', until: hold.to };
      if ((await readBasis(tx, change.subject)) !== change.basis) return { outcome: 'changed' };
    }
    const carriedOut =
      decision === 'release' ? await release(tx, change, now) : await discard(tx, change, now);
    if (!carriedOut) {
      if (change.subject !== 'outbox') await replaceHeld(tx, change.subject, now);
      return { outcome: 'gone' };
    }
    const state = decision === 'release' ? 'released' : 'discarded';
    await settleHeld(tx, { id, state, actor, now });
    await record(tx, { change, decision, actor, now });
    return { outcome: 'done', change };
  });
  if (decided.outcome === 'changed') await measureAgain(ctx, shopId, id, now);
  return decided;
}

/** @returns false when something newer is in force already, or the shop's currency is another one since */
async function release(tx: ShopTx, change: HeldChange, now: Date): Promise<boolean> {
  switch (change.subject) {
    case 'outbox':
      await releaseRows(tx, change.id);
      return true;
    case 'cut_points':
      return publishNumbers(tx, change.version ?? 0, now);
    case 'fit': {
      const fit = await readFit(tx, change.version ?? 0);
      if (fit?.currency !== (await readShopDay(tx, now)).currency) return false;
      if (!(await putFitInForce(tx, change.version ?? 0, now))) return false;
      await startRun(tx, { kind: 'fit', total: 0, now });
      await wake(tx, tx.shopId, 'apply-fit', AT_ONCE);
      return true;
    }
    default:
      return assertNever(change.subject);
  }
}

async function discard(tx: ShopTx, { id, subject, cause, madeAt }: HeldChange, now: Date): Promise<boolean> {
  if (subject !== 'outbox') return true;
  if (cause === 'timezone') await freeApproved(tx, id);
  await dropRows(tx, id, { madeAt, now });
  return true;
}

/**
 * An approved run waits with a time zone that it meets. Whom it has moved since has that to be written, whatever becomes
 * of the days.
 */
async function freeApproved(tx: ShopTx, id: string): Promise<void> {
  const { rowCount } = await tx.query(sql`
    UPDATE tag_outbox SET held_by = NULL
     WHERE shop_id = ${tx.shopId} AND held_by = ${id}::bigint AND customer_id IN (
       SELECT m.customer_id FROM held_change h
         JOIN mass_change c ON c.shop_id = h.shop_id AND c.id > (h.changes ->> 'movesAfter')::bigint
          AND c.cause IN ('activation', 'rule', 'policy', 'undo')
         JOIN mass_member m ON m.shop_id = c.shop_id AND m.change_id = c.id
        WHERE h.shop_id = ${tx.shopId} AND h.id = ${id}::bigint)`);
  if (rowCount) await wake(tx, tx.shopId, 'outbox', AT_ONCE);
}

async function record(
  tx: ShopTx,
  { change, decision, actor, now }: { change: HeldChange; decision: Decision; actor: string; now: Date },
): Promise<void> {
  const { id, cause, subject, version, buyers, affected, changes } = change;
  const review = {
    heldChange: id,
    cause,
    subject,
    version,
    buyers,
    customersAffected: affected,
    segments: changes,
  };
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    SELECT ${tx.shopId}, ${now}, ${actor}, ${`${decision}_change`},
           coalesce(array_agg(s.id), '{}')::bigint[], ${JSON.stringify(review)}::jsonb
      FROM segment s WHERE s.shop_id = ${tx.shopId} AND s.key = ANY(${changes.map(({ key }) => key)}::text[])`);
}

async function measureAgain(ctx: { db: Db }, shopId: ShopId, id: string, now: Date): Promise<void> {
  const candidate = await ctx.db.inShop(shopId, async (tx): Promise<Candidate | null> => {
    const change = await readHeldChange(tx, id);
    if (!change || change.version === null || change.subject === 'outbox') return null;
    if (change.subject === 'cut_points') {
      const cutPoints = await readCutPoints(tx, change.version);
      return cutPoints && { subject: 'cut_points', cutPoints };
    }
    const fit = await readFit(tx, change.version);
    return fit && { subject: 'fit', fit };
  });
  if (!candidate) return;
  const measured = await measurePublication(ctx, shopId, candidate, { now });
  const version = candidate.subject === 'fit' ? candidate.fit.version : candidate.cutPoints.version;
  await ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    if ((await readHeldChange(tx, id))?.state !== 'held') return;
    await holdPublication(tx, { subject: candidate.subject, version, measured, now });
  });
}
