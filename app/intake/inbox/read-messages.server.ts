/** Opens and normalises inbox rows: no I/O but the key. */
import type { Cipher } from '../../cipher.server.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { normaliseWebhook } from '../normalise/normalise-webhook.ts';
import type { Normalised } from '../normalise/outcome.ts';
import { payloadPurpose } from './payload-purpose.ts';
import type { InboxRow } from './take-batch.server.ts';

export interface InboxMessage {
  id: string;
  topic: string;
  normalised: Normalised;
}

/** @throws AppError 'config' when the key is not the one that the payloads were written with */
export function readMessages(
  rows: readonly InboxRow[],
  shop: { shopId: ShopId; domain: string },
  cipher: Cipher,
): InboxMessage[] {
  return rows.map((row) => ({
    id: row.id,
    topic: row.topic,
    normalised: normaliseWebhook({
      topic: row.topic,
      shopDomain: shop.domain,
      text: cipher.decrypt(row.payload, payloadPurpose(shop.shopId)).toString('utf8'),
      triggeredAt: row.triggeredAt,
      receivedAt: row.receivedAt,
    }),
  }));
}
