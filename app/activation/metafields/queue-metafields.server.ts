/**
 * "Compare this customer's metafields": a row a customer, where the merchant has switched them on. Queueing again
 * raises the generation, so a writer that is under way leaves the row in place.
 */
import { METAFIELD_KEYS } from './metafield-definitions.ts';
import { UNKNOWN } from './plan-metafields.ts';
import { sql, type Sql } from '../../db/sql.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { withinTouched } from '../../history/within-touched.ts';

const UNKNOWN_VALUE = JSON.stringify(UNKNOWN);

/** Of the run's temporary tables; customers without a profile (deleted, merged away) have nobody to write to. */
export async function queueMetafields(
  tx: ShopTx,
  { now, scope }: { now: Date; scope: 'touched' | 'moved' },
): Promise<number> {
  if (!(await areMetafieldsOn(tx))) return 0;
  if (scope === 'touched') await expectThoseOfMerged(tx);
  const ids =
    scope === 'touched'
      ? sql`SELECT customer_id FROM touched_customer`
      : sql`SELECT DISTINCT customer_id FROM membership_change`;
  return queue(tx, sql`SELECT p.customer_id FROM profile p JOIN (${ids}) t ON t.customer_id = p.customer_id WHERE p.shop_id = ${tx.shopId}`, now); // prettier-ignore
}

/**
 * Shopify may give the kept customer metafields of the other one: those that the other one had may be there, with a
 * value that we do not know.
 */
async function expectThoseOfMerged(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    WITH merged AS (
      DELETE FROM metafield_written w USING customer_alias a, touched_customer t
       WHERE w.shop_id = ${tx.shopId} AND a.shop_id = w.shop_id AND a.old_id = w.customer_id AND t.customer_id = a.kept_id
      RETURNING a.kept_id, w.digests)
    INSERT INTO metafield_written (shop_id, customer_id, digests)
    SELECT ${tx.shopId}::bigint, kept_id, jsonb_object_agg(key, ${UNKNOWN_VALUE}::jsonb)
      FROM merged CROSS JOIN LATERAL jsonb_object_keys(digests) AS key GROUP BY kept_id
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET digests = excluded.digests || metafield_written.digests`);
}

/** Whatever is in the store, of anybody, may be there or not, with a value that we do not know. */
export async function expectAnyValue(tx: ShopTx): Promise<void> {
  const unknown = JSON.stringify(Object.fromEntries(METAFIELD_KEYS.map((key) => [key, UNKNOWN])));
  await tx.query(sql`
    INSERT INTO metafield_written (shop_id, customer_id, digests)
    SELECT ${tx.shopId}::bigint, customer_id, ${unknown}::jsonb FROM profile WHERE shop_id = ${tx.shopId}
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET digests = excluded.digests`);
}

/** Everybody: when metafields are switched on. */
export async function queueAllMetafields(tx: ShopTx, now: Date): Promise<number> {
  if (!(await areMetafieldsOn(tx))) return 0;
  return queue(tx, sql`SELECT customer_id FROM profile WHERE shop_id = ${tx.shopId}`, now);
}

/** Who is in one of these segments, of touched_customer: they are others for those who stay in them, too. */
export async function queueTouchedMembersMetafields(
  tx: ShopTx,
  segmentIds: readonly string[],
  now: Date,
): Promise<number> {
  if (!(await areMetafieldsOn(tx))) return 0;
  return queue(
    tx,
    sql`SELECT DISTINCT m.customer_id FROM membership m
         WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ANY(${[...segmentIds]}::bigint[])
           AND ${withinTouched('m.customer_id')}`,
    now,
  );
}

/** The members of one segment: it has another name. */
export async function queueMembersMetafields(tx: ShopTx, segmentId: string, now: Date): Promise<number> {
  if (!(await areMetafieldsOn(tx))) return 0;
  return queue(
    tx,
    sql`SELECT customer_id FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint`,
    now,
  );
}

/** Days for which a missed night is made up. */
const NIGHTS = 4;

/**
 * Those whose life-cycle group changes these days by time alone: reviews come for the rules of live segments only,
 * and the map may be off.
 * @param rhythmDays the bounds in force; today: the shop's date
 */
export async function queueAgedMetafields(
  tx: ShopTx,
  { rhythmDays, today, now }: { rhythmDays: readonly number[]; today: string; now: Date },
): Promise<number> {
  if (!(await areMetafieldsOn(tx)) || rhythmDays.length === 0) return 0;
  const ages = rhythmDays.flatMap((bound) =>
    Array.from({ length: NIGHTS }, (_, night) => Math.floor(bound) + 1 + night),
  );
  return queue(
    tx,
    sql`SELECT customer_id FROM profile
         WHERE shop_id = ${tx.shopId} AND ${today}::date - last_activity_on = ANY(${ages}::int[])`,
    now,
  );
}

async function queue(tx: ShopTx, customers: Sql, now: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO metafield_outbox (shop_id, customer_id, queued_at, not_before)
    SELECT ${tx.shopId}::bigint, customer_id, ${now}::timestamptz, ${AT_ONCE}::timestamptz
      FROM (${customers}) c ORDER BY customer_id
    ON CONFLICT (shop_id, customer_id) DO UPDATE
      SET generation = metafield_outbox.generation + 1, not_before = excluded.not_before, attempts = 0`);
  if (rowCount) await wake(tx, tx.shopId, 'metafields', AT_ONCE);
  return rowCount ?? 0;
}

async function areMetafieldsOn(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(
    sql`SELECT 1 FROM reach_settings WHERE shop_id = ${tx.shopId} AND metafields = 'on'`,
  );
  return rowCount === 1;
}
