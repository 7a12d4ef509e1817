/**
 * What is to be done for which shop, and when. A row says "look"; the work itself lies in the shop's tables.
 *
 * No wake-up is lost: `wake` bumps the version after the work's rows were written, in the same transaction;
 * `settle` removes the row only at the version that was seen before the worker looked and found nothing. A row that
 * was removed and comes back has a version that none before it had (it begins at the transaction's number), so a
 * worker that is late settles nothing but what it saw.
 */
import { AppError } from '../app-error.ts';
import { sql } from './sql.ts';
import type { Db, Queryable, ShopId } from './tenancy.server.ts';

export type Work =
  | 'inbox'
  | 'reread'
  | 'review'
  | 'outbox'
  | 'bulk'
  | 'nightly'
  | 'import'
  /** The shop's settings are to be read from Shopify. */
  | 'settings'
  /** Everything is to be computed again, because the days have moved or for another cause (background_run). */
  | 'recompute'
  /** What another order policy would change is to be worked out. */
  | 'measure-policy'
  /** Discounts are to be brought in step with the offers, and orders asked about. */
  | 'offers'
  /** A new day may end offers or give them (business time). */
  | 'offer-day'
  /** What an earlier installation left is to be looked for, or removed. */
  | 'leftovers'
  /** The store is to be left: everything of ours is taken out. */
  | 'leaving'
  /** A fit was put in force and is to be applied to everybody. */
  | 'apply-fit'
  /** A change of segments is to be worked out or put in force. */
  | 'segment-change'
  /** Drafts are to be counted. */
  | 'segment-sizes'
  /** Customer metafields are to be compared and written. */
  | 'metafields'
  /** Segments in Shopify are to be compared with ours. */
  | 'native-segments'
  /** Flow is to be told. */
  | 'flow'
  /** What waits for contact hours (business time). */
  | 'flow-hours';

export interface DueShop {
  shopId: ShopId;
  work: Work;
  version: string;
}

/** Due as soon as anybody looks. */
export const AT_ONCE = new Date(0);

/** Asks for `work` at `dueAt` (or earlier, if it was already wanted earlier). Call it last in the transaction. */
export async function wake(tx: Queryable, shopId: ShopId, work: Work, dueAt: Date): Promise<void> {
  await tx.query(sql`
    INSERT INTO shop_due (shop_id, work, due_at, version) VALUES (${shopId}, ${work}, ${dueAt}, ${FIRST_VERSION})
    ON CONFLICT (shop_id, work) DO UPDATE
      SET due_at = least(shop_due.due_at, excluded.due_at),
          version = greatest(shop_due.version + 1, excluded.version)`);
}

/** As `wake`, but work that is asked for already (perhaps under way) is not asked for once more. */
export async function wakeUnlessDue(
  tx: Queryable,
  shopId: ShopId,
  work: Work,
  dueAt: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO shop_due (shop_id, work, due_at, version) VALUES (${shopId}, ${work}, ${dueAt}, ${FIRST_VERSION})
    ON CONFLICT (shop_id, work) DO NOTHING`);
  return rowCount === 1;
}

/** A transaction may wake the same work often: so many versions are its own. */
const FIRST_VERSION = sql`pg_current_xact_id()::text::bigint * 1024`;

/**
 * Shops with `work` due at `now`, longest waiting first. Takes no lock: claiming is the work's own affair. Of a shop
 * without the app nothing is done but its inbox, where Shopify's last messages to it (erasure) arrive.
 * @param except shops that are not to be named, so that they take no place of others
 */
export async function dueShops(
  db: Db,
  work: Work,
  now: Date,
  limit: number,
  except: readonly ShopId[] = [],
): Promise<DueShop[]> {
  return db.outsideShops(async (tx) => {
    const { rows } = await tx.query<DueShop>(sql`
      SELECT shop_id AS "shopId", work, version FROM shop_due
       WHERE work = ${work} AND due_at <= ${now} AND NOT shop_id = ANY(${except}::bigint[])
         AND (work = 'inbox' OR EXISTS (SELECT 1 FROM shop WHERE id = shop_id AND state = 'installed'))
       ORDER BY due_at, shop_id LIMIT ${limit}`);
    return rows;
  });
}

/** Nothing was found at this version: forget the wake-up, or keep it for `nextAt` when there is later work. */
export async function settle(db: Db, due: DueShop, nextAt: Date | null): Promise<void> {
  await db.outsideShops(async (tx) => {
    await tx.query(
      nextAt === null
        ? sql`DELETE FROM shop_due WHERE shop_id = ${due.shopId} AND work = ${due.work} AND version = ${due.version}`
        : sql`UPDATE shop_due SET due_at = ${nextAt}
               WHERE shop_id = ${due.shopId} AND work = ${due.work} AND version = ${due.version}`,
    );
  });
}

/**
 * Locks the shop for this transaction (facts and memberships have one writer a shop).
 * @returns false when another worker has it: leave it to them
 */
export async function lockShop(tx: Queryable, shopId: ShopId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM shop_lock WHERE shop_id = ${shopId} FOR UPDATE SKIP LOCKED`);
  return rowCount === 1;
}

/**
 * As `lockShop`, but waits for its turn.
 * @throws AppError 'not_found' when the shop is being erased or has been: nothing may bring data back
 */
export async function waitForShop(tx: Queryable, shopId: ShopId): Promise<void> {
  await waitForErasure(tx, shopId);
  if (await isErased(tx, shopId)) {
    throw new AppError('not_found', 'The data of this store is being erased.', { context: { shopId } });
  }
}

/** As `waitForShop`, also for a shop that is being erased: for the acts that erase. */
export async function waitForErasure(tx: Queryable, shopId: ShopId): Promise<void> {
  await tx.query(sql`SELECT 1 FROM shop_lock WHERE shop_id = ${shopId} FOR UPDATE`);
}

/** Ask with the shop's lock held, in a statement after it: then the answer stays true for the transaction. */
export async function isErased(tx: Queryable, shopId: ShopId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM shop WHERE id = ${shopId} AND state IN ('redacting', 'redacted')`);
  return rowCount === 1;
}
