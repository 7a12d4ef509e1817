/**
 * The order of the steps, and nothing else: profile -> scores -> memberships -> tag outbox, for the touched
 * customers, in the caller's transaction. Draining the inbox, imports, due reviews, merges and rebuilds are this
 * with other inputs, so incremental work and a rebuild cannot end differently.
 *
 * The caller holds the shop's lock (lockShop or waitForShop): facts and memberships have one writer a shop.
 */
import { noticeAddedByHand, noticeTagEdits } from '../activation/tags/notice-tag-edits.server.ts';
import { afterMembership } from '../activation/after-membership.server.ts';
import { queueChanged } from '../activation/tags/queue-changed.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { computeProfiles } from '../history/compute-profiles.server.ts';
import { touchCustomers } from '../history/touched-customers.server.ts';
import type { Cause } from '../intake/cause.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { Log } from '../log.server.ts';
import { evaluateMemberships } from '../segments/evaluate-memberships.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { writePredictions } from '../value/write-predictions.server.ts';
import { writeScores } from '../value/write-scores.server.ts';
import { meetChange } from './follow-change.server.ts';
import { holdLoss } from './hold-loss.server.ts';
import { takeBack } from './take-back.server.ts';

/** The first step that is needed: later ones follow. */
export type FirstStep = 'profile' | 'scores' | 'memberships';

export interface Refreshed {
  /** Profiles written or removed. */
  profiles: number;
  entered: number;
  left: number;
  /** Customers whose tags are to be compared. */
  queued: number;
  /** Keys of segments that were set to failing. */
  failed: string[];
}

export interface RefreshOptions {
  /** Business time. */
  now: Date;
  from?: FirstStep;
  /** Time limit of the statement that evaluates all segments, milliseconds. */
  limitMs?: number;
  log?: Log;
  /** The held change that these customers' tags wait for (held-change.server.ts). */
  heldBy?: string | null;
  /** One transaction of a run, at whose end a loss of members is judged (hold-loss.server.ts). */
  partOfRun?: boolean;
}

export async function refresh(
  tx: ShopTx,
  { touched, ...options }: RefreshOptions & { touched: ReadonlyMap<ShopifyId, Cause> },
): Promise<Refreshed> {
  const nothing = { profiles: 0, entered: 0, left: 0, queued: 0, failed: [] };
  if (touched.size === 0) return nothing;
  await touchCustomers(tx, touched);
  return refreshTouched(tx, options);
}

/** As `refresh`, for the customers that are in touched_customer already. */
export async function refreshTouched(
  tx: ShopTx,
  { now, from = 'profile', limitMs, log, heldBy = null, partOfRun = false }: RefreshOptions,
): Promise<Refreshed> {
  const { day, cutPoints, context } = await readRuleDay(tx, now);
  let profiles = 0;
  const stale = from !== 'profile' && (await haveStaleProfiles(tx));
  if (from === 'profile' || stale) {
    const computed = await computeProfiles(tx, day);
    profiles = computed.written + computed.removed;
  }
  if (from !== 'memberships' || stale) {
    await writeScores(tx, cutPoints);
    await writePredictions(tx, day);
  }
  // Without new facts there is nothing to notice about tags.
  const facts = from !== 'memberships';
  if (facts) await noticeAddedByHand(tx, { now });
  await meetChange(tx, { now });
  await takeBack(tx, { now, heldBy });
  const { entered, left, failed } = await evaluateMemberships(tx, { now, context, limitMs, log });
  if (facts) await noticeTagEdits(tx, { now });
  await alsoCompareMerged(tx);
  const queued = await queueChanged(tx, now, { heldBy });
  await afterMembership(tx, { now });
  await holdLoss(tx, { now, partOfRun });
  return { profiles, entered, left, queued, failed };
}

/**
 * While everybody is computed by another policy the profiles are of the one or the other: whoever is evaluated for another
 * reason than that run is computed by the one in force.
 */
async function haveStaleProfiles(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM background_run r WHERE r.shop_id = ${tx.shopId} AND r.kind = 'policy'
       AND EXISTS (SELECT FROM touched_customer WHERE cause <> 'policy')`);
  return rowCount !== 0;
}

/** Shopify gives the kept customer the tags of both: they are compared even when no membership changed. */
async function alsoCompareMerged(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    INSERT INTO changed_customer (customer_id)
    SELECT t.customer_id FROM touched_customer t
      JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = t.customer_id
     WHERE t.cause = 'merge' ON CONFLICT DO NOTHING`);
}
