import type { Clock } from '../../app/clock.ts';
import type { Db, ShopId } from '../../app/db/tenancy.server.ts';
import type { Log } from '../../app/log.server.ts';
import { applyChange } from '../../app/pipeline/apply-change.server.ts';
import { recomputeShop } from '../../app/pipeline/recompute-shop.server.ts';
import { reviewDue } from '../../app/pipeline/review-due.server.ts';
import { reviewChange } from '../../app/segments/review-change.server.ts';
import type { SegmentChange } from '../../app/segments/segment-change.ts';

/** In small steps, so that there are many instants between them. */
const CHUNK = 9;

const WORKS = ['mass change', 'due pass', 'rebuild'] as const;
export type MembershipWork = (typeof WORKS)[number];
export const isMembershipWork = (word: string): word is MembershipWork =>
  (WORKS as readonly string[]).includes(word);

/** Done again after a kill it goes on; done already it does nothing. */
export async function doMembershipWork(
  ctx: { db: Db; clock: Clock; log: Log },
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
  }
}
