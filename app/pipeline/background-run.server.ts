/**
 * Evaluating everybody again takes minutes in a large store: how far it is, and a pause. A paused run has finished its
 * batch: who was done has everything new, all others have everything as before, nobody is in between. It goes on where
 * a person says so, or with the next night; until then the rest waits.
 *
 * Another order policy and new cut points can be cancelled while they go on (cancel-run.server.ts): what was in force
 * before is in force again, and the run goes back over everybody. It is one run all the way, with one row.
 */
import { AT_ONCE, wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import { startRun as writeRun } from '../db/start-run.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { MassCause } from '../intake/cause.ts';
import { readPublishedAt } from '../value/cut-points.server.ts';
import { recountHeld } from './held-change.server.ts';
import { recordBrake } from './record-brake.server.ts';

/** New numbers or predictions for everybody, or a computation of the whole shop with its cause. */
export type RunKind = 'cut_points' | 'fit' | Exclude<MassCause, 'activation' | 'import'> | 'product';
export const RECOMPUTE_KINDS = ['timezone', 'policy', 'rule', 'refit', 'undo', 'product'] as const;
export type RecomputeKind = (typeof RECOMPUTE_KINDS)[number];

export interface BackgroundRun {
  /** Names this one to pages and forms. */
  id: string;
  kind: RunKind;
  state: 'running' | 'paused';
  /** Business time. */
  startedAt: Date;
  /** Customers. */
  done: number;
  total: number;
  /** Null: it cannot be cancelled. */
  wayBack: WayBack | null;
  /** Business time. Set: it is on its way back. */
  cancelledAt: Date | null;
}

/** What cancelling a run goes back to. */
export interface WayBack {
  /** Of an order policy: the version that was in force before. */
  policyVersion?: number;
  /** Versions of cut points that this run has put in force. */
  cutPoints: number[];
  /** The last mass change of before (mass_change.id); what it moved came after it ... */
  movesAfter: string;
  /** ... and up to this one, once it is cancelled. */
  movesTo?: string;
  /** Business time. */
  begunAt: string;
}

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

/** Whether it is on its way back. */
export async function isCancelled(tx: ShopTx, kind: RunKind): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM background_run
     WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND cancelled_at IS NOT NULL`);
  return rowCount === 1;
}

/** From here on this run can be cancelled. Before it moves anybody; it has a new name from then on. */
export async function noteWayBack(
  tx: ShopTx,
  kind: RunKind,
  { now, cutPoints = [], ...back }: { policyVersion?: number; cutPoints?: number[]; now: Date },
): Promise<void> {
  const wayBack = JSON.stringify({ ...back, cutPoints, begunAt: now.toISOString() });
  await tx.query(sql`
    UPDATE background_run SET id = DEFAULT, cancelled_at = NULL, way_back = ${wayBack}::jsonb || jsonb_build_object(
             'movesAfter', (SELECT coalesce(max(id), 0)::text FROM mass_change WHERE shop_id = ${tx.shopId}))
     WHERE shop_id = ${tx.shopId} AND kind = ${kind}`);
}

/** This run has put another version of the cut points in force. */
export async function notePublished(tx: ShopTx, kind: RunKind, version: number): Promise<void> {
  await tx.query(sql`
    UPDATE background_run
       SET way_back = jsonb_set(way_back, '{cutPoints}', (way_back -> 'cutPoints') || to_jsonb(${version}::int))
     WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND way_back IS NOT NULL`);
}

/** It goes back over everybody, from the first. */
export async function turnBack(
  tx: ShopTx,
  kind: RunKind,
  { actor, now, total }: { actor: string; now: Date; total: number },
): Promise<void> {
  await tx.query(sql`
    UPDATE background_run SET state = 'running', actor = ${actor}, cancelled_at = ${now}, done = 0, total = ${total},
           way_back = way_back || jsonb_build_object(
             'movesTo', (SELECT coalesce(max(id), 0)::text FROM mass_change WHERE shop_id = ${tx.shopId}))
     WHERE shop_id = ${tx.shopId} AND kind = ${kind}`);
  await wakeRun(tx, kind, now);
}

export async function isPaused(tx: ShopTx, kind: RunKind): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM background_run WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND state = 'paused'`);
  return rowCount === 1;
}

export async function finishRun(tx: ShopTx, kind: RunKind): Promise<void> {
  const { rows } = await tx.query<{ back: boolean }>(sql`
    DELETE FROM background_run WHERE shop_id = ${tx.shopId} AND kind = ${kind}
    RETURNING cancelled_at IS NOT NULL AS back`);
  // Who was lost to a segment by it is there again.
  if (rows[0]?.back) await recountHeld(tx, 'loss');
}

export async function isUnderWay(tx: ShopTx, kinds: readonly RunKind[]): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM background_run WHERE shop_id = ${tx.shopId} AND kind = ANY(${[...kinds]}::text[]) LIMIT 1`);
  return rowCount === 1;
}

/** Under way or paused. Of new cut points the customers who are still marked say how far it is. */
export async function readRuns(tx: ShopTx): Promise<BackgroundRun[]> {
  const { rows } = await tx.query<
    Omit<BackgroundRun, 'done' | 'total'> & { done: string; total: string }
  >(sql`
    SELECT id, kind, state, started_at AS "startedAt", done, total, way_back AS "wayBack", cancelled_at AS "cancelledAt"
      FROM background_run
     WHERE shop_id = ${tx.shopId} ORDER BY started_at, kind`);
  const runs = rows.map((row) => ({ ...row, done: Number(row.done), total: Number(row.total) }));
  const ofCutPoints = runs.find(({ kind }) => kind === 'cut_points');
  if (ofCutPoints) {
    const left = await countMarked(tx);
    ofCutPoints.done = Math.max(0, ofCutPoints.total - left);
  }
  return runs;
}

/** For pages. */
export interface ShownRun extends Pick<BackgroundRun, 'id' | 'kind' | 'state' | 'done' | 'total'> {
  /** open: it can be cancelled; going_back: it was. */
  way: 'open' | 'going_back' | 'none';
  /** Its tags wait with those of another time zone. */
  waitsForZone: boolean;
}

export async function readShownRuns(tx: ShopTx): Promise<ShownRun[]> {
  const runs = await readRuns(tx);
  const zone = runs.some(({ kind }) => kind === 'timezone');
  return runs.map(({ id, kind, state, done, total, wayBack, cancelledAt }) => ({
    ...{ id, kind, state, done, total },
    way: cancelledAt ? 'going_back' : wayBack ? 'open' : 'none',
    waitsForZone: zone && kind !== 'timezone',
  }));
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
