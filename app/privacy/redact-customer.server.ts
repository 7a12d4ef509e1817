/**
 * customers/redact: everything about the customer goes, from every room and from the inbox; the orders stay
 * without a customer. What is left is an HMAC in the block list, so that no late message and no import brings
 * the customer back. Also for ids that were merged into the customer. Idempotent.
 */
import { deleteReachRecords } from '../activation/delete-reach-records.server.ts';
import { deleteTagRecords } from '../activation/tags/delete-tag-records.server.ts';
import { deleteOfferRecords } from '../activation/offers/delete-offer-records.server.ts';
import type { Cipher } from '../cipher.server.ts';
import { waitForErasure } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { deleteProfiles } from '../history/delete-profiles.server.ts';
import { deleteCustomerFacts, idsOfCustomer } from '../intake/delete-facts.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { forgetCustomersInInbox } from '../intake/inbox/forget-customers.server.ts';
import { redactionDigest } from '../intake/redaction-digest.server.ts';
import { deleteMemberships } from '../segments/delete-memberships.server.ts';
import { deletePredictions } from '../value/delete-predictions.server.ts';
import { deleteScores } from '../value/delete-scores.server.ts';
import { recordPrivacyRequest } from './privacy-request.server.ts';

export interface CustomerRedaction {
  /** Null: a guest, whose orders name nobody here. */
  customerId: ShopifyId | null;
  receivedAt: Date;
  /** Machine time. */
  now: Date;
  redactionKey: Buffer;
  cipher: Cipher;
}

export async function redactCustomer(tx: ShopTx, request: CustomerRedaction): Promise<void> {
  const { customerId, now } = request;
  await waitForErasure(tx, tx.shopId);
  let removed = 0;
  if (customerId !== null) {
    const customers = await idsOfCustomer(tx, customerId);
    const digests = customers.map((id) => redactionDigest(request.redactionKey, tx.shopId, id));
    await tx.query(sql`
      INSERT INTO redacted_customer (shop_id, digest, redacted_at)
      SELECT ${tx.shopId}, unnest(${digests}::bytea[]), ${now} ON CONFLICT DO NOTHING`);
    removed += await forgetCustomersInInbox(tx, { customers, cipher: request.cipher, now });
    removed += await deleteTagRecords(tx, customers);
    removed += await deleteOfferRecords(tx, customers);
    removed += await deleteReachRecords(tx, customers);
    removed += await deleteMemberships(tx, customers);
    removed += await deletePredictions(tx, customers);
    removed += await deleteScores(tx, customers);
    removed += await deleteProfiles(tx, customers);
    removed += await deleteCustomerFacts(tx, customers);
    // What was collected for a request of theirs is theirs too.
    await tx.query(sql`
      UPDATE privacy_request SET result = NULL
       WHERE shop_id = ${tx.shopId} AND kind = 'data_request' AND subject = ANY(${digests}::bytea[])`);
  }
  await recordPrivacyRequest(
    tx,
    {
      kind: 'customer_redact',
      subject: customerId === null ? null : redactionDigest(request.redactionKey, tx.shopId, customerId),
      receivedAt: request.receivedAt,
      doneAt: now,
      result: { rows: removed },
    },
    request.cipher,
  );
}
