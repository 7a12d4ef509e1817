/**
 * A shop's rows: made at its first visit, opened again when it comes back. Idempotent: the library calls back
 * after every token exchange, sometimes twice at once.
 */
import { randomBytes } from 'node:crypto';
import { AppError } from '../app-error.ts';
import { wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';

export interface EnsuredShop {
  shopId: ShopId;
  /** It was not here, or not installed, a moment ago. */
  isNew: boolean;
}

/**
 * @param now machine time
 * @throws AppError 'database', retryable, while the data of an earlier installation are being erased
 */
export async function ensureShop(db: Db, shop: { domain: string; now: Date }): Promise<EnsuredShop> {
  const ensured = await db.outsideShops(async (tx) => {
    const { rows: opened } = await tx.query<{ shopId: ShopId }>(sql`
      INSERT INTO shop AS s (domain, installed_at) VALUES (${shop.domain}, ${shop.now})
      ON CONFLICT (domain) DO UPDATE SET state = 'installed', installed_at = ${shop.now}, uninstalled_at = NULL
        WHERE s.state NOT IN ('installed', 'redacting')
      RETURNING id AS "shopId"`);
    const { rows: known } = await tx.query<{ shopId: ShopId; state: string }>(sql`
      SELECT id AS "shopId", state FROM shop WHERE domain = ${shop.domain}`);
    const shopId = (opened[0] ?? known[0])?.shopId as ShopId;
    if (known[0]?.state === 'redacting') {
      throw new AppError(
        'database',
        'What Regulars kept of this store before is still being erased. Open the app again in a few minutes.',
        { retryable: true, context: { shopId } },
      );
    }
    await tx.query(sql`INSERT INTO shop_lock (shop_id) VALUES (${shopId}) ON CONFLICT DO NOTHING`);
    return { shopId, isNew: opened.length > 0 };
  });
  await db.inShop(ensured.shopId, async (tx) => {
    // Also when the shop is not new: a process may have ended between the two transactions.
    await tx.query(sql`
      INSERT INTO shop_settings (shop_id, salt) VALUES (${ensured.shopId}, ${randomBytes(16).toString('hex')})
      ON CONFLICT (shop_id) DO NOTHING`);
    if (!ensured.isNew) return;
    // A shop that comes back may have left work behind; finding none costs nothing.
    for (const work of ['bulk', 'inbox', 'outbox', 'review'] as const) {
      await wake(tx, ensured.shopId, work, shop.now);
    }
  });
  return ensured;
}
