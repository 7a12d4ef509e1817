/** A shop whose order policy is changed: random or given facts, with segments on orders, money and scores. */
import { sql } from '../../app/db/sql.ts';
import { orderPolicySchema, type OrderPolicy } from '../../app/history/order-policy.ts';
import { recomputeShop } from '../../app/pipeline/recompute-shop.server.ts';
import type { RandomStore } from './random-store.ts';
import { createSegmentShop, putSegments, type SegmentShop } from './segment-shop.ts';
import type { TestDb } from './test-db.ts';

export const POLICY_ZONE = 'Europe/Berlin';
export const POLICY_NOW = new Date('2026-03-20T11:00:00Z');

export const policyOf = (given: Partial<OrderPolicy>): OrderPolicy => orderPolicySchema.parse(given);
export const ruleOn = (field: string, op: string, value: number) => ({ v: 1, where: { field, op, value } });

export const PLAIN_SEGMENTS = {
  buyers: { rule: ruleOn('orders', 'gte', 1) },
  spenders: { rule: ruleOn('spent', 'gte', 6_000) },
  frequent: { rule: ruleOn('f', 'gte', 3) },
  valuable: { rule: ruleOn('m', 'gte', 4) },
  lapsed: { rule: ruleOn('days_since_last_activity', 'gte', 60) },
};

/** Segments are evaluated as turning on would. @param more segments besides, with their settings */
export async function createPolicyShop(
  t: TestDb,
  store: RandomStore,
  more: Readonly<Record<string, { rule: unknown; settings: unknown }>> = {},
): Promise<SegmentShop> {
  const shop = await createSegmentShop(t, { now: POLICY_NOW, timeZone: POLICY_ZONE, store });
  await shop.in(async (tx) => {
    await tx.query(
      sql`UPDATE shop_settings SET first_imported_at = ${POLICY_NOW} WHERE shop_id = ${shop.shopId}`,
    );
    await putSegments(tx, { ...PLAIN_SEGMENTS, ...more });
    for (const [key, { settings }] of Object.entries(more)) {
      await tx.query(sql`UPDATE segment SET settings = ${JSON.stringify(settings)}::jsonb
                          WHERE shop_id = ${shop.shopId} AND key = ${key}`);
    }
  });
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  return shop;
}
