import type { Clock } from '../../app/clock.ts';
import { waitForShop } from '../../app/db/shop-due.server.ts';
import type { Db, ShopId } from '../../app/db/tenancy.server.ts';
import { drainInbox } from '../../app/jobs/drain-inbox.server.ts';
import type { Log } from '../../app/log.server.ts';
import { applyChange } from '../../app/pipeline/apply-change.server.ts';
import { recomputeShop } from '../../app/pipeline/recompute-shop.server.ts';
import { approveChange, cancelChange } from '../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../app/pipeline/go-on-with-change.server.ts';
import { readChangeReview } from '../../app/pipeline/read-change-review.server.ts';
import { startChange } from '../../app/pipeline/start-change.server.ts';
import { reviewDue } from '../../app/pipeline/review-due.server.ts';
import { readChangeRun } from '../../app/segments/change-run.server.ts';
import { reviewChange } from '../../app/segments/review-change.server.ts';
import { canonical, type SegmentChange } from '../../app/segments/segment-change.ts';
import { TEST_CIPHER } from './order-messages.ts';

/** In small steps, so that there are many instants between them. */
const CHUNK = 9;

const WORKS = ['mass change', 'due pass', 'rebuild', 'drain', 'large change', 'change given up'] as const;
export type MembershipWork = (typeof WORKS)[number];
export const isMembershipWork = (word: string): word is MembershipWork =>
  (WORKS as readonly string[]).includes(word);

interface WorkContext {
  db: Db;
  clock: Clock;
  log: Log;
}

/** Done again after a kill it goes on; done already it does nothing. */
export async function doMembershipWork(
  ctx: WorkContext,
  shopId: ShopId,
  work: MembershipWork,
): Promise<void> {
  switch (work) {
    case 'mass change': {
      const now = ctx.clock.now();
      const change: SegmentChange = { act: 'turn_on', keys: ['rich', 'away', 'recent'] };
      const { fingerprint } = await ctx.db.inShop(shopId, (tx) => reviewChange(tx, { change, now }));
      await applyChange(ctx, shopId, { change, fingerprint, actor: 'test', now });
      return;
    }
    case 'due pass':
      await reviewDue(ctx, shopId, { batch: CHUNK });
      return;
    case 'rebuild':
      await recomputeShop(ctx, shopId, { cause: 'policy', publish: 'never', chunk: CHUNK });
      return;
    case 'drain':
      await drain(ctx, shopId);
      return;
    case 'large change':
      await changeInBackground(ctx, shopId, { act: 'change', key: 'rich' }, 'done');
      return;
    case 'change given up':
      await changeInBackground(ctx, shopId, { act: 'turn_off', keys: ['rich', 'away'] }, 'cancelled');
  }
}

async function drain(ctx: WorkContext, shopId: ShopId): Promise<void> {
  const jobs = { send: () => Promise.resolve(true), close: () => Promise.resolve() };
  for (;;) {
    const drained = await drainInbox(
      { ...ctx, jobs, cipher: TEST_CIPHER, redactionKey: Buffer.alloc(32, 9) },
      shopId,
      { rows: CHUNK, bytes: 4_000_000 },
    );
    if (drained.outcome === 'drained' && !drained.more) return;
  }
}

/** As in a store that is too large for one transaction. */
async function changeInBackground(
  ctx: WorkContext,
  shopId: ShopId,
  change: SegmentChange,
  end: 'done' | 'cancelled',
): Promise<void> {
  const now = ctx.clock.now();
  const read = () => ctx.db.inShop(shopId, readChangeRun);
  const goOn = () => goOnWithChange(ctx, shopId, { chunk: CHUNK });
  const before = await read();
  if (before && canonical(before.change) === canonical(change) && before.state === end) return;
  await ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    await startChange(tx, { change, actor: 'test', now, ask: true });
  });
  await goOn();
  const run = await read();
  if (run?.state !== 'ready') return;
  if (end === 'cancelled') await cancelChange(ctx, shopId, { id: run.id, actor: 'test', now });
  else {
    const review = await ctx.db.inShop(shopId, (tx) => readChangeReview(tx, now));
    const fingerprint = review?.fingerprint ?? '';
    await approveChange(ctx, shopId, {
      id: run.id,
      fingerprint,
      startAutomations: false,
      actor: 'test',
      now,
    });
  }
  await goOn();
}
