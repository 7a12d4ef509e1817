/**
 * "Regulars needs attention": what waits for a person is told to Flow once, when it begins. Whether it waits is read
 * from where it stands, not told by whoever caused it, so no cause can forget to tell; what is over is forgotten, and
 * told anew when it comes back.
 */
import { sql } from '../../db/sql.ts';
import { wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

interface Matter {
  key: string;
  subject: string;
  message: string;
}

const AT_ONCE = new Date(0);
/** An import of a million customers takes less. */
const STUCK_AFTER_HOURS = 12;

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
    INSERT INTO flow_event (shop_id, trigger, title, detail, at, queued_at, not_before)
    SELECT ${tx.shopId}::bigint, 'attention', subject, message, ${now}::timestamptz, ${AT_ONCE}::timestamptz,
           ${AT_ONCE}::timestamptz FROM raised ORDER BY key`);
  if (rowCount) await wake(tx, tx.shopId, 'flow', AT_ONCE);
  return rowCount ?? 0;
}

async function readMatters(tx: ShopTx, machineNow: Date | undefined): Promise<Matter[]> {
  const { shopId } = tx;
  const stuckBefore = machineNow && new Date(machineNow.getTime() - STUCK_AFTER_HOURS * 3_600_000);
  const { rows } = await tx.query<{ kind: string; id: string; name: string; n: number }>(sql`
    SELECT 'held' AS kind, id::text, cause AS name, affected AS n FROM held_change
     WHERE shop_id = ${shopId} AND state = 'held'
    UNION ALL
    SELECT 'failing', id::text || ':' || rule_version, name, 0 FROM segment WHERE shop_id = ${shopId} AND status = 'failing'
    UNION ALL
    SELECT 'damage', id::text, '', removed FROM tag_alert WHERE shop_id = ${shopId} AND state = 'open'
    UNION ALL
    SELECT 'limit', d.day::text, '', s.writes_a_day FROM tag_day d JOIN shop_settings s ON s.shop_id = d.shop_id
     WHERE d.shop_id = ${shopId} AND s.writes_a_day IS NOT NULL AND d.writes >= s.writes_a_day
       AND d.day = (SELECT max(day) FROM tag_day WHERE shop_id = ${shopId})
    UNION ALL
    (SELECT CASE WHEN state = 'failed' THEN 'import' ELSE 'stuck' END, id::text, '', 0 FROM import_run
      WHERE shop_id = ${shopId} AND id = (SELECT max(id) FROM import_run WHERE shop_id = ${shopId})
        AND (state = 'failed' OR (state = 'running' AND started_at < ${stuckBefore ?? null}::timestamptz)))`);
  return rows.map(({ kind, id, name, n }) => ({ key: `${kind}:${id}`, ...wordsOf(kind, { name, n }) }));
}

function wordsOf(kind: string, { name, n }: { name: string; n: number }): Omit<Matter, 'key'> {
  const people = n === 1 ? '1 customer' : `${n} customers`;
  switch (kind) {
    case 'held':
      return {
        subject: 'A change waits for you',
        message: `A change that nobody approved would write tags for ${people}. Open Regulars to release or discard it.`,
      };
    case 'failing':
      return {
        subject: `The segment “${name}” cannot be worked out`,
        message: 'Its members and tags stay as they are. Open the segment in Regulars to see why.',
      };
    case 'damage':
      return {
        subject: 'Many tags were removed',
        message: `Somebody else removed tags of Regulars from ${people}. Open Regulars to put them back or to leave them off.`,
      };
    case 'limit':
      return {
        subject: 'The limit of tag writes a day was reached',
        message: `No more than ${n} tags are written today; the others follow tomorrow. The limit is in Settings.`,
      };
    case 'import':
      return {
        subject: 'The import failed',
        message: 'Customers and orders could not be read completely. Open Regulars to start it again.',
      };
    default:
      return {
        subject: 'The import has come to a stop',
        message: `It has been running for more than ${STUCK_AFTER_HOURS} hours. Open Regulars to see how far it is.`,
      };
  }
}
