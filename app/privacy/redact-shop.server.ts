/**
 * shop/redact, 48 hours after the app was removed: everything of this shop goes. What stays: the shop's row
 * ("redacted", a name that can install again), the record of compliance requests, and the block list of
 * redacted customers, which holds HMACs only.
 *
 * A large shop does not go in one transaction within the role's limits, so each call removes a bounded number of
 * rows and says whether there is more. Meanwhile the shop is "redacting": nobody else writes to it
 * (waitForShop), no webhook is taken and it cannot be installed, so nothing comes back. The message that asked
 * stays in the inbox until the last call: after a kill it is taken up again.
 */
import type { Cipher } from '../cipher.server.ts';
import { waitForErasure } from '../db/shop-due.server.ts';
import { raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { recordPrivacyRequest } from './privacy-request.server.ts';

/** Emptied in this order: first what could be turned into facts again, at the end what the others belong to. */
const TABLES = [
  'inbox',
  'reread',
  'tag_outbox',
  'tag_owned',
  'tag_write',
  'tag_edit',
  'tag_alert',
  'tag_found',
  'tag_impossible',
  'tag_held_out',
  'control_assignment',
  'control_group',
  'tag_rate',
  'tag_day',
  'tag_former',
  'tag_rename',
  'tag_bulk_line',
  'tag_bulk',
  'offer_holder',
  'offer_present',
  'offer_order',
  'offer_served',
  'offer_discount',
  'discount_write',
  'offer',
  'leaving',
  'leftover',
  'reach_write',
  'metafield_outbox',
  'metafield_written',
  'flow_event',
  'flow_run',
  'flow_action_run',
  'attention',
  'native_segment',
  'segment_reach',
  'reach_settings',
  'segment_change',
  'segment_move',
  'segment_move_again',
  'segment_size',
  'membership',
  'membership_event',
  'mass_member',
  'membership_kept',
  'mass_change',
  'membership_left',
  'segment_person',
  'segment_version',
  'approval',
  'segment',
  'segment_set',
  'held_change',
  'background_run',
  'left_out_person',
  'policy_draft',
  'policy_version',
  'idea_snapshot',
  'value_snapshot',
  'prediction',
  'ltv_fit',
  'score',
  'cut_points',
  'profile',
  'shopify_standing',
  'import_part',
  'import_run',
  'order_refund',
  'order_line',
  'orders',
  'product_collection',
  'collection',
  'product',
  'location',
  'customer_metafield',
  'customer_alias',
  'customer',
  'shop_settings',
] as const;

/** Rows removed in one transaction: a second or two on a small machine, of the 30 that a statement may take. */
const ROWS_AT_ONCE = 10_000;

export interface ShopRedaction {
  /** When the message was caused. */
  receivedAt: Date;
  /** Machine time. */
  now: Date;
  /** The message's row in the inbox. */
  inboxId?: string;
  cipher: Cipher;
  atMost?: number;
}

/**
 * A message that was caused before the app was installed again changes nothing.
 * @returns 'more': commit, and call again
 */
export async function redactShop(
  tx: ShopTx,
  { receivedAt, now, cipher, inboxId = '0', atMost = ROWS_AT_ONCE }: ShopRedaction,
): Promise<'redacted' | 'more' | 'installed_again'> {
  await waitForErasure(tx, tx.shopId);
  // First the shop: whoever appends to its inbox is waited for, or finds it erased.
  const { rows } = await tx.query<{ domain: string }>(sql`
    UPDATE shop SET state = 'redacting', shopify_id = NULL, uninstalled_at = coalesce(uninstalled_at, ${now})
     WHERE id = ${tx.shopId} AND (state <> 'installed' OR installed_at <= ${receivedAt})
    RETURNING domain`);
  const domain = rows[0]?.domain;
  if (domain === undefined) return 'installed_again';
  await tx.query(sql`DELETE FROM session WHERE shop = ${domain}`);
  await tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${tx.shopId} AND work <> 'inbox'`);
  let left = atMost;
  for (const table of TABLES) {
    left -= await deleteSome(tx, table, { atMost: left, except: table === 'inbox' ? inboxId : null });
    if (left === 0) return 'more';
  }
  await tx.query(sql`DELETE FROM inbox WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`UPDATE privacy_request SET result = NULL WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`UPDATE shop SET state = 'redacted' WHERE id = ${tx.shopId}`);
  await recordPrivacyRequest(
    tx,
    {
      kind: 'shop_redact',
      subject: null,
      receivedAt,
      doneAt: now,
      result: null,
    },
    cipher,
  );
  return 'redacted';
}

async function deleteSome(
  tx: ShopTx,
  table: (typeof TABLES)[number],
  { atMost, except }: { atMost: number; except: string | null },
): Promise<number> {
  // In a table that is kept in parts, rows of two parts can lie at the same place: they are named by their ids.
  if (table === 'membership_event') {
    const { rowCount } = await tx.query(sql`
      DELETE FROM membership_event WHERE shop_id = ${tx.shopId} AND id = ANY(ARRAY(
        SELECT id FROM membership_event WHERE shop_id = ${tx.shopId} LIMIT ${atMost}))`);
    return rowCount ?? 0;
  }
  const others = except === null ? sql`` : sql`AND id <> ${except}`;
  const { rowCount } = await tx.query(sql`
    DELETE FROM ${raw(table)} WHERE shop_id = ${tx.shopId} AND ctid = ANY(ARRAY(
      SELECT ctid FROM ${raw(table)} WHERE shop_id = ${tx.shopId} ${others} LIMIT ${atMost}))`);
  return rowCount ?? 0;
}
