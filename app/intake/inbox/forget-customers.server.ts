/**
 * Takes redacted customers out of the inbox. A dead letter that names one loses its payload. A waiting order
 * message becomes a wish to read that order again (Shopify knows the order, and the block list keeps the
 * customer out); any other waiting message that names one has nothing left to say. What cannot be opened could
 * name the customer, and can never be read: it is emptied and is a dead letter, so that erasure goes on.
 */
import { AppError } from '../../app-error.ts';
import type { Cipher } from '../../cipher.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';
import { normaliseWebhook } from '../normalise/normalise-webhook.ts';
import { queueRereads } from '../store/queue-rereads.server.ts';
import { payloadPurpose } from './payload-purpose.ts';

const PAGE = 200;

interface HeldRow {
  id: string;
  topic: string;
  state: 'waiting' | 'dead' | 'done';
  payload: Buffer;
}

/** @param now machine time. @returns how many payloads were emptied */
export async function forgetCustomersInInbox(
  tx: ShopTx,
  options: { customers: readonly ShopifyId[]; cipher: Cipher; now: Date },
): Promise<number> {
  const named = new RegExp(`(?<!\\d)(?:${options.customers.join('|')})(?!\\d)`);
  let emptied = 0;
  for (let after = '0'; ;) {
    const { rows } = await tx.query<HeldRow & Record<string, unknown>>(sql`
      SELECT id, topic, state, payload FROM inbox
       WHERE shop_id = ${tx.shopId} AND id > ${after} AND payload IS NOT NULL AND state IN ('waiting', 'dead')
       ORDER BY id LIMIT ${PAGE}`);
    const last = rows.at(-1);
    if (last === undefined) return emptied;
    after = last.id;
    const opened = rows.map((row) => ({ ...row, text: open(tx, row, options.cipher) }));
    const closed = opened.filter(({ text }) => text === undefined);
    const hits = opened.filter(({ text }) => text !== undefined && named.test(text));
    const orders = hits.flatMap(({ state, topic, text }) =>
      state === 'waiting' ? orderIdsOf(topic, text ?? '', options.now) : [],
    );
    await queueRereads(
      tx,
      orders.map((id) => ({
        object: 'order' as const,
        id,
        reason: 'its customer was redacted',
        notBefore: options.now,
      })),
      options.now,
    );
    await tx.query(sql`
      UPDATE inbox
         SET payload = NULL, finished_at = coalesce(finished_at, ${options.now}),
             state = CASE state WHEN 'waiting' THEN 'done' ELSE state END,
             reason = CASE state WHEN 'dead' THEN 'emptied: it named a redacted customer' ELSE reason END
       WHERE shop_id = ${tx.shopId} AND id = ANY(${hits.map((row) => row.id)}::bigint[])`);
    await tx.query(sql`
      UPDATE inbox SET payload = NULL, finished_at = coalesce(finished_at, ${options.now}), state = 'dead',
                       reason = 'emptied: it could not be decrypted when a customer was redacted'
       WHERE shop_id = ${tx.shopId} AND id = ANY(${closed.map((row) => row.id)}::bigint[])`);
    emptied += hits.length + closed.length;
  }
}

/** @returns undefined when no key opens it */
function open(tx: ShopTx, row: HeldRow, cipher: Cipher): string | undefined {
  try {
    return cipher.decrypt(row.payload, payloadPurpose(tx.shopId)).toString('utf8');
  } catch (error) {
    if (error instanceof AppError && error.code === 'config') return undefined;
    throw error;
  }
}

/** The orders that a message is about. */
function orderIdsOf(topic: string, text: string, now: Date): ShopifyId[] {
  const message = normaliseWebhook({
    topic,
    text,
    shopDomain: '',
    triggeredAt: null,
    receivedAt: now.toISOString(),
  });
  if (message.outcome !== 'facts') return [];
  return message.facts.flatMap((fact) =>
    fact.kind === 'order' || (fact.kind === 'reread' && fact.object === 'order') ? [fact.id] : [],
  );
}
