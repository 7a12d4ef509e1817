/**
 * Appends deliveries to the inbox. Requests of one shop that come while an insert is under way share the next
 * one: one statement, one commit. Resolves after the commit, so whoever answers 200 has it stored.
 *
 * Bounded: what waits is counted, and beyond the limit (or the time) a delivery is not stored; the sender
 * tries again, and its id makes sure that nothing is stored twice.
 */
import type { Cipher } from '../../cipher.server.ts';
import { sql } from '../../db/sql.ts';
import { wake } from '../../db/shop-due.server.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import type { Notifier } from './notifier.server.ts';
import { payloadPurpose } from './payload-purpose.ts';
import type { WebhookHeaders } from './webhook-headers.ts';

export interface Delivery extends WebhookHeaders {
  rawBody: Buffer;
  /** Machine time. */
  receivedAt: Date;
}

export type AppendOutcome =
  | 'accepted'
  | 'duplicate'
  /** The shop has been forgotten since it was looked up. */
  | 'shop_gone'
  /** The database did not take it (in time), or too much is waiting. */
  | 'not_stored';

export interface AppendLimits {
  rowsPerInsert: number;
  bytesPerInsert: number;
  waitingRows: number;
  waitingBytes: number;
  /** After so long the sender is told to try again. */
  patienceMs: number;
}

const LIMITS: AppendLimits = {
  rowsPerInsert: 200,
  bytesPerInsert: 4_000_000,
  waitingRows: 5_000,
  waitingBytes: 64_000_000,
  patienceMs: 4_000,
};

interface Waiting {
  delivery: Delivery;
  settle(outcome: AppendOutcome): void;
  settled: boolean;
}

export interface InboxAppender {
  append(shopId: ShopId, delivery: Delivery): Promise<AppendOutcome>;
}

export function createInboxAppender(
  ctx: { db: Db; cipher: Cipher; log: Log; notifier: Notifier },
  options: Partial<AppendLimits> = {},
): InboxAppender {
  const limits = { ...LIMITS, ...options };
  /** A shop is in here while an insert of its is under way. */
  const queues = new Map<ShopId, Waiting[]>();
  let waitingRows = 0;
  let waitingBytes = 0;

  async function work(shopId: ShopId, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue, limits);
      if (batch.length === 0) continue;
      try {
        const outcomes = await insert(
          ctx,
          shopId,
          batch.map((entry) => entry.delivery),
        );
        batch.forEach((entry, i) => entry.settle(outcomes[i] ?? 'not_stored'));
        ctx.notifier.notify();
      } catch (error) {
        ctx.log.error({ err: error, shopId, deliveries: batch.length }, 'webhooks could not be stored');
        for (const entry of batch) entry.settle('not_stored');
      }
    }
    queues.delete(shopId);
  }

  return {
    append(shopId, delivery) {
      const bytes = delivery.rawBody.length;
      if (waitingRows >= limits.waitingRows || waitingBytes + bytes > limits.waitingBytes) {
        return Promise.resolve('not_stored');
      }
      waitingRows += 1;
      waitingBytes += bytes;
      return new Promise((resolve) => {
        const entry: Waiting = {
          delivery,
          settled: false,
          settle(outcome) {
            if (entry.settled) return;
            entry.settled = true;
            clearTimeout(timer);
            waitingRows -= 1;
            waitingBytes -= bytes;
            resolve(outcome);
          },
        };
        const timer = setTimeout(() => entry.settle('not_stored'), limits.patienceMs);
        const queue = queues.get(shopId);
        if (queue) {
          queue.push(entry);
        } else {
          const started = [entry];
          queues.set(shopId, started);
          void work(shopId, started);
        }
      });
    },
  };
}

/** Takes from the front, within the limits; those that were given up are dropped. */
function takeBatch(queue: Waiting[], limits: AppendLimits): Waiting[] {
  const batch: Waiting[] = [];
  let bytes = 0;
  while (queue.length > 0 && batch.length < limits.rowsPerInsert) {
    const next = queue[0] as Waiting;
    if (next.settled) {
      queue.shift();
      continue;
    }
    bytes += next.delivery.rawBody.length;
    if (batch.length > 0 && bytes > limits.bytesPerInsert) break;
    batch.push(next);
    queue.shift();
  }
  return batch;
}

/** One transaction: the shop is still ours, the rows, the wake-up. @returns an outcome a delivery, in order */
async function insert(
  ctx: { db: Db; cipher: Cipher },
  shopId: ShopId,
  deliveries: Delivery[],
): Promise<AppendOutcome[]> {
  const payloads = deliveries.map((delivery) => ctx.cipher.encrypt(delivery.rawBody, payloadPurpose(shopId)));
  return ctx.db.inShop(shopId, async (tx) => {
    // The share lock makes erasing a shop wait for us, or us find it erased.
    const { rows: shops } = await tx.query<{ state: string }>(sql`
      SELECT state FROM shop WHERE id = ${shopId} FOR SHARE`);
    const held = shops[0] !== undefined && !['redacting', 'redacted'].includes(shops[0].state);
    if (!held) return deliveries.map(() => 'shop_gone');
    const column = <T>(pick: (delivery: Delivery) => T): T[] => deliveries.map(pick);
    const { rows } = await tx.query<{ webhookId: string }>(sql`
      INSERT INTO inbox (shop_id, webhook_id, topic, api_version, triggered_at, event_id, received_at, payload)
      SELECT ${shopId}, * FROM unnest(
        ${column((d) => d.webhookId)}::text[], ${column((d) => d.topic)}::text[], ${column((d) => d.apiVersion)}::text[],
        ${column((d) => d.triggeredAt)}::timestamptz[], ${column((d) => d.eventId)}::text[],
        ${column((d) => d.receivedAt)}::timestamptz[], ${payloads}::bytea[]) AS d (webhook_id)
      ORDER BY webhook_id
      ON CONFLICT (shop_id, webhook_id) DO NOTHING
      RETURNING webhook_id AS "webhookId"`);
    const fresh = new Set(rows.map((row) => row.webhookId));
    if (fresh.size > 0) {
      await wake(tx, shopId, 'inbox', earliest(deliveries.map((delivery) => delivery.receivedAt)));
    }
    // The first of the same id is the one that was stored.
    return deliveries.map((delivery) => (fresh.delete(delivery.webhookId) ? 'accepted' : 'duplicate'));
  });
}

function earliest(times: Date[]): Date {
  return new Date(Math.min(...times.map((time) => time.getTime())));
}
