/** Shopify's word on the shop -> shop_settings: currency, time zone, plan, permissions. Read before any money is. */
import { AppError } from '../app-error.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { isTimeZone } from '../local-date.ts';
import type { AdminClient } from '../shopify/admin-client.ts';
import { READ_SHOP } from '../shopify/documents/shop.ts';

export interface ShopFacts {
  name: string;
  currency: string;
  timeZone: string;
  plan: string;
  scopes: string[];
}

export interface SyncedShop extends ShopFacts {
  /** What was stored before; everything computed depends on these two. */
  currencyChanged: boolean;
  timeZoneChanged: boolean;
}

/** @throws AppError as the client's; 'not_found' when the shop has no settings row */
export async function syncShopSettings(
  ctx: { db: Db; admin: AdminClient },
  shopId: ShopId,
): Promise<SyncedShop> {
  const { data } = await ctx.admin.request(READ_SHOP, {});
  const { shop, currentAppInstallation } = data;
  const facts: ShopFacts = {
    name: shop.name,
    currency: shop.currencyCode,
    // An offset or an unknown name would make days undefined.
    timeZone: isTimeZone(shop.ianaTimezone) ? shop.ianaTimezone : 'UTC',
    plan: shop.plan.publicDisplayName,
    scopes: currentAppInstallation.accessScopes.map(({ handle }) => handle).sort(),
  };
  const shopifyId = /(\d+)$/.exec(shop.id)?.[1] ?? null;
  const before = await ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ currency: string; timeZone: string }>(sql`
      SELECT currency, iana_timezone AS "timeZone" FROM shop_settings WHERE shop_id = ${shopId} FOR UPDATE`);
    await tx.query(sql`
      UPDATE shop_settings
         SET name = ${facts.name}, currency = ${facts.currency}, iana_timezone = ${facts.timeZone},
             plan = ${facts.plan}, scopes = ${facts.scopes}::text[]
       WHERE shop_id = ${shopId}`);
    await tx.query(sql`UPDATE shop SET shopify_id = ${shopifyId} WHERE id = ${shopId}`);
    return rows[0];
  });
  if (!before) throw new AppError('not_found', 'This store is not set up.', { context: { shopId } });
  return {
    ...facts,
    currencyChanged: before.currency !== facts.currency,
    timeZoneChanged: before.timeZone !== facts.timeZone,
  };
}
