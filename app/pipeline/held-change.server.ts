/**
 * Changes of many customers that wait for a person: numbers and fits before they are put in force, runs before their
 * tags are written. Counts only, no customer ids: a held change outlives an erasure.
 *
 * One a subject is open at a time, except at the outbox, where runs may follow each other. A newer computation takes
 * the place of an undecided older one.
 */
import { raiseAttention } from '../activation/flow/raise-attention.server.ts';
import {
  holdRows,
  readHeldTagChanges,
  releaseRows,
  type TagChange,
} from '../activation/held/held-outbox.server.ts';
import { queueSelected } from '../activation/tags/queue-changed.server.ts';
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { needsPerson } from './brake.ts';

/** What is held: numbers or a fit before they are put in force, or customers in the outbox. */
export type HeldSubject = 'cut_points' | 'fit' | 'outbox';
/** Why it was made. `loss`: a segment with an offer lost many members in a day. */
export type HeldCause = 'refit' | 'import' | 'timezone' | 'rebuild' | 'loss';
/** allowed: discarded, and later let in again. */
export type HeldState = 'measuring' | 'held' | 'released' | 'discarded' | 'replaced' | 'allowed';

export interface HeldChange {
  id: string;
  cause: HeldCause;
  subject: HeldSubject;
  /** Of the cut points or the fit. */
  version: number | null;
  madeAt: Date;
  buyers: number;
  /** Customers whose tags would change. */
  affected: number;
  changes: TagChange[];
  /** Which live segments and rules the counts are about. */
  basis: string;
  state: HeldState;
  decidedAt: Date | null;
  actor: string | null;
}

/** Waiting for a person, oldest first. */
export function readHeldChanges(tx: ShopTx): Promise<HeldChange[]> {
  return read(tx, sql`state = 'held' ORDER BY id`);
}

/** What was held and has been decided, newest first. */
export function readDecidedChanges(tx: ShopTx, limit: number): Promise<HeldChange[]> {
  return read(
    tx,
    sql`state IN ('released', 'discarded', 'replaced', 'allowed') ORDER BY decided_at DESC, id DESC LIMIT ${limit}`,
  );
}

export async function readHeldChange(tx: ShopTx, id: string): Promise<HeldChange | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  return (await read(tx, sql`id = ${id}::bigint`))[0] ?? null;
}

async function read(tx: ShopTx, which: Sql): Promise<HeldChange[]> {
  const { rows } = await tx.query<HeldChange & Record<string, unknown>>(sql`
    SELECT id, cause, subject, version, made_at AS "madeAt", buyers, affected,
           coalesce(changes -> 'segments', '[]') AS changes, coalesce(changes ->> 'basis', '') AS basis,
           state, decided_at AS "decidedAt", actor
      FROM held_change WHERE shop_id = ${tx.shopId} AND ${which}`);
  return rows;
}

/** Of numbers and fits: the one that waits, and the one that was discarded last. */
export async function readDecisions(
  tx: ShopTx,
  subject: 'cut_points' | 'fit',
): Promise<{ held: number | null; discarded: number | null }> {
  const { rows } = await tx.query<{ held: number | null; discarded: number | null }>(sql`
    SELECT max(version) FILTER (WHERE state = 'held') AS held,
           max(version) FILTER (WHERE state = 'discarded') AS discarded
      FROM held_change WHERE shop_id = ${tx.shopId} AND subject = ${subject}`);
  return rows[0] ?? { held: null, discarded: null };
}

export interface Measured {
  buyers: number;
  affected: number;
  changes: TagChange[];
  basis: string;
}

/** Holds numbers or a fit that were not put in force, in the place of an older one that nobody decided on. */
export async function holdPublication(
  tx: ShopTx,
  held: { subject: 'cut_points' | 'fit'; version: number; measured: Measured; now: Date },
): Promise<string> {
  await replaceHeld(tx, held.subject, held.now);
  const id = await insertHeld(tx, { ...held, cause: 'refit', state: 'held' });
  await raiseAttention(tx, held.now);
  return id;
}

/** What waited is overtaken: newer numbers were computed, or it is not needed any more. */
export async function replaceHeld(tx: ShopTx, subject: 'cut_points' | 'fit', now: Date): Promise<void> {
  await tx.query(sql`
    UPDATE held_change SET state = 'replaced', decided_at = ${now}
     WHERE shop_id = ${tx.shopId} AND subject = ${subject} AND state = 'held'`);
}

/**
 * From now on a run queues its customers with this id (queueChanged's `heldBy`), so that nothing is written before the
 * whole is known. A run that was killed goes on with the one it began.
 */
export async function openOutboxHold(
  tx: ShopTx,
  { cause, now }: { cause: HeldCause; now: Date },
): Promise<string> {
  const [open] = await read(
    tx,
    sql`subject = 'outbox' AND state = 'measuring' AND cause = ${cause} ORDER BY id LIMIT 1`,
  );
  if (open) return open.id;
  const measured = { buyers: 0, affected: 0, changes: [], basis: '' };
  return insertHeld(tx, { subject: 'outbox', cause, version: null, measured, now, state: 'measuring' });
}

