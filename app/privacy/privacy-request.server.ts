/** The record of compliance requests: what was asked, when, and what was done. The subject is an HMAC. */
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
  result: unknown;
}

export async function recordPrivacyRequest(tx: ShopTx, request: PrivacyRequest): Promise<void> {
  const due = new Date(request.receivedAt.getTime() + DEADLINE_DAYS * DAY_MS);
  await tx.query(sql`
    INSERT INTO privacy_request (shop_id, kind, subject, received_at, due_at, done_at, result)
    VALUES (${tx.shopId}, ${request.kind}, ${request.subject}, ${request.receivedAt}, ${due}, ${request.doneAt},
            ${JSON.stringify(request.result)}::jsonb)`);
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

/** Newest first. */
export async function listPrivacyRequests(tx: ShopTx, limit = 50): Promise<PrivacyRequestRow[]> {
  const { rows } = await tx.query<PrivacyRequestRow & Record<string, unknown>>(sql`
    SELECT id, kind, received_at AS "receivedAt", due_at AS "dueAt", done_at AS "doneAt", result
      FROM privacy_request WHERE shop_id = ${tx.shopId} ORDER BY id DESC LIMIT ${limit}`);
  return rows;
}

/** Collected data are for handing over, not for keeping: emptied after the deadline. @param now machine time */
export async function prunePrivacyRequests(tx: ShopTx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE privacy_request SET result = NULL
     WHERE shop_id = ${tx.shopId} AND kind = 'data_request' AND result IS NOT NULL AND due_at < ${now}`);
  return rowCount ?? 0;
}
