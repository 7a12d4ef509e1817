/**
 * "Regulars needs attention": what waits for a person is told to Flow once, when it begins. Whether it waits is read
 * from where it stands, not told by whoever caused it, so no cause can forget to tell; what is over is forgotten, and
 * told anew when it comes back.
 */
import { sql } from '../../db/sql.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { readMatters } from './read-matters.server.ts';

/**
 * @param now business time
 * @param machineNow when given, it is also looked whether an import has come to a stop
 * @returns how many matters are new
 */
export async function raiseAttention(tx: ShopTx, now: Date, machineNow?: Date): Promise<number> {
  const matters = await readMatters(tx, machineNow);
  const { rows } = await tx.query<{ key: string }>(
    sql`SELECT key FROM attention WHERE shop_id = ${tx.shopId}`,
  );
  const known = new Set(rows.map(({ key }) => key));
  const fresh = matters.filter(({ key }) => !known.has(key));
  // Whether an import has stopped is not asked each time: without asking it is not over.
  const over = [...known].filter(
    (key) =>
      !matters.some((one) => one.key === key) && (machineNow !== undefined || !key.startsWith('stuck:')),
  );
  if (over.length > 0) {
    await tx.query(sql`DELETE FROM attention WHERE shop_id = ${tx.shopId} AND key = ANY(${over}::text[])`);
  }
  if (fresh.length === 0) return 0;
  const { rowCount } = await tx.query(sql`
    WITH raised AS (
      INSERT INTO attention (shop_id, key, subject, message, since)
      SELECT ${tx.shopId}::bigint, m.key, m.subject, m.message, ${now}::timestamptz
        FROM json_to_recordset(${JSON.stringify(fresh)}::json) AS m (key text, subject text, message text)
      ON CONFLICT DO NOTHING RETURNING key, subject, message)
    INSERT INTO flow_event (shop_id, trigger, title, detail, at, not_before)
    SELECT ${tx.shopId}::bigint, 'attention', subject, message, ${now}::timestamptz, ${AT_ONCE}::timestamptz
      FROM raised ORDER BY key`);
  if (rowCount) await wake(tx, tx.shopId, 'flow', AT_ONCE);
  return rowCount ?? 0;
}
