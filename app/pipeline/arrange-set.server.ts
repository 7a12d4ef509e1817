/**
 * A set is arranged, with new segments among its steps. They are made in the transaction that arranges it, and only stay
 * when it does: a review that nobody approves leaves no drafts behind. In a large store they stay while the change is
 * worked out, and go when it is given up.
 */
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import { createSegment } from '../segments/create-segment.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import type { SegmentChange, SetPlan } from '../segments/segment-change.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { applyChangeIn, type AppliedChange, type ChangeInput } from './apply-change.server.ts';
import { forgetSegment } from './forget-segment.server.ts';
import { isLargeStore, startChange, startedElsewhere } from './start-change.server.ts';

export type ArrangedSet = AppliedChange | { outcome: 'invalid'; faults: string[] };

/** A step that is no segment yet. */
export interface NewStep {
  key: string;
  name: string;
}

export async function arrangeSet(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  { set, steps, ...input }: Omit<ChangeInput, 'change'> & { set: SetPlan; steps: readonly NewStep[] },
  { atOnce }: { atOnce?: number } = {},
): Promise<ArrangedSet> {
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const busy = await startedElsewhere(tx);
    if (busy) return busy;
    await tx.query('SAVEPOINT steps');
    const arranged = await arrange(tx, ctx, { set, steps, input, large: await isLargeStore(tx, atOnce) });
    if (arranged.outcome !== 'done' && arranged.outcome !== 'started') {
      await tx.query('ROLLBACK TO SAVEPOINT steps');
    }
    return arranged;
  });
}

async function arrange(
  tx: ShopTx,
  ctx: { log: Log },
  {
    set,
    steps,
    input,
    large,
  }: { set: SetPlan; steps: readonly NewStep[]; input: Omit<ChangeInput, 'change'>; large: boolean },
): Promise<ArrangedSet> {
  const faults: string[] = [];
  for (const { key, name } of steps) {
    const rule = set.states?.[key]?.rule ?? { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };
    const { actor, now } = input;
    const made = await createSegment(tx, { name, key, rule, family: 'tiers', actor, now });
    if (made.outcome === 'invalid') {
      faults.push(...made.faults.map(({ path, message }) => `${name}: the ${path} ${message}.`));
    }
  }
  if (faults.length > 0) return { outcome: 'invalid', faults };
  const made = steps.map(({ key }) => key);
  const change = { act: 'arrange_set', set: made.length > 0 ? { ...set, made } : set } as const;
  return large
    ? startChange(tx, { ...input, change, ask: input.fingerprint !== undefined })
    : applyChangeIn(tx, ctx, { ...input, change });
}

/** Given up: what was made for it goes, but what is in a set or was worked on since. */
export async function dropMade(tx: ShopTx, change: SegmentChange): Promise<void> {
  if (change.act !== 'arrange_set') return;
  for (const key of change.set.made ?? []) {
    const segment = await loadSegment(tx, key);
    if (segment?.status !== 'draft' || segment.setId !== null) continue;
    const { ruleVersion, tagName, hasPeople } = segment;
    if (ruleVersion === 1 && tagName === key && !hasPeople) await forgetSegment(tx, key);
  }
}
