/**
 * Always in, never in, or by the rule again: a merchant's word about people, with effect at once (their membership,
 * and the next comparison of their tags). Who said it and when stays beside the name.
 */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { Log } from '../log.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import { recordApproval } from './record-approval.server.ts';
import { refresh } from './refresh.server.ts';

export type PersonList = 'always' | 'never';

export type NamedPerson =
  | { outcome: 'done'; entered: number; left: number }
  | { outcome: 'unknown_segment' }
  /** None of them is a customer that we know; nothing was done. */
  | { outcome: 'unknown_customers' };

/** @param input.list null: neither; the rule decides again */
export async function namePerson(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  input: {
    key: string;
    customerIds: readonly ShopifyId[];
    list: PersonList | null;
    actor: string;
    now: Date;
  },
): Promise<NamedPerson> {
  const { key, list, actor, now } = input;
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const segment = await loadSegment(tx, key);
    if (!segment) return { outcome: 'unknown_segment' };
    const { rows } = await tx.query<{ id: ShopifyId }>(sql`
      SELECT customer_id AS id FROM profile
       WHERE shop_id = ${shopId} AND customer_id = ANY(${[...input.customerIds]}::bigint[]) ORDER BY customer_id`);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return { outcome: 'unknown_customers' };
    await tx.query(sql`
      DELETE FROM segment_person
       WHERE shop_id = ${shopId} AND segment_id = ${segment.id}::bigint AND customer_id = ANY(${ids}::bigint[])
         AND list IN ('always', 'never')`);
    if (list !== null) {
      await tx.query(sql`
        INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
        SELECT ${shopId}::bigint, ${segment.id}::bigint, id, ${list}::text, ${now}::timestamptz, ${actor}::text
          FROM unnest(${ids}::bigint[]) AS id`);
    }
    const { entered, left } = await refresh(tx, {
      touched: new Map(ids.map((id) => [id, 'manual'])),
      now,
      from: 'memberships',
      log: ctx.log,
    });
    await recordApproval(tx, {
      at: now,
      actor,
      act: list === null ? 'by_rule' : list === 'always' ? 'always_in' : 'never_in',
      segments: [segment],
      shown: [],
      done: { segments: [], customersAffected: ids.length, tagRemovals: 0 },
    });
    return { outcome: 'done', entered, left };
  });
}
