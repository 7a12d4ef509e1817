/** Deliveries of orders/updated in the inbox, as the web process stores them. */
import { createCipher } from '../../app/cipher.server.ts';
import { sql } from '../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../app/db/tenancy.server.ts';
import { payloadPurpose } from '../../app/intake/inbox/payload-purpose.ts';

export const TEST_CIPHER = createCipher([Buffer.alloc(32, 7)]);

interface KnownOrder extends Record<string, unknown> {
  id: string;
  customerId: string;
  processedAt: Date;
  totalMinor: string;
}

/** Every third order has come to cost 90.00 more. */
export async function putOrderMessages(tx: ShopTx, at: Date): Promise<void> {
  const { rows } = await tx.query<KnownOrder>(sql`
    SELECT id, customer_id AS "customerId", processed_at AS "processedAt", total_minor AS "totalMinor" FROM orders
     WHERE shop_id = ${tx.shopId} AND id % 3 = 1 ORDER BY id`);
  const payloads = rows.map((order) => sealed(tx.shopId, order, at));
  await tx.query(sql`
    INSERT INTO inbox (shop_id, webhook_id, topic, api_version, triggered_at, received_at, payload)
    SELECT ${tx.shopId}::bigint, 'message-' || n, 'orders/updated', '2026-10', ${at}::timestamptz, ${at}::timestamptz, payload
      FROM unnest(${payloads}::bytea[]) WITH ORDINALITY AS given (payload, n)`);
}

function sealed(shopId: ShopId, { id, customerId, processedAt, totalMinor }: KnownOrder, at: Date): Buffer {
  const amount = (Number(totalMinor) / 100 + 90).toFixed(2);
  const body = {
    id: Number(id),
    name: `#${id}`,
    updated_at: at.toISOString(),
    created_at: processedAt.toISOString(),
    processed_at: processedAt.toISOString(),
    cancelled_at: null,
    test: false,
    financial_status: 'paid',
    currency: 'EUR',
    total_price: amount,
    current_total_price: amount,
    total_outstanding: '0.00',
    source_name: 'web',
    customer: { id: Number(customerId) },
    line_items: [{ id: Number(id), title: 'Tea', quantity: 1, current_quantity: 1, price: amount }],
  };
  return TEST_CIPHER.encrypt(Buffer.from(JSON.stringify(body)), payloadPurpose(shopId));
}
