import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { OfferEnd } from './offer.ts';

/**
 * From now on these offers are over: nobody gets them, and nobody waits for them. What becomes of who holds them is for
 * the caller.
 * @param options.ids all that are open when absent. @param options.now business time
 * @returns those of them that were open
 */
export async function closeOffers(
  tx: ShopTx,
  { ids, now, cause }: { ids?: readonly string[]; now: Date; cause: OfferEnd },
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(sql`
    WITH closed AS (
      UPDATE offer SET state = 'ended', ended_at = ${now}, end_cause = ${cause}
       WHERE shop_id = ${tx.shopId} AND state <> 'ended'
         AND (${ids === undefined}::boolean OR id = ANY(${[...(ids ?? [])]}::bigint[]))
      RETURNING id
    ), waited AS (
      DELETE FROM offer_present w USING closed WHERE w.shop_id = ${tx.shopId} AND w.offer_id = closed.id
    )
    SELECT id FROM closed`);
  return rows.map(({ id }) => id);
}
