/**
 * A bulk operation's answers count as of its start, so a read from meanwhile wins although it may be older than the
 * line that was done after it. Where what is stored contradicts what Shopify confirmed, the customer is read again.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { queueRereads } from '../intake/store/queue-rereads.server.ts';
import { tagKey } from '../intake/tag-key.ts';

/** @param now machine time */
export async function readAgainWhereContradicted(
  tx: ShopTx,
  confirmed: readonly { customerId: ShopifyId; key: string; act: 'add' | 'remove' }[],
  now: Date,
): Promise<void> {
  if (confirmed.length === 0) return;
  const { rows } = await tx.query<{ id: ShopifyId; tags: string[] }>(sql`
    SELECT id, tags FROM customer
     WHERE shop_id = ${tx.shopId} AND id = ANY(${confirmed.map((one) => one.customerId)}::bigint[])
       AND deleted_at IS NULL`);
  const stored = new Map(rows.map(({ id, tags }) => [id, new Set(tags.map(tagKey))]));
  const wrong = confirmed.filter(({ customerId, key, act }) => {
    const tags = stored.get(customerId);
    return tags !== undefined && tags.has(key) !== (act === 'add');
  });
  await queueRereads(
    tx,
    [...new Set(wrong.map((one) => one.customerId))].map((id) => ({
      object: 'customer',
      id,
      reason: 'tags read while they were written',
      notBefore: now,
    })),
    now,
  );
}
