/**
 * A change of segments of a large store begins in the background, because evaluating everybody takes longer than a
 * page or a transaction may: who would move is worked out in steps (work-out-change.server.ts) while everything stays
 * as it is, then a person approves what it would do, then it is put in force (follow-change.server.ts). One at a time.
 */
import { sql } from '../db/sql.ts';
import { AT_ONCE, wake } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { hasMoreCustomers } from '../history/has-more-customers.server.ts';
import { isUnderWay } from '../segments/change-run.ts';
import { beginChangeRun, readChangeRun, readChangeUnderWay } from '../segments/change-run.server.ts';
import { canonical, type SegmentChange } from '../segments/segment-change.ts';
import { planChange, type NotReady } from './plan-change.server.ts';

/** Up to so many customers a change is made in the transaction that asks for it. */
const CUSTOMERS_AT_ONCE = 5_000;

export interface StartedChange {
  outcome: 'started';
  id: string;
}

export interface BusyChange {
  /** Another change is under way. */
  outcome: 'busy';
  id: string;
}

/** @returns whether the store has more customers than are evaluated at once */
export function isLargeStore(tx: ShopTx, atOnce = CUSTOMERS_AT_ONCE): Promise<boolean> {
  return hasMoreCustomers(tx, atOnce);
}

/**
 * With the shop's lock held. The same change that is under way already goes on.
 * @param wanted.ask false: it is put in force without a person when it needs no approval
 */
export async function startChange(
  tx: ShopTx,
  wanted: { change: SegmentChange; actor: string; note?: string; now: Date; ask: boolean },
): Promise<StartedChange | BusyChange | { outcome: 'not_ready'; reason: NotReady }> {
  const { change, actor, note = '', now, ask } = wanted;
  const known = await readChangeRun(tx);
  if (known && isUnderWay(known)) {
    const same = canonical(known.change) === canonical(change) && known.state !== 'cancelling';
    return { outcome: same ? 'started' : 'busy', id: known.id };
  }
  const planned = await planChange(tx, change, now);
  if (planned.outcome === 'not_ready') return planned;
  const total = await countCustomers(tx);
  const id = await beginChangeRun(tx, { change, actor, note, now, ask, startAutomations: false, total });
  await wakeChange(tx);
  return { outcome: 'started', id };
}

export async function countCustomers(tx: ShopTx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM profile WHERE shop_id = ${tx.shopId}`);
  return rows[0]?.n ?? 0;
}

/** While one change is under way no other is made. */
export async function startedElsewhere(tx: ShopTx): Promise<BusyChange | null> {
  const run = await readChangeUnderWay(tx);
  return run ? { outcome: 'busy', id: run.id } : null;
}

/** The job goes on with it. */
export async function wakeChange(tx: ShopTx): Promise<void> {
  await wake(tx, tx.shopId, 'segment-change', AT_ONCE);
}
