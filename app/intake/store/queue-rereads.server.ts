/** Asks for objects to be read again from Shopify. */
import { sql, type Sql } from '../../db/sql.ts';
import { wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { RereadFact } from '../facts.ts';

export interface RereadWish extends Omit<RereadFact, 'kind'> {
  /** Not before this machine time. */
  notBefore: Date;
}

/** A customer that only an order has named so far: its own message is probably on its way. */
export const UNKNOWN_CUSTOMER = 'customer known only from an order';

/** @param now machine time */
export async function queueRereads(tx: ShopTx, wishes: readonly RereadWish[], now: Date): Promise<void> {
  if (wishes.length === 0) return;
  const json = JSON.stringify(
    wishes.map((wish) => ({
      kind: wish.object,
      object_id: wish.id,
      not_before: wish.notBefore,
      reason: wish.reason,
    })),
  );
  const soonest = Math.min(...wishes.map((wish) => wish.notBefore.getTime()));
  await queueRereadsOf(
    tx,
    sql`SELECT kind, object_id, not_before, reason
      FROM json_to_recordset(${json}::json) AS w (kind text, object_id bigint, not_before timestamptz, reason text)`,
    { now, soonest: new Date(soonest) },
  );
}

/**
 * As `queueRereads`, for wishes that the database itself can name. The version tells a reader that was already
 * under way that it must come again. A wish for sooner wins.
 * @param wishes a query for (kind, object_id, not_before, reason)
 * @param soonest the earliest not_before
 * @returns how many objects
 */
export async function queueRereadsOf(
  tx: ShopTx,
  wishes: Sql,
  { now, soonest }: { now: Date; soonest: Date },
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO reread AS r (shop_id, kind, object_id, queued_at, not_before, reason)
    SELECT DISTINCT ON (kind, object_id) ${tx.shopId}::bigint, kind, object_id, ${now}::timestamptz, not_before, reason
      FROM (${wishes}) AS w
     ORDER BY kind, object_id, not_before, reason
    ON CONFLICT (shop_id, kind, object_id) DO UPDATE
      SET version = r.version + 1, not_before = least(r.not_before, excluded.not_before),
          attempts = 0, reason = excluded.reason`);
  if (rowCount) await wake(tx, tx.shopId, 'reread', soonest);
  return rowCount ?? 0;
}
