/** While another order policy is worked out, or taken back, no fit is put in force or applied; after it, it is. */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { handleApplyFit } from '../../../app/jobs/handlers/apply-fit.server.ts';
import type { WorkerContext } from '../../../app/jobs/worker-context.server.ts';
import { addDays, atHour } from '../../../app/local-date.ts';
import { applyFit } from '../../../app/pipeline/apply-fit.server.ts';
import { finishRun, startRun } from '../../../app/pipeline/background-run.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { refitShop } from '../../../app/pipeline/refit-shop.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { readFitInForce } from '../../../app/value/read-fit.server.ts';
import { putSegments, storedMemberships } from '../../support/segment-shop.ts';
import { ZONE, TODAY, NOW, drawStore, refitStage } from './refit-stage.ts';

const stage = refitStage();
const LIKELY: Rule = { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } };

test('refitting, releasing and applying wait for it', async () => {
  const shopId = await stage.makeShop(drawStore(12));
  const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => stage.t.db.inShop(shopId, work);
  const begin = () => inShop((tx) => startRun(tx, { kind: 'policy', total: 0, now: NOW }));
  const end = () => inShop((tx) => finishRun(tx, 'policy'));
  const inForce = () => inShop((tx) => readFitInForce(tx));
  const dueAt = async () => {
    const { rows } = await stage.t.db.outsideShops((tx) =>
      tx.query<{ at: Date }>(sql`
        SELECT due_at AS at FROM shop_due WHERE shop_id = ${shopId} AND work = 'apply-fit'`),
    );
    return rows[0]?.at.getTime() ?? null;
  };
  const ctx = stage.context();
  const job = () =>
    handleApplyFit(
      ctx as unknown as WorkerContext,
      { data: { shopId } } as Parameters<typeof handleApplyFit>[1],
    );

  const early = stage.context(atHour(addDays(TODAY, -31), 3, ZONE));
  await begin();
  expect(await refitShop(early, shopId)).toEqual({ publication: { outcome: 'under_way' }, predictions: 0 });
  expect((await inForce()) ?? null).toBeNull();
  await end();
  const { publication } = await refitShop(early, shopId);
  expect(publication).toMatchObject({ outcome: 'published' });

  await inShop((tx) => putSegments(tx, { likely: { rule: LIKELY } }));
  expect((await refitShop(ctx, shopId, { chunk: 150 })).publication).toMatchObject({ outcome: 'held' });
  const [held] = await inShop(readHeldChanges);
  const release = () =>
    decideHeldChange(ctx, shopId, { id: held?.id ?? '', decision: 'release', actor: 'anna', now: NOW });
  const before = await inForce();
  await begin();
  expect(await release()).toEqual({ outcome: 'under_way' });
  expect(await inShop(readHeldChanges)).toMatchObject([{ id: held?.id, state: 'held' }]);
  expect(await inForce()).toEqual(before);
  await end();
  expect(await release()).toMatchObject({ outcome: 'done' });

  // Released, and another policy is approved before the job has begun: it comes again, not at once.
  await begin();
  expect(await dueAt()).toBe(0);
  const asked = ctx.clock.machineNow().getTime();
  await job();
  expect(await dueAt()).toBeGreaterThan(asked);
  expect(await inForce()).toMatchObject({ appliedAt: null });
  expect(await inShop(storedMemberships)).toEqual([]);
  // One that is met half way stops as well.
  await stage.t.db.outsideShops((tx) =>
    tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${shopId} AND work = 'apply-fit'`),
  );
  await end();
  let transactions = 0;
  const db: Db = Object.create(stage.t.db, {
    inShop: {
      value: async <T>(id: ShopId, work: (tx: ShopTx) => Promise<T>) => {
        transactions += 1;
        if (transactions === 3) await begin();
        return stage.t.db.inShop(id, work);
      },
    },
  }) as Db;
  await applyFit({ ...ctx, db }, shopId, { chunk: 150 });
  expect(transactions).toBe(3);
  expect(await inForce()).toMatchObject({ appliedAt: null });
  expect(await dueAt()).toBeGreaterThan(asked);

  await end();
  await job();
  expect((await inForce())?.appliedAt).not.toBeNull();
  expect((await inShop(storedMemberships)).length).toBeGreaterThan(50);
  expect(await dueAt()).toBeNull();
});
