/**
 * The answer to a tag mutation says which tags the customer now has: that state is stored like any other, by
 * its stamp, so the webhook that follows it is recognised as an echo.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from './facts.ts';
import { customerTags } from './normalise/customer-groups.ts';

export interface ConfirmedTags {
  id: ShopifyId;
  /** All tags the customer has. */
  tags: readonly string[];
  /** When Shopify answered, by its clock. */
  date: Date;
  /** When we asked. */
  sentAt: Date;
}

export async function storeConfirmedTags(tx: ShopTx, rows: readonly ConfirmedTags[]): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(
    rows.map((row) => {
      const { tags, stamp } = customerTags(row.tags, { readAt: row.date, startedAt: row.sentAt });
      return { id: row.id, tags, stamp };
    }),
  );
  // Rows are locked in one order, so two writers never wait for each other in a circle.
  await tx.query(sql`
    WITH latest AS (
      SELECT DISTINCT ON (id) id, tags, stamp
        FROM json_to_recordset(${json}::json) AS r (id bigint, tags text[], stamp text)
       ORDER BY id, stamp COLLATE "C" DESC
    ), locked AS (
      SELECT c.id FROM customer c JOIN latest l ON l.id = c.id
       WHERE c.shop_id = ${tx.shopId} AND c.deleted_at IS NULL
       ORDER BY c.id FOR UPDATE OF c
    )
    UPDATE customer c SET tags = latest.tags, tags_stamp = latest.stamp
      FROM latest JOIN locked ON locked.id = latest.id
     WHERE c.shop_id = ${tx.shopId} AND c.id = latest.id
       AND latest.stamp > coalesce(c.tags_stamp, '') COLLATE "C"`);
}
