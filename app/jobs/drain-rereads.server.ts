/** One batch of objects read again: the read has no transaction, what it says is applied like any message. */
import { finishActions } from '../activation/flow/finish-actions.server.ts';
import type { Clock } from '../clock.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { applyFacts } from '../intake/apply-facts.server.ts';
import { readAgain, settleRereads } from '../intake/reread.server.ts';
import type { Log } from '../log.server.ts';
import type { AdminClient } from '../shopify/admin-client.ts';
import { refreshTouched } from './refresh-touched.server.ts';
import type { JobSender } from './sender.server.ts';

export interface RereadContext {
  db: Db;
  clock: Clock;
  log: Log;
  jobs: JobSender;
  redactionKey: Buffer;
  adminFor(shopId: ShopId): Promise<AdminClient>;
}

/** @returns whether there may be more now, else when to look again (machine time; null: never) */
export async function drainRereads(
  ctx: RereadContext,
  shopId: ShopId,
): Promise<{ more: true } | { more: false; nextAt: Date | null }> {
  const read = await readAgain({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId);
  switch (read.outcome) {
    case 'nothing':
      return { more: false, nextAt: read.nextAt };
    case 'failed':
      return { more: true };
    case 'read':
      await ctx.db.inShop(shopId, async (tx) => {
        const touched = await applyFacts(tx, read.facts, {
          now: ctx.clock.machineNow(),
          redactionKey: ctx.redactionKey,
        });
        await settleRereads(tx, read.settled);
        const ids = read.settled.flatMap(({ kind, id }) => (kind === 'customer' ? [id] : []));
        for (const id of await finishActions(tx, ids, ctx.clock.machineNow())) {
          if (!touched.has(id)) touched.set(id, 'manual');
        }
        await refreshTouched(ctx, tx, touched);
      });
      return { more: true };
  }
}
