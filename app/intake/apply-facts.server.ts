/**
 * The one way in which messages and re-reads become facts. Everything is set-based and decided by stamps,
 * aliases, tombstones and the block list of redacted customers, so any permutation and any duplication of the
 * same facts ends the same.
 */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Fact, RereadFact, TagMessageFact } from './facts.ts';
import { foldFacts } from './fold-facts.ts';
import { asksAnything } from './picks.ts';
import { readPicks } from './read-picks.server.ts';
import { rulesAsk } from './rules-ask.server.ts';
import { createFactTables } from './store/fact-tables.server.ts';
import { loadFacts } from './store/load-facts.server.ts';
import { queueRereads } from './store/queue-rereads.server.ts';
import { blockedCustomers } from './store/resolve-customers.server.ts';
import { storeIncoming, touch, type Touched } from './store/store-incoming.server.ts';
import { storeMerges } from './store/store-merges.server.ts';
import { tagKey } from './tag-key.ts';

export type { Touched } from './store/store-incoming.server.ts';

const VISITS_WAIT_MS = 15_000;

export interface ApplyOptions {
  /** Machine time. */
  now: Date;
  redactionKey: Buffer;
}

/**
 * Stores facts and queues what has to be read again. Locks the shop for the transaction.
 * @returns the customers whose profile must be recomputed, with the cause
 */
export async function applyFacts(
  tx: ShopTx,
  facts: readonly Fact[],
  options: ApplyOptions,
): Promise<Touched> {
  const folded = foldFacts(facts);
  await waitForShop(tx, tx.shopId);
  const merged = await storeMerges(tx, folded.merges, options);

  let touched: Touched = new Map();
  const objects = [folded.customers, folded.orders, folded.products, folded.collections];
  if (objects.some((list) => list.length > 0)) {
    await createFactTables(tx);
    await loadFacts(tx, folded);
    touched = await storeIncoming(tx, { ...options, rereads: true });
  }
  for (const id of merged.touched) touch(touched, id, 'merge');

  const wishes: RereadFact[] = [
    ...merged.reread.map((id) => ({
      kind: 'reread' as const,
      object: 'customer' as const,
      id,
      reason: 'customers merged',
    })),
    ...(await knowableOnly(
      tx,
      [...(await askedFor(tx, folded.rereads)), ...(await unknownTagChanges(tx, folded.tagMessages))],
      options,
    )),
  ];
  await queueRereads(
    tx,
    wishes.map((wish) => ({
      ...wish,
      // What Shopify works out after an order is placed is not there at once.
      notBefore: wish.when === 'reads' ? new Date(options.now.getTime() + VISITS_WAIT_MS) : options.now,
    })),
    options.now,
  );
  return touched;
}

/** Leaves out reads of what nobody asks for. */
async function askedFor(tx: ShopTx, wishes: readonly RereadFact[]): Promise<RereadFact[]> {
  const named = (when: RereadFact['when']) => wishes.some((wish) => wish.when === when);
  const reads = named('reads') && (await rulesAsk(tx, 'reads'));
  const picks = named('picks') && asksAnything(await readPicks(tx));
  return wishes.filter(({ when }) => {
    if (when === 'reads') return reads;
    return when === undefined || picks;
  });
}

/**
 * Tag messages that tell something new. An echo of our own confirmed write does not: what it says was added is
 * there already, and what it says was removed is not.
 */
async function unknownTagChanges(tx: ShopTx, messages: readonly TagMessageFact[]): Promise<RereadFact[]> {
  if (messages.length === 0) return [];
  const { rows } = await tx.query<{ id: string; tags: string[]; known: boolean }>(sql`
    SELECT id, tags, tags_stamp IS NOT NULL AS known FROM customer
     WHERE shop_id = ${tx.shopId} AND id = ANY(${messages.map((message) => message.id)}::bigint[])`);
  const tagsOf = new Map(rows.map((row) => [row.id, row.known ? new Set(row.tags.map(tagKey)) : undefined]));
  return messages
    .filter(({ id, added, removed }) => {
      const tags = tagsOf.get(id);
      return (
        tags === undefined ||
        added.some((tag) => !tags.has(tagKey(tag))) ||
        removed.some((tag) => tags.has(tagKey(tag)))
      );
    })
    .map(({ id }) => ({ kind: 'reread', object: 'customer', id, reason: 'tags changed' }));
}

/** Re-reads of customers that are still to be known: not merged away (old news), not redacted, not removed. */
async function knowableOnly(
  tx: ShopTx,
  wishes: readonly RereadFact[],
  options: ApplyOptions,
): Promise<RereadFact[]> {
  const ids = wishes.filter((wish) => wish.object === 'customer').map((wish) => wish.id);
  if (ids.length === 0) return [...wishes];
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT old_id AS id FROM customer_alias WHERE shop_id = ${tx.shopId} AND old_id = ANY(${ids}::bigint[])
    UNION ALL
    SELECT id FROM customer WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[]) AND deleted_at IS NOT NULL`);
  const nobody = await blockedCustomers(tx, options.redactionKey, ids);
  for (const { id } of rows) nobody.add(id);
  return wishes.filter((wish) => wish.object !== 'customer' || !nobody.has(wish.id));
}
