/**
 * What the merchant has read besides (postal codes, customer metafields), changed: what is no longer picked is
 * deleted in the same transaction, what is new is read from all customers in the background, by an import run of
 * the customers alone. Nothing that was read before comes back (see dropUnpicked).
 */
import { wake, waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { CustomerPicks, PickedMetafield } from './picks.ts';
import { readPicks } from './read-picks.server.ts';

export interface PicksEffect {
  changed: boolean;
  /** Customers of whom a postal code or a metafield is deleted: their segments are to be evaluated anew. */
  emptied: number;
  /** New values are read: now in the background, or with the first import, which reads everything anyway. */
  reading: 'nothing' | 'in_background' | 'with_first_import';
  /** Customers to read. */
  customers: number;
}

/** What `storePicks` would do; changes nothing. */
export async function reviewPicks(tx: ShopTx, wanted: CustomerPicks): Promise<PicksEffect> {
  const before = await readPicks(tx);
  const { ended, begun, postalCodesEnd, postalCodesBegin } = differenceOf(before, wanted);
  const { rows } = await tx.query<{ emptied: number; customers: number; imported: boolean }>(sql`
    SELECT (SELECT count(*)::int FROM customer c
             WHERE c.shop_id = ${tx.shopId}
               AND ((${postalCodesEnd} AND c.zip IS NOT NULL)
                    OR EXISTS (SELECT 1 FROM customer_metafield m
                                WHERE m.shop_id = ${tx.shopId} AND m.customer_id = c.id AND m.value IS NOT NULL
                                  AND m.namespace_key = ANY(${ended}::text[])))) AS emptied,
           (SELECT count(*)::int FROM customer WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL) AS customers,
           EXISTS (SELECT 1 FROM shop_settings
                    WHERE shop_id = ${tx.shopId} AND first_imported_at IS NOT NULL) AS imported`);
  const { emptied = 0, customers = 0, imported = false } = rows[0] ?? {};
  const reads = postalCodesBegin || begun.length > 0;
  return {
    changed: reads || postalCodesEnd || ended.length > 0,
    emptied,
    reading: !reads ? 'nothing' : imported ? 'in_background' : 'with_first_import',
    customers: reads ? customers : 0,
  };
}

/**
 * Locks the shop for the transaction. The caller has the list checked (`refuseMetafields`), and has everybody
 * evaluated anew when something was emptied.
 * @param now machine time
 */
export async function storePicks(tx: ShopTx, wanted: CustomerPicks, now: Date): Promise<PicksEffect> {
  await waitForShop(tx, tx.shopId);
  const before = await readPicks(tx);
  const effect = await reviewPicks(tx, wanted);
  const { ended, postalCodesEnd } = differenceOf(before, wanted);
  await tx.query(sql`
    UPDATE shop_settings
       SET postal_codes = ${wanted.postalCodes}, metafields = ${JSON.stringify(wanted.metafields)}::jsonb
     WHERE shop_id = ${tx.shopId}`);
  if (postalCodesEnd) {
    await tx.query(sql`
      UPDATE customer SET zip = NULL, zip_stamp = NULL WHERE shop_id = ${tx.shopId} AND zip_stamp IS NOT NULL`);
  }
  await tx.query(sql`
    DELETE FROM customer_metafield WHERE shop_id = ${tx.shopId} AND namespace_key = ANY(${ended}::text[])`);
  // A first import that is under way may have asked for its customers by the picks of before.
  if (effect.reading !== 'nothing') await readCustomersAnew(tx, now, effect.reading === 'in_background');
  return effect;
}

function differenceOf(before: CustomerPicks, after: CustomerPicks) {
  const lacks = (list: readonly PickedMetafield[]) => (one: PickedMetafield) =>
    !list.some(({ key, type }) => key === one.key && type === one.type);
  const keys = (list: readonly PickedMetafield[]) => list.map(({ key }) => key);
  return {
    ended: keys(before.metafields.filter(lacks(after.metafields))),
    begun: keys(after.metafields.filter(lacks(before.metafields))),
    postalCodesEnd: before.postalCodes && !after.postalCodes,
    postalCodesBegin: !before.postalCodes && after.postalCodes,
  };
}

/**
 * A run that still reads its files reads its customers once more; else a run of the customers alone waits its turn
 * (runs are done in the order in which they were made).
 */
export async function readCustomersAnew(tx: ShopTx, now: Date, imported: boolean): Promise<void> {
  const { rowCount } = await tx.query(sql`
    UPDATE import_part p
       SET state = 'starting', bulk_id = NULL, url = NULL, read_started_at = NULL, object_count = 0, file_size = NULL,
           lines_done = 0, byte_offset = 0, message = NULL
      FROM import_run r
     WHERE p.shop_id = ${tx.shopId} AND p.kind = 'customers'
       AND r.shop_id = ${tx.shopId} AND r.id = p.run_id AND r.state = 'running' AND r.step = 'reading'`);
  const underWay = (rowCount ?? 0) > 0;
  if (!underWay && imported) {
    await tx.query(sql`
      WITH run AS (INSERT INTO import_run (shop_id, started_at) VALUES (${tx.shopId}, ${now}) RETURNING id)
      INSERT INTO import_part (shop_id, run_id, kind) SELECT ${tx.shopId}, id, 'customers' FROM run`);
  }
  if (underWay || imported) await wake(tx, tx.shopId, 'import', now);
}

const READ_ANEW_AFTER_MS = 7 * 86_400_000;

/**
 * Shopify does not promise that a customer counts as changed when only a metafield of it was. So while any are picked
 * all customers are read once a week.
 * @param now machine time
 */
export async function readPicksWeekly(tx: ShopTx, now: Date): Promise<boolean> {
  const { rows } = await tx.query(sql`
    SELECT 1 FROM shop_settings s
     WHERE s.shop_id = ${tx.shopId} AND s.first_imported_at IS NOT NULL AND s.metafields <> '[]'
       AND NOT EXISTS (
         SELECT 1 FROM import_run r JOIN import_part p ON p.shop_id = ${tx.shopId} AND p.run_id = r.id
          WHERE r.shop_id = ${tx.shopId} AND p.kind = 'customers'
            AND (r.state = 'running' OR r.started_at > ${new Date(now.getTime() - READ_ANEW_AFTER_MS)}))`);
  if (rows.length === 0) return false;
  await readCustomersAnew(tx, now, true);
  return true;
}
