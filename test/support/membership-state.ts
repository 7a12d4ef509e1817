/** Everything that is known of memberships, in forms that two shops, or two moments, can be compared by. */
import { sql } from '../../app/db/sql.ts';
import type { ShopTx } from '../../app/db/tenancy.server.ts';

/** Memberships, their history, what is remembered and what is due; all but the ids, which what is rolled back uses up. */
export async function membershipState(tx: ShopTx): Promise<Record<string, unknown[]>> {
  const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
  return {
    memberships: await read(sql`
      SELECT g.key, m.customer_id, m.since, m.cause, m.evidence, m.held_until, m.rule_version FROM membership m
        JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id WHERE m.shop_id = ${tx.shopId} ORDER BY 1, 2`),
    history: await read(sql`
      SELECT g.key, e.customer_id, e.at, e.kind, e.cause, e.evidence FROM membership_event e
        JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
       WHERE e.shop_id = ${tx.shopId} ORDER BY 1, 2, 3, e.id`),
    massHistory: await read(sql`
      SELECT g.key, m.customer_id, c.at, c.kind, c.cause FROM mass_member m
        JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id
        JOIN segment g ON g.shop_id = c.shop_id AND g.id = c.segment_id
       WHERE m.shop_id = ${tx.shopId} ORDER BY 1, 2, 3, c.id`),
    left: await read(sql`
      SELECT g.key, l.customer_id, l.left_on FROM membership_left l
        JOIN segment g ON g.shop_id = l.shop_id AND g.id = l.segment_id WHERE l.shop_id = ${tx.shopId} ORDER BY 1, 2`),
    due: await read(
      sql`SELECT customer_id, next_review_at FROM profile WHERE shop_id = ${tx.shopId} ORDER BY 1`,
    ),
    outbox: await read(sql`SELECT customer_id FROM tag_outbox WHERE shop_id = ${tx.shopId} ORDER BY 1`),
  };
}

/** "customer key", sorted: who must be in what if the history is all that ever happened. */
export async function membershipsByHistory(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ one: string }>(sql`
    SELECT moved.customer_id || ' ' || g.key AS one FROM (
      SELECT customer_id, segment_id, CASE kind WHEN 'entered' THEN 1 ELSE -1 END AS step FROM membership_event
       WHERE shop_id = ${tx.shopId}
      UNION ALL
      SELECT m.customer_id, c.segment_id, CASE c.kind WHEN 'entered' THEN 1 ELSE -1 END
        FROM mass_member m JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id
       WHERE m.shop_id = ${tx.shopId}
    ) moved JOIN segment g ON g.shop_id = ${tx.shopId} AND g.id = moved.segment_id
     GROUP BY 1 HAVING sum(step) <> 0`);
  return rows.map(({ one }) => one).sort();
}
