/** The arithmetic shop with people who have been quiet: customer k ordered 2k days ago. No sandbox. */
import { waitForShop } from '../../app/db/shop-due.server.ts';
import { sql } from '../../app/db/sql.ts';
import type { Cause } from '../../app/intake/cause.ts';
import { recomputeShop } from '../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../app/pipeline/refresh.server.ts';
import type { Rule } from '../../app/segments/rule.ts';
import { createArithmeticShop, putSegments, type SegmentShop } from './segment-shop.ts';
import type { TestDb } from './test-db.ts';

/** Who last ordered so many days ago. */
export const band = (from: number, to: number): { rule: Rule } => ({
  rule: { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [from, to] } },
});

/**
 * With "quiet", 60 to 89 days: c030 ... c044. c029 enters on 24 November and c044 leaves, c028 on the 26th, and so on.
 * @param more segments besides
 */
export async function createQuietShop(
  t: TestDb,
  more: Readonly<Record<string, { rule: Rule }>> = {},
): Promise<SegmentShop> {
  const shop = await createArithmeticShop(t);
  await shop.in((tx) => putSegments(tx, { quiet: band(60, 89), ...more }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  return shop;
}

/** Something was heard of these customers. */
export async function happen(shop: SegmentShop, customers: readonly number[], cause: Cause): Promise<void> {
  await shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    await refresh(tx, {
      touched: new Map(customers.map((k) => [String(k), cause])),
      now: shop.clock.now(),
    });
  });
}

/** As intake leaves it: the old one is an alias of the kept one, whose orders are both's. */
export async function merge(shop: SegmentShop, old: number, kept: number): Promise<void> {
  const { shopId } = shop;
  await shop.in(async (tx) => {
    await tx.query(sql`
      INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${shopId}, ${old}::bigint, ${kept}::bigint)`);
    await tx.query(sql`
      UPDATE orders SET customer_id = ${kept}::bigint WHERE shop_id = ${shopId} AND customer_id = ${old}::bigint`);
    await tx.query(sql`DELETE FROM customer WHERE shop_id = ${shopId} AND id = ${old}::bigint`);
    await tx.query(sql`DELETE FROM profile WHERE shop_id = ${shopId} AND customer_id = ${old}::bigint`);
  });
  await happen(shop, [kept, old], 'merge');
}

/** Who holds an offer, ascending. */
export async function holdersOf(shop: SegmentShop, offerId: string): Promise<number[]> {
  const { rows } = await shop.in((tx) =>
    tx.query<{ id: string }>(sql`
      SELECT customer_id AS id FROM offer_holder
       WHERE shop_id = ${shop.shopId} AND offer_id = ${offerId}::bigint AND ended_at IS NULL ORDER BY customer_id`),
  );
  return rows.map((row) => Number(row.id));
}
