/**
 * The record of compliance requests: what was asked, when, and what was done. The subject is an HMAC; the result is
 * encrypted, because what was collected for a data request is all that we hold about a person.
 */
import type { Cipher } from '../cipher.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export type PrivacyRequestKind = 'data_request' | 'customer_redact' | 'shop_redact';

/** Shopify's deadline. */
export const DEADLINE_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface PrivacyRequest {
  kind: PrivacyRequestKind;
  /** Null when the request names nobody that we could hold. */
  subject: Buffer | null;
  /** When the message was caused; machine time, like all times here. */
  receivedAt: Date;
  doneAt: Date;
  /** Any JSON; null: nothing to keep. */
  result: unknown;
}

const purpose = (shopId: string) => `privacy:${shopId}`;

/** @param cipher seals the result */
export async function recordPrivacyRequest(
  tx: ShopTx,
  request: PrivacyRequest,
  cipher: Cipher,
): Promise<void> {
  const sealed =
    request.result === null
      ? null
      : cipher.encrypt(Buffer.from(JSON.stringify(request.result)), purpose(tx.shopId));
  const due = new Date(request.receivedAt.getTime() + DEADLINE_DAYS * DAY_MS);
  await tx.query(sql`
    INSERT INTO privacy_request (shop_id, kind, subject, received_at, due_at, done_at, result)
    VALUES (${tx.shopId}, ${request.kind}, ${request.subject}, ${request.receivedAt}, ${due}, ${request.doneAt},
            ${sealed}::bytea)`);
}

export interface PrivacyRequestRow {
  id: string;
  kind: PrivacyRequestKind;
  receivedAt: Date;
  dueAt: Date;
  doneAt: Date | null;
  /** data_request: everything we hold; null once it has been emptied. */
  result: unknown;
}

/**
 * Newest first.
 * @throws AppError 'config' when no key opens a result
 */
export async function listPrivacyRequests(
  tx: ShopTx,
  cipher: Cipher,
  limit = 50,
): Promise<PrivacyRequestRow[]> {
  const { rows } = await tx.query<PrivacyRequestRow & { result: Buffer | null }>(sql`
    SELECT id, kind, received_at AS "receivedAt", due_at AS "dueAt", done_at AS "doneAt", result
      FROM privacy_request WHERE shop_id = ${tx.shopId} ORDER BY id DESC LIMIT ${limit}`);
  return rows.map((row) => ({
    ...row,
    result: row.result && (JSON.parse(cipher.decrypt(row.result, purpose(tx.shopId)).toString()) as unknown),
  }));
}

/** Collected data are for handing over, not for keeping: emptied after the deadline. @param now machine time */
export async function prunePrivacyRequests(tx: ShopTx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE privacy_request SET result = NULL
     WHERE shop_id = ${tx.shopId} AND kind = 'data_request' AND result IS NOT NULL AND due_at < ${now}`);
  return rowCount ?? 0;
}
