/**
 * Webhooks of our own tag writes often come before the answer that confirms them (a bulk operation answers at its
 * end). While a writer holds the customer and a message names nothing but tags that we add or remove there, it is
 * our own echo: without this, 100,000 tag writes would ask for 100,000 customers to be read again. A file may run for
 * hours, so what it names counts, and of a claim what it adds and takes off: whatever else happens to our tags
 * meanwhile is news, and is read.
 *
 * Nothing is lost by it: the holder's answer, or the comparison that follows a lost one, settles the customer.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { Fact } from '../../intake/facts.ts';
import { tagKey } from '../../intake/tag-key.ts';

export async function dropOwnEchoes(tx: ShopTx, facts: readonly Fact[]): Promise<Fact[]> {
  const ids = [...new Set(facts.flatMap((fact) => (fact.kind === 'tag_message' ? [fact.id] : [])))];
  if (ids.length === 0) return [...facts];
  const ours = new Map([...(await heldSingly(tx, ids)), ...(await heldByFile(tx, ids))]);
  return facts.flatMap((fact): Fact[] => {
    if (fact.kind !== 'tag_message') return [fact];
    const write = ours.get(fact.id);
    if (!write) return [fact];
    const all = (tags: readonly string[], keys: ReadonlySet<string>) =>
      tags.every((tag) => keys.has(tagKey(tag)));
    if (all(fact.added, write.added) && all(fact.removed, write.removed)) return [];
    // What is stored is the state from before the write: compared with that, its undoing would look like known news.
    return [{ kind: 'reread', object: 'customer', id: fact.id, reason: 'tags changed' }];
  });
}

interface Expected {
  added: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

/** What is intended to be added is ours without a time yet; what is taken off is named by the claim. */
async function heldSingly(tx: ShopTx, ids: readonly string[]): Promise<Map<string, Expected>> {
  const { rows } = await tx.query<{ id: string; added: string[]; removed: string[] }>(sql`
    SELECT outbox.customer_id AS id, outbox.removing AS removed,
           ARRAY(SELECT owned.tag_key FROM tag_owned AS owned
                  WHERE owned.shop_id = outbox.shop_id AND owned.customer_id = outbox.customer_id
                    AND owned.added_at IS NULL) AS added
      FROM tag_outbox AS outbox
     WHERE outbox.shop_id = ${tx.shopId} AND outbox.customer_id = ANY(${[...ids]}::bigint[])
       AND outbox.bulk_id IS NULL AND outbox.claimed_until IS NOT NULL`);
  return new Map(
    rows.map(({ id, added, removed }) => [id, { added: new Set(added), removed: new Set(removed) }]),
  );
}

async function heldByFile(tx: ShopTx, ids: readonly string[]): Promise<Map<string, Expected>> {
  const { rows } = await tx.query<{ id: string; act: string; tags: string[] | null }>(sql`
    WITH held AS MATERIALIZED (
      SELECT customer_id, bulk_id FROM tag_outbox
       WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...ids]}::bigint[]) AND bulk_id IS NOT NULL)
    SELECT held.customer_id AS id, bulk.act, line.tags FROM held
      JOIN tag_bulk AS bulk ON bulk.shop_id = ${tx.shopId} AND bulk.id = held.bulk_id
      JOIN tag_bulk_line AS line ON line.shop_id = ${tx.shopId} AND line.bulk_id = held.bulk_id
       AND line.customer_id = held.customer_id`);
  return new Map(
    rows.map(({ id, act, tags }) => {
      const written = new Set((tags ?? []).map(tagKey));
      const none = new Set<string>();
      const [added, removed] = act === 'add' ? [written, none] : [none, written];
      return [id, { added, removed }];
    }),
  );
}
