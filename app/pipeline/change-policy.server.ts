/**
 * Another order policy, in two steps: it is looked at (its effect is worked out, at once in a small store, in the
 * background in a large one), then it is approved as it was shown. Saving replays all history in the background, with
 * cause "policy". Every effect is shown before it is saved, so there is no change of this kind without approval.
 */
import type { Clock } from '../clock.ts';
import { AT_ONCE, wake, waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { hasMoreCustomers } from '../history/has-more-customers.server.ts';
import { orderPolicySchema, type OrderPolicy } from '../history/order-policy.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import type { Log } from '../log.server.ts';
import { canonical } from '../segments/segment-change.ts';
import { isUnderWay, noteWayBack, wishRecompute } from './background-run.server.ts';
import { measurePolicy, readPolicyBasis, type PolicyEffect } from './measure-policy.server.ts';

interface Context {
  db: Db;
  clock: Clock;
  log: Log;
}

export interface PolicyDraft {
  policy: OrderPolicy;
  /** asked: being worked out; failed: it took too long. */
  state: 'asked' | 'measured' | 'failed';
  /** Names this wish: what approving says. */
  version: string;
  measuredAt: Date | null;
  effect: PolicyEffect | null;
}

/** A store of up to so many customers is worked out while the merchant waits. */
export const MEASURED_AT_ONCE = 20_000;
/** After so long what was to be worked out at once is taken for left behind. */
const LEFT_BEHIND_MS = 60_000;
/** After so long an effect is worked out anew before it is approved. */
const FRESH_MS = 60 * 60_000;

export async function readPolicyDraft(tx: ShopTx): Promise<PolicyDraft | null> {
  const { rows } = await tx.query<Omit<PolicyDraft, 'policy'> & { policy: unknown }>(sql`
    SELECT policy, state, version, measured_at AS "measuredAt", effect
      FROM policy_draft WHERE shop_id = ${tx.shopId}`);
  const [row] = rows;
  const policy = orderPolicySchema.safeParse(row?.policy);
  return row && policy.success ? { ...row, policy: policy.data } : null;
}

export type PolicyWish = 'measured' | 'in_background' | 'same' | 'saved' | 'failed';

/**
 * The merchant looks at another policy. Before the first import has been worked out there is nothing to compare and
 * nothing to approve: it is saved at once.
 */
export async function lookAtPolicy(
  ctx: Context,
  shopId: ShopId,
  { policy, actor, atOnce = MEASURED_AT_ONCE }: { policy: OrderPolicy; actor: string; atOnce?: number },
): Promise<PolicyWish> {
  const now = ctx.clock.now();
  const soon = new Date(ctx.clock.machineNow().getTime() + LEFT_BEHIND_MS);
  const wish = await ctx.db.inShop(
    shopId,
    async (tx): Promise<'measure' | Exclude<PolicyWish, 'measured'>> => {
      await waitForShop(tx, shopId);
      const day = await readShopDay(tx, now);
      if (canonical(day.policy) === canonical(policy)) {
        await dropPolicyDraft(tx);
        return 'same';
      }
      if (day.firstImportedAt === null) {
        await store(tx, { policy, before: day.policy, actor, now });
        await dropPolicyDraft(tx);
        return 'saved';
      }
      await tx.query(sql`
      INSERT INTO policy_draft AS d (shop_id, policy, state, version, actor, asked_at)
      VALUES (${shopId}, ${JSON.stringify(policy)}::jsonb, 'asked', pg_current_xact_id()::text::bigint, ${actor}, ${now})
      ON CONFLICT (shop_id) DO UPDATE SET policy = excluded.policy, state = 'asked', actor = excluded.actor,
        version = greatest(d.version + 1, excluded.version), asked_at = excluded.asked_at, measured_at = NULL,
        effect = NULL`);
      const large = await hasMoreCustomers(tx, atOnce);
      // Of a small store too: should this process end before it has worked it out, the job does.
      await wake(tx, shopId, 'measure-policy', large ? AT_ONCE : soon);
      return large ? 'in_background' : 'measure';
    },
  );
  return wish === 'measure' ? measureDraft(ctx, shopId) : wish;
}

/** Works out the effect of what is looked at. One that was asked for meanwhile has a wish of its own. */
export async function measureDraft(ctx: Context, shopId: ShopId): Promise<'measured' | 'failed' | 'same'> {
  const draft = await ctx.db.inShop(shopId, readPolicyDraft);
  if (draft?.state !== 'asked') return draft ? 'measured' : 'same';
  let effect: PolicyEffect | null = null;
  try {
    effect = await ctx.db.inShop(shopId, (tx) => measurePolicy(tx, draft.policy, ctx.clock.now()));
  } catch (error) {
    ctx.log.error({ shopId, err: error }, 'the effect of another order policy could not be worked out');
  }
  await ctx.db.inShop(shopId, async (tx) => {
    // With the lock, so that nobody who is erased meanwhile is named.
    await waitForShop(tx, shopId);
    await tx.query(sql`
      UPDATE policy_draft SET state = ${effect ? 'measured' : 'failed'}, measured_at = ${ctx.clock.now()},
             effect = ${effect ? JSON.stringify(await withoutErased(tx, effect)) : null}::jsonb
       WHERE shop_id = ${shopId} AND version = ${draft.version}::bigint`);
  });
  return effect ? 'measured' : 'failed';
}

async function withoutErased(tx: ShopTx, effect: PolicyEffect): Promise<PolicyEffect> {
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id FROM customer WHERE shop_id = ${tx.shopId} AND id = ANY(${effect.people}::bigint[])`);
  const there = new Set(rows.map(({ id }) => id));
  const keep = (ids: readonly string[]) => ids.filter((id) => there.has(id));
  return {
    ...effect,
    people: keep(effect.people),
    segments: effect.segments.map((one) => ({ ...one, enter: keep(one.enter), leave: keep(one.leave) })),
  };
}

export type ApprovedPolicy =
  | { outcome: 'done'; version: number }
  /** It is not what was shown, or what it was worked out with has changed: nothing was done, it is worked out anew. */
  | { outcome: 'changed' }
  /**
   * The store's days are being moved (another time zone), which nobody approved: by both at once nobody could say whose
   * tags wait for a person. Nothing was done.
   */
  | { outcome: 'busy' }
  /** The last policy is still being worked out, or taken back: it is waited for, or cancelled first. Nothing was done. */
  | { outcome: 'under_way' }
  /** Nothing is looked at. */
  | { outcome: 'gone' };

export async function approvePolicy(
  ctx: Context,
  shopId: ShopId,
  { version, actor }: { version: string; actor: string },
): Promise<ApprovedPolicy> {
  const now = ctx.clock.now();
  return ctx.db.inShop(shopId, async (tx): Promise<ApprovedPolicy> => {
    await waitForShop(tx, shopId);
    const draft = await readPolicyDraft(tx);
    if (!draft) return { outcome: 'gone' };
    if (await isUnderWay(tx, ['timezone'])) return { outcome: 'busy' };
    if (await isUnderWay(tx, ['policy'])) return { outcome: 'under_way' };
    const { effect, measuredAt } = draft;
    const fresh = measuredAt !== null && now.getTime() - measuredAt.getTime() < FRESH_MS;
    if (draft.version !== version || !effect || !fresh || effect.basis !== (await readPolicyBasis(tx, now))) {
      return { outcome: 'changed' };
    }
    const { policy: before } = await readShopDay(tx, now);
    const next = await store(tx, { policy: draft.policy, before, actor, now });
    await record(tx, effect, { actor, now });
    await dropPolicyDraft(tx);
    await wishRecompute(tx, { cause: 'policy', now });
    await noteWayBack(tx, 'policy', { policyVersion: next - 1, now });
    ctx.log.info({ shopId, version: next, affected: effect.affected }, 'another order policy');
    return { outcome: 'done', version: next };
  });
}

export async function dropPolicyDraft(tx: ShopTx): Promise<void> {
  await tx.query(sql`DELETE FROM policy_draft WHERE shop_id = ${tx.shopId}`);
}

export interface EarlierPolicy {
  version: number;
  policy: OrderPolicy;
  /** Until when it was in force. */
  at: Date;
}

/** Those that can be gone back to, newest first. */
export async function readEarlierPolicies(tx: ShopTx, limit: number): Promise<EarlierPolicy[]> {
  const { rows } = await tx.query<Omit<EarlierPolicy, 'policy'> & { policy: unknown }>(sql`
    SELECT version, policy, at FROM policy_version WHERE shop_id = ${tx.shopId}
     ORDER BY version DESC LIMIT ${limit}`);
  return rows.flatMap((row) => {
    const policy = orderPolicySchema.safeParse(row.policy);
    return policy.success ? [{ ...row, policy: policy.data }] : [];
  });
}

async function store(
  tx: ShopTx,
  { policy, before, actor, now }: { policy: OrderPolicy; before: OrderPolicy; actor: string; now: Date },
): Promise<number> {
  await tx.query(sql`
    INSERT INTO policy_version (shop_id, version, policy, at, actor)
    SELECT ${tx.shopId}, policy_version, ${JSON.stringify(before)}::jsonb, ${now}::timestamptz, ${actor}
      FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const { rows } = await tx.query<{ version: number }>(sql`
    UPDATE shop_settings SET policy = ${JSON.stringify(policy)}::jsonb, policy_version = policy_version + 1
     WHERE shop_id = ${tx.shopId} RETURNING policy_version AS version`);
  return rows[0]?.version ?? 0;
}

/**
 * An earlier policy is in force again, as a new version; everybody is to be computed by it. With the shop's lock held.
 * @returns false when it is not kept
 */
export async function returnToPolicy(
  tx: ShopTx,
  { version, actor, now }: { version: number; actor: string; now: Date },
): Promise<boolean> {
  const { rows } = await tx.query<{ policy: unknown }>(sql`
    SELECT policy FROM policy_version WHERE shop_id = ${tx.shopId} AND version = ${version}`);
  const policy = orderPolicySchema.safeParse(rows[0]?.policy);
  if (!policy.success) return false;
  const { policy: before } = await readShopDay(tx, now);
  await store(tx, { policy: policy.data, before, actor, now });
  return true;
}

/** Beside the other approvals, with what was shown. No customer ids: an approval outlives an erasure. */
async function record(
  tx: ShopTx,
  { segments, affected, before, after }: PolicyEffect,
  { actor, now }: { actor: string; now: Date },
): Promise<void> {
  const sum = (pick: (one: PolicyEffect['segments'][number]) => number) =>
    segments.reduce((total, one) => total + pick(one), 0);
  const review = {
    segments: segments.map(({ key, tag, size, gains, loses }) => ({ key, tag, size, gains, loses })),
    customersAffected: affected,
    tagAdditions: sum(({ gains }) => gains),
    tagRemovals: sum(({ loses }) => loses),
    summary: { before: before.summary, after: after.summary },
  };
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    SELECT ${tx.shopId}, ${now}, ${actor}, 'order_policy', coalesce(array_agg(s.id), '{}')::bigint[],
           ${JSON.stringify(review)}::jsonb
      FROM segment s WHERE s.shop_id = ${tx.shopId}
       AND s.key = ANY(${segments.filter(({ gains, loses }) => gains + loses > 0).map(({ key }) => key)}::text[])`);
}
