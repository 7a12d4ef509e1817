/**
 * The merchant removed the app: tokens are void, and no work goes on. Facts stay until Shopify asks for their
 * erasure (48 hours later), so that somebody who comes back the same day finds everything; they are imported
 * anew, because nothing was told to us meanwhile. Segments are drafts again: whoever comes back decides again what is
 * written to the store. Which tags are ours stays known, so that they can be taken up or removed then.
 */
import { giveUpLeaving } from '../activation/leaving/give-up-leaving.server.ts';
import { keepTagsKnown } from '../activation/leftovers/keep-tags-known.server.ts';
import { leaveOffers } from '../activation/offers/leave-offers.server.ts';
import { stopReach } from '../activation/stop-reach.server.ts';
import { raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/**
 * A message of an installation that has been replaced since (the app came back before it was read) changes
 * nothing. @param at when it happened; @param now machine time
 */
export async function uninstallShop(
  tx: ShopTx,
  uninstalled: { at: Date; now: Date },
): Promise<'uninstalled' | 'installed_again'> {
  const { rows } = await tx.query<{ domain: string }>(sql`
    UPDATE shop SET state = 'uninstalled', uninstalled_at = ${uninstalled.now}
     WHERE id = ${tx.shopId} AND state = 'installed' AND installed_at <= ${uninstalled.at}
    RETURNING domain`);
  const domain = rows[0]?.domain;
  if (domain === undefined) return 'installed_again';
  await tx.query(sql`DELETE FROM session WHERE shop = ${domain}`);
  await tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${tx.shopId} AND work <> 'inbox'`);
  await tx.query(sql`DELETE FROM reread WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`
    UPDATE import_run SET state = 'failed', finished_at = ${uninstalled.now}, message = 'The app was removed from the store.'
     WHERE shop_id = ${tx.shopId} AND state = 'running'`);
  await tx.query(sql`
    UPDATE segment SET status = 'draft', trial = false, live_since = NULL, failure = NULL
     WHERE shop_id = ${tx.shopId} AND status <> 'draft'`);
  await tx.query(sql`
    UPDATE tag_rename SET state = 'done', finished_at = ${uninstalled.now}, message = 'The app was removed from the store.'
     WHERE shop_id = ${tx.shopId} AND state <> 'done'`);
  await leaveOffers(tx, uninstalled.now);
  await giveUpLeaving(tx, uninstalled.now);
  await keepTagsKnown(tx, uninstalled.now);
  await tx.query(sql`DELETE FROM membership WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM membership_left WHERE shop_id = ${tx.shopId}`);
  for (const table of ['segment_change', 'segment_move', 'segment_move_again'])
    await tx.query(sql`DELETE FROM ${raw(table)} WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId}`);
  await stopReach(tx);
  await tx.query(sql`
    UPDATE held_change SET state = 'replaced', decided_at = ${uninstalled.now}
     WHERE shop_id = ${tx.shopId} AND state IN ('measuring', 'held')`);
  await tx.query(sql`DELETE FROM background_run WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`
    UPDATE tag_bulk SET state = 'failed', finished_at = ${uninstalled.now}, message = 'The app was removed from the store.'
     WHERE shop_id = ${tx.shopId} AND state NOT IN ('done', 'failed')`);
  await tx.query(sql`UPDATE shop_settings SET first_imported_at = NULL WHERE shop_id = ${tx.shopId}`);
  return 'uninstalled';
}
