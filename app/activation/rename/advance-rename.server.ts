/**
 * Takes a rename of tags as far as it goes. Each step is stored before the next, so a killed worker goes on where it was.
 *
 *   adding      everybody gets the new tag beside the old one
 *   verifying   what hangs on the tag is brought to the new one and looked at (rename-checks.server.ts)
 *   removing    the old tags go; those that Shopify does not take off are tried again (try-old-tags-again.server.ts)
 *   done
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import type { PushContext } from '../tags/push-context.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { readTagSums } from '../tags/read-tag-sums.server.ts';
import { RENAME_CHECKS, type RenameCheck, type RenamedTag } from './rename-checks.server.ts';
import { readRename } from './rename-tags.server.ts';
import { tryOldTagsAgain } from './try-old-tags-again.server.ts';

/**
 * Takes the rename under way as far as it goes now. Called when the outbox has been worked.
 * @returns whether there is more to write at once ('write'), it waits for a check ('wait'), or there is none ('none')
 */
export async function advanceRename(
  ctx: PushContext,
  shopId: ShopId,
  checks: readonly RenameCheck[] = RENAME_CHECKS,
): Promise<'none' | 'write' | 'wait'> {
  const rename = await ctx.db.inShop(shopId, readRename);
  if (rename === null) return 'none';
  const tags = await ctx.db.inShop(shopId, (tx) => renamedTags(tx, rename.id));
  if (rename.state === 'adding') {
    const pending = await ctx.db.inShop(shopId, (tx) => countPending(tx, tags));
    if (pending > 0) return 'wait';
    await setState(ctx, shopId, rename.id, 'verifying', null);
  }
  if (rename.state !== 'removing') {
    for (const check of checks) {
      const why = await check.run(ctx, shopId, tags, rename.id);
      if (why === null) continue;
      await setState(ctx, shopId, rename.id, 'verifying', `${check.name}: ${why}`);
      ctx.log.info({ shopId, rename: rename.id, check: check.name, why }, 'a change of tags waits');
      return 'wait';
    }
    const removing = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      const { rowCount } = await tx.query(sql`
        UPDATE tag_rename SET state = 'removing', message = NULL
         WHERE shop_id = ${shopId} AND id = ${rename.id}::bigint AND state = 'verifying'`);
      // The merchant has taken it back while it was checked: the old tags are those in force.
      if (rowCount === 0) return false;
      // What had been removed by hand is nobody's now.
      await tx.query(sql`
        DELETE FROM tag_owned WHERE shop_id = ${shopId} AND (suppressed_at IS NOT NULL OR lost_in IS NOT NULL)
           AND tag_key = ANY(${tags.map((tag) => tagKey(tag.from))}::text[])`);
      const holders = sql`
        SELECT customer_id FROM tag_owned
         WHERE shop_id = ${shopId} AND tag_key = ANY(${tags.map((tag) => tagKey(tag.from))}::text[])`;
      await queueSelected(tx, holders, ctx.clock.now());
      return true;
    });
    return removing ? 'write' : 'wait';
  }
  const left = rename.oldLeft > 0 ? await tryOldTagsAgain(ctx, shopId, rename) : { outcome: 'gone' as const };
  if (left.outcome === 'wait') return 'wait';
  const message = left.outcome === 'given_up' ? left.message : null;
  await ctx.db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE tag_rename SET state = 'done', finished_at = ${ctx.clock.now()}, message = ${message}::text
       WHERE shop_id = ${shopId} AND id = ${rename.id}::bigint AND state = 'removing'`),
  );
  ctx.log.info({ shopId, rename: rename.id, what: rename.what, message }, 'tags have been renamed');
  return 'none';
}

async function renamedTags(tx: ShopTx, id: string): Promise<RenamedTag[]> {
  const { rows } = await tx.query<RenamedTag & Record<string, unknown>>(sql`
    SELECT f.segment_id AS "segmentId", f.tag AS from, g.tag_prefix || s.tag_name AS to
      FROM tag_former f
      JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id
      JOIN shop_settings g ON g.shop_id = f.shop_id
     WHERE f.shop_id = ${tx.shopId} AND f.rename_id = ${id}::bigint`);
  return rows;
}

/**
 * Members who do not have the new tag yet, also those who wait for a decision: what hangs on the tag would lose them.
 * Tags that were removed at once with many others are not waited for.
 */
async function countPending(tx: ShopTx, tags: readonly RenamedTag[]): Promise<number> {
  const { rows } = await tx.query<{ key: string }>(sql`
    SELECT key FROM segment
     WHERE shop_id = ${tx.shopId} AND id = ANY(${tags.map((tag) => tag.segmentId)}::bigint[]) AND status = 'live'`);
  const sums = await readTagSums(
    tx,
    rows.map(({ key }) => key),
  );
  return sums.reduce((sum, one) => sum + one.pending - one.pendingLost, 0);
}

/** Of one that was taken back meanwhile nothing is said any more. */
async function setState(
  ctx: PushContext,
  shopId: ShopId,
  id: string,
  state: 'verifying',
  message: string | null,
): Promise<void> {
  await ctx.db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE tag_rename SET state = ${state}, message = ${message}::text
       WHERE shop_id = ${shopId} AND id = ${id}::bigint AND state IN ('adding', 'verifying')`),
  );
}
