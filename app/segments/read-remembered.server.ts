/** What is remembered of one customer and one segment beside the facts. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { RuleContext } from './field.ts';
import type { Segment } from './segment.ts';
import type { Remembered } from './why-settings.ts';

export async function readRemembered(
  tx: ShopTx,
  { id, setId }: Pick<Segment, 'id' | 'setId'>,
  customerId: ShopifyId,
  { today, timeZone }: Pick<RuleContext, 'today' | 'timeZone'>,
): Promise<Remembered> {
  const { rows } = await tx.query<Omit<Remembered, 'today'>>(sql`
    SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('list', list, 'since', (at AT TIME ZONE ${timeZone})::date)), '[]')
              FROM segment_person
             WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint AND customer_id = ${customerId}::bigint) AS named,
           (SELECT jsonb_build_object('since', (since AT TIME ZONE ${timeZone})::date, 'heldUntil', held_until)
              FROM membership
             WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint AND customer_id = ${customerId}::bigint) AS member,
           (SELECT left_on FROM membership_left
             WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint
               AND customer_id = ${customerId}::bigint) AS "leftOn",
           (SELECT jsonb_build_object('name', mate.name, 'rank', mate.set_rank)
              FROM segment mate JOIN membership m
                ON m.shop_id = mate.shop_id AND m.segment_id = mate.id AND m.customer_id = ${customerId}::bigint
             WHERE mate.shop_id = ${tx.shopId} AND mate.set_id = ${setId}::bigint AND mate.id <> ${id}::bigint
             ORDER BY mate.set_rank LIMIT 1) AS instead`);
  const row = rows[0];
  return { today, ...(row ?? { named: [], member: null, leftOn: null, instead: null }) };
}
