/** Counts what the Value page shows of all orders, after the night's fit. Reads the facts, without the shop's lock. */
import type { Clock } from '../clock.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { storeValueSnapshot } from '../value/value-snapshot.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';

export async function snapshotValue(ctx: { db: Db; clock: Clock }, shopId: ShopId): Promise<void> {
  await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await storeValueSnapshot(tx, await readShopDay(tx, ctx.clock.now()));
  });
}
