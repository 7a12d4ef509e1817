/**
 * Shopify's word on the shop -> shop_settings: currency, time zone, plan, permissions. Read before any money is.
 *
 * What a change asks for is wished in the transaction that stores it, whoever read it: another time zone moves every
 * day, so everything is computed again; another currency makes every amount another one, so everything is read again.
 * Either is looked at by the offers at once: their discounts have dates and amounts.
 */
import type { Clock } from '../clock.ts';
import { AppError } from '../app-error.ts';
import { AT_ONCE, wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import { startRun } from '../db/start-run.server.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { isTimeZone } from '../local-date.ts';
import type { Log } from '../log.server.ts';
import type { AdminClient } from '../shopify/admin-client.ts';
import { READ_SHOP } from '../shopify/documents/shop.ts';
import { showsOlderOrders } from './store-scopes.server.ts';

export interface ShopFacts {
  name: string;
  currency: string;
  timeZone: string;
  plan: string;
  scopes: string[];
}

/**
 * @param options.importFollows nothing has been read yet in the import that is under way, so that another currency
 *   asks for no other one
 * @throws AppError as the client's; 'not_found' when the shop has no settings row
 */
export async function syncShopSettings(
  ctx: { db: Db; admin: AdminClient; clock: Clock; log: Log },
  shopId: ShopId,
  options: { importFollows?: boolean } = {},
): Promise<ShopFacts> {
  const { data } = await ctx.admin.request(READ_SHOP, {});
  const { shop, currentAppInstallation } = data;
  const facts = {
    name: shop.name,
    currency: shop.currencyCode,
    plan: shop.plan.publicDisplayName,
    scopes: currentAppInstallation.accessScopes.map(({ handle }) => handle).sort(),
  };
  const shopifyId = /(\d+)$/.exec(shop.id)?.[1] ?? null;
  return ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{
      currency: string;
      timeZone: string;
      scopes: string[];
      imported: boolean;
    }>(sql`
      SELECT currency, iana_timezone AS "timeZone", scopes, first_imported_at IS NOT NULL AS imported
        FROM shop_settings WHERE shop_id = ${shopId} FOR UPDATE`);
    const before = rows[0];
    if (!before) throw new AppError('not_found', 'This store is not set up.', { context: { shopId } });
    let timeZone = shop.ianaTimezone;
    if (timeZone !== before.timeZone && !(await isKnown(tx, timeZone))) {
      ctx.log.error({ shopId, timeZone, kept: before.timeZone }, 'unknown time zone: the one before stays');
      timeZone = before.timeZone;
    }
    await tx.query(sql`
      UPDATE shop_settings
         SET name = ${facts.name}, currency = ${facts.currency}, iana_timezone = ${timeZone},
             plan = ${facts.plan}, scopes = ${facts.scopes}::text[]
       WHERE shop_id = ${shopId}`);
    await tx.query(sql`UPDATE shop SET shopify_id = ${shopifyId} WHERE id = ${shopId}`);
    const now = ctx.clock.machineNow();
    if (timeZone !== before.timeZone) {
      // With its cause: nobody approved it, so that whatever else computes the new days meanwhile knows to wait for it.
      // Before the first import there is nobody whom it could move, and nothing to show.
      if (before.imported) await startRun(tx, { kind: 'timezone', total: 0, now: ctx.clock.now() });
      await wake(tx, shopId, 'recompute', now);
    }
    const readAnew =
      facts.currency !== before.currency ||
      (before.imported && showsOlderOrders(before.scopes, facts.scopes));
    if (timeZone !== before.timeZone || facts.currency !== before.currency) {
      await wake(tx, shopId, 'offers', AT_ONCE);
      await wake(tx, shopId, 'offer-day', AT_ONCE);
    }
    if (readAnew && !options.importFollows) await wake(tx, shopId, 'import', now);
    return { ...facts, timeZone };
  });
}

/** By us and by PostgreSQL, which computes days too: an offset or an unknown name would make days undefined. */
async function isKnown(tx: ShopTx, timeZone: string): Promise<boolean> {
  if (!isTimeZone(timeZone)) return false;
  const { rowCount } = await tx.query(sql`SELECT 1 FROM pg_timezone_names WHERE name = ${timeZone}`);
  return rowCount === 1;
}