/**
 * The hold of a run that is wished, under way or paused and that nobody approved (another time zone). Every other run
 * computes by the new days too, so what it queues waits for the whole; the run itself takes this hold up and closes it.
 * The settings are locked until the transaction ends: days cannot move between this and the computation.
 * @returns null when there is no such run
 */
export async function openHoldOfUnapproved(tx: ShopTx, now: Date): Promise<string | null> {
  await tx.query(sql`SELECT 1 FROM shop_settings WHERE shop_id = ${tx.shopId} FOR SHARE`);
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM background_run WHERE shop_id = ${tx.shopId} AND kind = 'timezone'`);
  return rowCount === 0 ? null : openOutboxHold(tx, { cause: 'timezone', now });
}

/** The run has ended: small, its customers are set free; large, it waits for a person. */
export async function closeOutboxHold(
  tx: ShopTx,
  id: string,
  { always = false }: { always?: boolean } = {},
): Promise<{ outcome: 'held' | 'free'; affected: number }> {
  const counted = await readHeldTagChanges(tx, id);
  const buyers = await countBuyers(tx);
  if (counted.affected === 0 || (!always && !needsPerson(counted.affected, buyers))) {
    await releaseRows(tx, id);
    await tx.query(sql`DELETE FROM held_change WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`);
    return { outcome: 'free', affected: counted.affected };
  }
  const { rows } = await tx.query<{ madeAt: Date }>(sql`
    UPDATE held_change SET state = 'held', buyers = ${buyers}::int, affected = ${counted.affected}::int,
           changes = changes || ${JSON.stringify({ segments: counted.changes, basis: '' })}::jsonb
     WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint AND state = 'measuring' RETURNING made_at AS "madeAt"`);
  if (rows[0]) await raiseAttention(tx, rows[0].madeAt);
  return { outcome: 'held', affected: counted.affected };
}

/** What waits is counted anew, and is let go where nothing would be written any more. */
export async function recountHeld(tx: ShopTx, cause: HeldCause): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(sql`
    UPDATE held_change SET state = 'measuring'
     WHERE shop_id = ${tx.shopId} AND subject = 'outbox' AND cause = ${cause} AND state = 'held' RETURNING id`);
  for (const { id } of rows) await closeOutboxHold(tx, id, { always: true });
}

/**
 * For other features: the tags of these customers wait for a person, whatever their number, in the caller's
 * transaction, which is the one that queued them (or holds the shop's lock).
 * @param held.customers ids, or a SELECT of customer_id
 * @returns the held change, or null when nothing would be written for any of them
 */
export async function holdCustomers(
  tx: ShopTx,
  { cause, customers, now }: { cause: HeldCause; customers: readonly ShopifyId[] | Sql; now: Date },
): Promise<string | null> {
  const measured = { buyers: 0, affected: 0, changes: [], basis: '' };
  const id = await insertHeld(tx, {
    subject: 'outbox',
    cause,
    version: null,
    measured,
    now,
    state: 'measuring',
  });
  const select = 'sql' in customers ? customers : sql`SELECT unnest(${customers}::bigint[]) AS customer_id`;
  await queueSelected(tx, select, now);
  await holdRows(tx, id, select);
  const { outcome } = await closeOutboxHold(tx, id, { always: true });
  return outcome === 'held' ? id : null;
}

/** Buyers who are not left out. */
export async function countBuyers(tx: ShopTx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out`);
  return rows[0]?.n ?? 0;
}

export async function insertHeld(
  tx: ShopTx,
  held: {
    subject: HeldSubject;
    cause: HeldCause;
    version: number | null;
    measured: Measured;
    now: Date;
    state: HeldState;
  },
): Promise<string> {
  const { buyers, affected, changes, basis } = held.measured;
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO held_change (shop_id, cause, subject, version, made_at, buyers, affected, changes, state)
    VALUES (${tx.shopId}, ${held.cause}, ${held.subject}, ${held.version}::int, ${held.now}, ${buyers}::int,
            ${affected}::int, ${JSON.stringify({ segments: changes, basis })}::jsonb || jsonb_build_object(
              'movesAfter', (SELECT coalesce(max(id), 0) FROM mass_change WHERE shop_id = ${tx.shopId})), ${held.state})
    RETURNING id`);
  return rows[0]?.id ?? '';
}

export async function settleHeld(
  tx: ShopTx,
  { id, state, actor, now }: { id: string; state: 'released' | 'discarded'; actor: string; now: Date },
): Promise<void> {
  await tx.query(sql`
    UPDATE held_change SET state = ${state}, decided_at = ${now}, actor = ${actor}
     WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`);
}
