/**
 * What Shopify shows this app of customers, asked before anything is read: a bulk query that names one field too
 * many fails as a whole. What is not shown is left out and stays unknown; without any customer data nothing can be
 * read at all. A store without customers tells nothing, so nothing is recorded of it.
 */
import { sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { deniedText } from '../../shopify/denied.ts';
import { PROBE_CUSTOMER, PROBE_PERSON } from '../../shopify/documents/probe-data.ts';
import { recordStanding } from '../../shopify/standing.server.ts';
import type { ImportContext } from './import-context.server.ts';
import type { Hidden } from './import-rows.server.ts';

export type Shown =
  | { outcome: 'shown'; hidden: Hidden[] }
  /** Not a single customer or order. */
  | { outcome: 'nothing' };

export async function seeWhatIsShown(
  ctx: Pick<ImportContext, 'db' | 'admin' | 'clock' | 'signal'>,
  shopId: ShopId,
): Promise<Shown> {
  const options = { signal: ctx.signal };
  const customers = await isShown(async () => {
    const { data } = await ctx.admin.request(PROBE_CUSTOMER, {}, options);
    return data.customers.nodes.length > 0;
  });
  const people =
    customers === 'shown'
      ? await isShown(async () => {
          const { data } = await ctx.admin.request(PROBE_PERSON, {}, options);
          return data.customers.nodes.length > 0;
        })
      : customers;
  const now = ctx.clock.machineNow();
  return ctx.db.inShop(shopId, async (tx) => {
    for (const [subject, seen] of [
      ['customer_data', customers],
      ['personal_data', people],
    ] as const) {
      if (seen === 'unknown') continue;
      await recordStanding(
        tx,
        subject,
        seen === 'shown' ? { state: 'granted' } : { state: 'refused', why: 'not_approved' },
        now,
      );
    }
    if (customers === 'refused') return { outcome: 'nothing' };
    const { rows } = await tx.query<{ all: boolean }>(sql`
      SELECT 'read_all_orders' = ANY(scopes) OR scopes = '{}' AS all FROM shop_settings WHERE shop_id = ${shopId}`);
    const hidden: Hidden[] = [];
    if (people === 'refused') hidden.push('postal_codes');
    if (rows[0]?.all === false) hidden.push('older_orders');
    return { outcome: 'shown', hidden };
  });
}

async function isShown(look: () => Promise<boolean>): Promise<'shown' | 'refused' | 'unknown'> {
  try {
    return (await look()) ? 'shown' : 'unknown';
  } catch (error) {
    if (deniedText(error) === undefined) throw error;
    return 'refused';
  }
}
