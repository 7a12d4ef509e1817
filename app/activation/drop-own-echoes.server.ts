/**
 * Webhooks of our own tag writes often come before the answer that confirms them (a bulk operation answers at its
 * end). While a writer holds the customer and a message names nothing but tags that we add or remove there, it is
 * our own echo: without this, 100,000 tag writes would ask for 100,000 customers to be read again.
 *
 * Nothing is lost by it: the holder's answer, or the comparison that follows a lost one, settles the customer.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Fact } from '../intake/facts.ts';
import { tagKey } from '../intake/tag-key.ts';

export async function dropOwnEchoes(tx: ShopTx, facts: readonly Fact[]): Promise<Fact[]> {
  const ids = [...new Set(facts.flatMap((fact) => (fact.kind === 'tag_message' ? [fact.id] : [])))];
  if (ids.length === 0) return [...facts];
  const { rows } = await tx.query<{ id: string; keys: string[] }>(sql`
    SELECT outbox.customer_id AS id, array_agg(owned.tag_key) AS keys
      FROM tag_outbox AS outbox
      JOIN tag_owned AS owned ON owned.shop_id = outbox.shop_id AND owned.customer_id = outbox.customer_id
     WHERE outbox.shop_id = ${tx.shopId} AND outbox.customer_id = ANY(${ids}::bigint[])
       AND (outbox.bulk_id IS NOT NULL OR outbox.claimed_until IS NOT NULL)
     GROUP BY outbox.customer_id`);
  const ours = new Map(rows.map((row) => [row.id, new Set(row.keys)]));
  return facts.filter((fact) => {
    if (fact.kind !== 'tag_message') return true;
    const keys = ours.get(fact.id);
    return keys === undefined || ![...fact.added, ...fact.removed].every((tag) => keys.has(tagKey(tag)));
  });
}
