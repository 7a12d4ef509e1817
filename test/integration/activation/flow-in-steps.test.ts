/** A large change whose automations are started is followed in steps, and Flow is told between them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stopFlowRun } from '../../../app/activation/flow/stop-flow-run.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { approveChange } from '../../../app/pipeline/decide-change.server.ts';
import { followStep } from '../../../app/pipeline/follow-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { planChange } from '../../../app/pipeline/plan-change.server.ts';
import { putInForceStep } from '../../../app/pipeline/work-out-change.server.ts';
import { storeAskAbove } from '../../../app/segments/ask-above.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { reviewOf } from '../../../app/segments/review-change.server.ts';
import { createReachWorld, vipRule, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

const events = (state: string) =>
  reach.rows(sql`SELECT id FROM flow_event WHERE shop_id = ${reach.shopId} AND state = ${state}`);
const runState = async () => {
  const [run] = await reach.rows<{ id: string; state: string; total: number }>(
    sql`SELECT id, state, total FROM flow_run WHERE shop_id = ${reach.shopId}`,
  );
  return run;
};

/** VIP is lowered to 100.00, for which 62 people enter, in a store that is large from ten customers on. */
async function approveLowered(): Promise<void> {
  const { world, shopId } = reach;
  const now = reach.now();
  await reach.in((tx) => storeAskAbove(tx, 0));
  await reach.in((tx) => editSegment(tx, { key: 'vip', rule: vipRule(10_000), actor: '42', now }));
  const change = { act: 'change', key: 'vip' } as const;
  await applyChange(world.ctx, shopId, { change, fingerprint: undefined, actor: '42', now }, { atOnce: 10 });
  await goOnWithChange(world.ctx, shopId, { chunk: 40 });
  const { id, fingerprint } = await reach.in(async (tx) => {
    const run = await readChangeRun(tx);
    const planned = await planChange(tx, change, now);
    if (!run?.review || planned.outcome === 'not_ready') throw new Error('nothing to approve');
    return { id: run.id, fingerprint: reviewOf({ act: 'change', ...planned }, run.review).fingerprint };
  });
  const approved = { id, fingerprint, startAutomations: true, actor: '42', now };
  expect((await approveChange(world.ctx, shopId, approved)).outcome).toBe('approved');
}

/** @returns the state of the change after one transaction of it */
const step = () =>
  reach.in(async (tx) => {
    const run = await readChangeRun(tx);
    if (run?.state === 'approved') await putInForceStep(tx, run, { now: reach.now(), chunk: 40, log: reach.world.ctx.log });
    if (run?.state === 'applying') await followStep(tx, run, { now: reach.now(), chunk: 40, log: reach.world.ctx.log });
    return (await readChangeRun(tx))?.state;
  }); // prettier-ignore

/** Portions of a run are sent without waiting for their time. */
async function sendAll(): Promise<void> {
  for (let next: Date | null = new Date(0); next !== null;) {
    await reach.in((tx) => tx.query(sql`UPDATE flow_run SET not_before = ${new Date(0)}`));
    next = await reach.sendFlow();
  }
}

test('everybody is told about, though the run was at its end after each step', async () => {
  await approveLowered();
  let tellings = 0;
  while ((await step()) !== 'done') {
    const before = reach.told().length;
    await sendAll();
    if (reach.told().length > before) tellings += 1;
  }
  await sendAll();
  expect(tellings, 'Flow was told in between').toBeGreaterThan(1);
  expect(new Set(reach.told()).size).toBe(62);
  expect(reach.told()).toHaveLength(62);
  expect(await events('waiting')).toEqual([]);
  expect(await runState()).toMatchObject({ state: 'done', total: 62 });
});

test('stopped when everybody of the steps before was told: those of later steps are not told about', async () => {
  await approveLowered();
  while (reach.told().length === 0) {
    await step();
    await sendAll();
  }
  const told = reach.told().length;
  const run = await runState();
  expect(run?.state, 'it can be stopped').toBe('running');
  await reach.in((tx) => stopFlowRun(tx, run?.id ?? '', reach.now()));
  while ((await step()) !== 'done');
  await sendAll();
  expect(reach.told()).toHaveLength(told);
  expect(told).toBeLessThan(62);
  expect(await runState()).toMatchObject({ state: 'stopped', total: 62 });
});

test('stopped between two steps, those of later steps are not told about either, and nothing stands before their next move', async () => {
  await approveLowered();
  while ((await runState()) === undefined) await step();
  const run = await runState();
  await reach.in((tx) => stopFlowRun(tx, run?.id ?? '', reach.now()));
  while ((await step()) !== 'done');
  await sendAll();
  expect(reach.told()).toEqual([]);
  expect(await events('waiting'), 'nothing that stands before later events').toEqual([]);
  expect(await events('stopped')).toHaveLength(62);
  expect(await runState()).toMatchObject({ state: 'stopped', total: 62 });
});
