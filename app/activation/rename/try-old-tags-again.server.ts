/**
 * Old tags that Shopify did not take off. A refusal takes the customer out of the outbox, so nobody would ever come back
 * to them, and the rename would be under way for ever: they are queued again a few times, later each time, and then the
 * rename ends without them and says so. Each night they are tried once more (tags/queue-refused-removals.server.ts).
 *
 * Not tried again are those in the outbox (being written, or waiting for a person), and tags of a segment that stands
 * still: they are waited for.
 */
import { backOffMs } from '../../back-off.ts';
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { PushContext } from '../tags/push-context.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { STILL_OURS } from '../tags/still-ours.ts';
import { explainFailure } from '../tags/write-failure.ts';
import type { Rename } from './rename-tags.server.ts';

/** About a quarter of an hour in all. */
const MOST_TRIES = 5;
const BACK_OFF = { firstMs: 30_000, longestMs: 8 * 60_000 };

/** @returns 'wait': there is something to come; 'given_up': the rest cannot be removed, in words for the merchant */
export async function tryOldTagsAgain(
  ctx: PushContext,
  shopId: ShopId,
  { id, oldLeft, tries }: Rename,
): Promise<{ outcome: 'wait' } | { outcome: 'given_up'; message: string }> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const refused = await readRefused(tx, id);
    const tags = refused.reduce((sum, one) => sum + one.tags, 0);
    if (tags === 0) return { outcome: 'wait' };
    if (tries >= MOST_TRIES) {
      return tags < oldLeft ? { outcome: 'wait' } : { outcome: 'given_up', message: inWords(tags, refused) };
    }
    const { rowCount } = await tx.query(sql`
      UPDATE tag_rename SET tries = tries + 1, message = ${inWords(tags, refused)}
       WHERE shop_id = ${shopId} AND id = ${id}::bigint AND state = 'removing' AND tries = ${tries}`);
    if (rowCount === 1) {
      await queueSelected(
        tx,
        sql`SELECT customer_id FROM (${leftBehind(shopId, id)}) AS o`,
        ctx.clock.now(),
        {
          notBefore: new Date(ctx.clock.machineNow().getTime() + backOffMs(BACK_OFF, tries)),
        },
      );
    }
    return { outcome: 'wait' };
  });
}

/** Of which reason how many; the most frequent first. */
async function readRefused(tx: ShopTx, id: string): Promise<{ reason: string | null; tags: number }[]> {
  const { rows } = await tx.query<{ reason: string | null; tags: number }>(sql`
    SELECT (SELECT w.reason FROM tag_write w
             WHERE w.shop_id = ${tx.shopId} AND w.customer_id = o.customer_id AND lower(w.tag) = o.tag_key
               AND w.act = 'remove' AND w.outcome = 'failed' ORDER BY w.id DESC LIMIT 1) AS reason,
           count(*)::int AS tags
      FROM (${leftBehind(tx.shopId, id)}) AS o GROUP BY 1 ORDER BY 2 DESC, 1`);
  return rows;
}

/** (customer_id, tag_key): old tags that nobody is about to remove. */
const leftBehind = (shopId: ShopId, id: string) => sql`
  SELECT o.customer_id, o.tag_key
    FROM tag_former f
    JOIN tag_owned o ON o.shop_id = f.shop_id AND o.tag_key = f.tag_key AND ${STILL_OURS}
    LEFT JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id
   WHERE f.shop_id = ${shopId} AND f.rename_id = ${id}::bigint
     AND coalesce(s.status, 'draft') NOT IN ('paused', 'failing')
     AND NOT EXISTS (SELECT FROM tag_outbox q WHERE q.shop_id = o.shop_id AND q.customer_id = o.customer_id)`;

function inWords(tags: number, refused: readonly { reason: string | null }[]): string {
  const why = [...new Set(refused.flatMap(({ reason }) => (reason === null ? [] : explainFailure(reason))))];
  const what = tags === 1 ? '1 old tag could not be removed.' : `${tags} old tags could not be removed.`;
  return [what, ...why.slice(0, 3)].join(' ');
}
