/**
 * shop/redact, 48 hours after the app was removed: everything of this shop goes. What stays: the shop's row
 * ("redacted", a name that can install again), the record of compliance requests, and the block list of
 * redacted customers, which holds HMACs only.
 */
import { deleteTagRecords } from '../activation/delete-tag-records.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { deleteProfiles } from '../history/delete-profiles.server.ts';
import { deleteShopFacts } from '../intake/delete-facts.server.ts';
import { deleteMemberships } from '../segments/delete-memberships.server.ts';
import { deletePredictions } from '../value/delete-predictions.server.ts';
import { deleteScores } from '../value/delete-scores.server.ts';
import { recordPrivacyRequest } from './privacy-request.server.ts';

/**
 * A message that was caused before the app was installed again changes nothing.
 * @param request.receivedAt when the message was caused; request.now: machine time
 */
export async function redactShop(
  tx: ShopTx,
  request: { receivedAt: Date; now: Date },
): Promise<'redacted' | 'installed_again'> {
  await waitForShop(tx, tx.shopId);
  // First the shop: whoever appends to its inbox is waited for, or finds it erased.
  const { rows } = await tx.query<{ domain: string }>(sql`
    UPDATE shop SET state = 'redacted', shopify_id = NULL, uninstalled_at = coalesce(uninstalled_at, ${request.now})
     WHERE id = ${tx.shopId} AND (state <> 'installed' OR installed_at <= ${request.receivedAt})
    RETURNING domain`);
  const domain = rows[0]?.domain;
  if (domain === undefined) return 'installed_again';
  await deleteTagRecords(tx, 'all');
  await deleteMemberships(tx, 'all');
  await deletePredictions(tx, 'all');
  await deleteScores(tx, 'all');
  await deleteProfiles(tx, 'all');
  await deleteShopFacts(tx);
  await tx.query(sql`UPDATE privacy_request SET result = NULL WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM session WHERE shop = ${domain}`);
  await tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${tx.shopId}`);
  await recordPrivacyRequest(tx, {
    kind: 'shop_redact',
    subject: null,
    receivedAt: request.receivedAt,
    doneAt: request.now,
    result: null,
  });
  return 'redacted';
}
