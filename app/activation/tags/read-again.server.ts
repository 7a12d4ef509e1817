/**
 * A read that is not clearly younger than our own write (READ_MARGIN_MS) proves nothing: it may show the state from
 * before, or what somebody has done by hand since. Where such a read contradicts what Shopify confirmed, the customer
 * is read once more, so much later that the read decides which of both it was.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { queueRereads } from '../../intake/store/queue-rereads.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { READ_MARGIN_MS } from './plan-tag-changes.ts';
import { readTimeOf } from './read-comparisons.server.ts';

/** Shopify's times may be those of whole seconds. */
const READ_AFTER_MS = READ_MARGIN_MS + 1_000;
/** The read is there by then; if it is not, it is asked for again. */
const COMPARE_AFTER_MS = 10_000;

/**
 * After a write was answered: a bulk operation's answers count as of its start, so a read from meanwhile wins
 * although it may be older than the line that was done after it.
 * @param answer.ids whose answer it was. @param answer.date from when on it is the state (remote time)
 * @param answer.machineNow machine time
 * @returns customers who are to be compared: a tag that was added is not there, or they were read after the answer,
 * while they were held, when nobody looked at what had been done by hand
 */
export async function readAgainWhereContradicted(
  tx: ShopTx,
  confirmed: readonly { customerId: ShopifyId; key: string; act: 'add' | 'remove' }[],
  answer: { ids: readonly ShopifyId[]; date: Date; machineNow: Date },
): Promise<Set<ShopifyId>> {
  if (answer.ids.length === 0) return new Set();
  const { rows } = await tx.query<{ id: ShopifyId; tags: string[]; stamp: string | null }>(sql`
    SELECT id, tags, tags_stamp AS stamp FROM customer
     WHERE shop_id = ${tx.shopId} AND id = ANY(${[...answer.ids]}::bigint[]) AND deleted_at IS NULL`);
  const stored = new Map(rows.map(({ id, tags }) => [id, new Set(tags.map(tagKey))]));
  const wrong = confirmed.filter(({ customerId, key, act }) => {
    const tags = stored.get(customerId);
    return tags !== undefined && tags.has(key) !== (act === 'add');
  });
  await readAgain(tx, [...new Set(wrong.map((one) => one.customerId))], answer.machineNow);
  const readLater = rows.filter(({ stamp }) => stamp !== null && readTimeOf(stamp) > answer.date);
  return new Set([
    ...readLater.map(({ id }) => id),
    ...wrong.flatMap(({ customerId, act }) => (act === 'add' ? [customerId] : [])),
  ]);
}

/**
 * Before anything is written: these wait in the outbox for the read, free of any writer.
 * @param machineNow machine time
 */
export async function readAgainFirst(tx: ShopTx, ids: readonly ShopifyId[], machineNow: Date): Promise<void> {
  await readAgain(tx, ids, machineNow);
  await tx.query(sql`
    UPDATE tag_outbox SET not_before = ${new Date(machineNow.getTime() + COMPARE_AFTER_MS)}, claimed_by = NULL, claimed_until = NULL
     WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...ids]}::bigint[])`);
}

async function readAgain(tx: ShopTx, ids: readonly ShopifyId[], machineNow: Date): Promise<void> {
  const notBefore = new Date(machineNow.getTime() + READ_AFTER_MS);
  await queueRereads(
    tx,
    ids.map((id) => ({ object: 'customer', id, reason: 'tags read while they were written', notBefore })),
    machineNow,
  );
}
