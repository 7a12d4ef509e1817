/**
 * Shopify takes bulk queries away from an app that has not used them for a month, and says nothing when it gives
 * them. So one that reads next to nothing is started when none was seen for a week.
 */
import type { Clock } from '../../clock.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { deniedText } from '../../shopify/denied.ts';
import { RUN_BULK_QUERY } from '../../shopify/documents/bulk.ts';
import { SMALLEST_BULK_QUERY } from '../../shopify/documents/probe-data.ts';
import { isStale, whyNoBulk } from '../../shopify/standing.ts';
import { readStandings, recordStanding } from '../../shopify/standing.server.ts';

/** @throws AppError as the client's, but for the refusal that is recorded */
export async function keepBulkQueries(
  ctx: { db: Db; admin: AdminClient; clock: Clock },
  shopId: ShopId,
): Promise<'not_due' | 'granted' | 'refused'> {
  const now = ctx.clock.machineNow();
  const { bulk_queries: known } = await ctx.db.inShop(shopId, readStandings);
  if (!isStale(known, now)) return 'not_due';
  try {
    await ctx.admin.request(RUN_BULK_QUERY, { query: SMALLEST_BULK_QUERY }, { repeatable: true });
  } catch (error) {
    const said = deniedText(error);
    if (said === undefined) throw error;
    const why = whyNoBulk(said);
    await ctx.db.inShop(shopId, (tx) => recordStanding(tx, 'bulk_queries', { state: 'refused', why }, now));
    return 'refused';
  }
  await ctx.db.inShop(shopId, (tx) => recordStanding(tx, 'bulk_queries', { state: 'granted' }, now));
  return 'granted';
}
