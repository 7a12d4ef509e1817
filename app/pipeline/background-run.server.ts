/**
 * Evaluating everybody again takes minutes in a large store: how far it is, and a pause. A paused run has finished its
 * batch: who was done has everything new, all others have everything as before, nobody is in between. It goes on where
 * a person says so, or with the next night; until then the rest waits. There is no way back by half: whoever does not
 * want the new numbers or days changes them back, which is a run of its own.
 */
import { wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import { startRun as writeRun } from '../db/start-run.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { MassCause } from '../intake/cause.ts';
import { readPublishedAt } from '../value/cut-points.server.ts';
import { recordBrake } from './record-brake.server.ts';

/** New numbers or predictions for everybody, or a computation of the whole shop with its cause. */
export type RunKind = 'cut_points' | 'fit' | Exclude<MassCause, 'activation' | 'import'> | 'product';
export const RECOMPUTE_KINDS = ['timezone', 'policy', 'rule', 'refit', 'undo', 'product'] as const;
export type RecomputeKind = (typeof RECOMPUTE_KINDS)[number];

export interface BackgroundRun {
  kind: RunKind;
  state: 'running' | 'paused';
  /** Business time. */
  startedAt: Date;
  /** Customers. */
  done: number;
  total: number;
}

const AT_ONCE = new Date(0);

/** A run that is paused stays paused. */
export async function startRun(tx: ShopTx, run: { kind: RunKind; total: number; now: Date }): Promise<void> {
  await writeRun(tx, run);
}

/** Says how far it is. @returns whether to stop after this batch */
export async function noteProgress(
  tx: ShopTx,
  kind: RunKind,
  { done, total }: { done: number; total: number },
): Promise<'go_on' | 'paused'> {
  const { rows } = await tx.query<{ state: string }>(sql`
    UPDATE background_run SET done = ${done}, total = ${total}
     WHERE shop_id = ${tx.shopId} AND kind = ${kind} RETURNING state`);
  return rows[0]?.state === 'paused' ? 'paused' : 'go_on';
}

export async function isPaused(tx: ShopTx, kind: RunKind): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM background_run WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND state = 'paused'`);
  return rowCount === 1;
}

export async function finishRun(tx: ShopTx, kind: RunKind): Promise<void> {
  await tx.query(sql`DELETE FROM background_run WHERE shop_id = ${tx.shopId} AND kind = ${kind}`);
}

/** Under way or paused. Of new cut points the customers who are still marked say how far it is. */
export async function readRuns(tx: ShopTx): Promise<BackgroundRun[]> {
  const { rows } = await tx.query<
    Omit<BackgroundRun, 'done' | 'total'> & { done: string; total: string }
  >(sql`
    SELECT kind, state, started_at AS "startedAt", done, total FROM background_run
     WHERE shop_id = ${tx.shopId} ORDER BY started_at, kind`);
  const runs = rows.map((row) => ({ ...row, done: Number(row.done), total: Number(row.total) }));
  const ofCutPoints = runs.find(({ kind }) => kind === 'cut_points');
  if (ofCutPoints) {
    const left = await countMarked(tx);
    ofCutPoints.done = Math.max(0, ofCutPoints.total - left);
  }
  return runs;
}

/** Customers who are still to be evaluated by the newest cut points. */
export async function countMarked(tx: ShopTx): Promise<number> {
  const publishedAt = await readPublishedAt(tx);
  if (publishedAt === null) return 0;
  const { rows } = await tx.query<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM profile WHERE shop_id = ${tx.shopId} AND next_review_at = ${publishedAt}`);
  return rows[0]?.n ?? 0;
}

/** @returns false when no such run is under way */
export async function pauseRun(
  tx: ShopTx,
  kind: RunKind,
  { actor, now }: { actor: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    UPDATE background_run SET state = 'paused', actor = ${actor}
     WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND state = 'running'`);
  if (rowCount === 0) return false;
  await recordBrake(tx, { at: now, actor, act: 'pause_run' });
  return true;
}

/**
 * @param options.actor null: the night, which also asks again for what is under way, in case its job was lost
 * @returns the kinds that go on
 */
export async function resumeRuns(
  tx: ShopTx,
  { kind, actor, now }: { kind?: RunKind; actor: string | null; now: Date },
): Promise<RunKind[]> {
  const { rows } = await tx.query<{ kind: RunKind }>(sql`
    UPDATE background_run SET state = 'running', actor = ${actor}
     WHERE shop_id = ${tx.shopId} AND (state = 'paused' OR ${actor === null}) AND (${kind ?? null}::text IS NULL OR kind = ${kind ?? null})
    RETURNING kind`);
  const kinds = rows.map((row) => row.kind);
  if (kinds.length > 0 && actor !== null) await recordBrake(tx, { at: now, actor, act: 'resume_run' });
  for (const one of kinds) await wakeRun(tx, one, now);
  return kinds;
}

/** Everything is computed again in the background, with this cause; progress and pause come with it. */
export async function wishRecompute(
  tx: ShopTx,
  { cause, now }: { cause: RecomputeKind; now: Date },
): Promise<void> {
  await startRun(tx, { kind: cause, total: 0, now });
  await wakeRun(tx, cause, now);
}

async function wakeRun(tx: ShopTx, kind: RunKind, now: Date): Promise<void> {
  if (kind === 'cut_points') await wake(tx, tx.shopId, 'review', now);
  else await wake(tx, tx.shopId, kind === 'fit' ? 'apply-fit' : 'recompute', AT_ONCE);
}
