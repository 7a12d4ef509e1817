/** Plans a shop's next night (business time). A night that is planned already stays where it is. */
import { wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import type { Clock } from '../clock.ts';
import { nextNight } from './next-night.ts';

/** @returns when; null for a shop without settings */
export async function nextNightOf(ctx: { db: Db; clock: Clock }, shopId: ShopId): Promise<Date | null> {
  return ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ timeZone: string }>(sql`
      SELECT iana_timezone AS "timeZone" FROM shop_settings WHERE shop_id = ${shopId}`);
    const timeZone = rows[0]?.timeZone;
    return timeZone === undefined ? null : nextNight(ctx.clock.now(), timeZone, shopId);
  });
}

export async function planNight(ctx: { db: Db; clock: Clock }, shopId: ShopId): Promise<void> {
  const at = await nextNightOf(ctx, shopId);
  if (at !== null) await ctx.db.outsideShops((tx) => wake(tx, shopId, 'nightly', at));
}

/** Every installed shop has a night planned: also those that were there before the first worker. */
export async function planAllNights(ctx: { db: Db; clock: Clock }): Promise<void> {
  const shops = await ctx.db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(sql`
      SELECT id FROM shop WHERE state = 'installed'
         AND NOT EXISTS (SELECT 1 FROM shop_due WHERE shop_id = shop.id AND work = 'nightly')`);
    return rows.map((row) => row.id);
  });
  for (const shopId of shops) await planNight(ctx, shopId);
}
