/**
 * What others did to our tags, noticed where facts of customers come in: called for the customers of touched_customer
 * in the transaction that stored their facts.
 *
 * Two halves around the evaluation of memberships: a tag of a segment that somebody added makes the customer "always
 * in", which the evaluation then goes by; a removal is judged by who is a member afterwards.
 *
 * Customers whom a writer or a running bulk operation holds are left alone: what was read of them may be half of our
 * own write. Their comparison after it sees the same facts.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { withinTouched } from '../../history/within-touched.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { giveByHand } from '../offers/give-by-hand.server.ts';
import { readOpenOffers } from '../offers/read-offers.server.ts';
import { adoptMergedTags } from './adopt-merged-tags.server.ts';
import { isEmptyPlan, planTagChanges, READ_MARGIN_MS } from './plan-tag-changes.ts';
import { readComparisons, readTimeOf } from './read-comparisons.server.ts';
import { recordRemovals, recordReturns, type Removal } from './record-removals.server.ts';

const notHeld = sql`NOT EXISTS (
  SELECT FROM tag_outbox held WHERE held.shop_id = c.shop_id AND held.customer_id = c.id
     AND (held.bulk_id IS NOT NULL OR held.claimed_by IS NOT NULL))`;

interface Foreign {
  id: ShopifyId;
  tag: string;
  key: string;
  readAt: Date;
}

/**
 * Tags with the shop's prefix that are not ours. Of a live, paused or failing segment: the customer is always in from
 * now on, and the tag is ours. Of an offer that is open: they hold it. Of neither: found, and the merchant is asked.
 * @param options.now business time
 * @returns how many became "always in"
 */
export async function noticeAddedByHand(tx: ShopTx, { now }: { now: Date }): Promise<number> {
  const offers = await readOpenOffers(tx);
  const found = await foreignTags(tx, offers.map(({ tag }) => tag)); // prettier-ignore
  await forgetVanished(tx);
  if (found.length === 0) return 0;
  const segments = await activeTags(tx);
  const removedAt = await lastRemovals(tx, found);
  const proven = found.filter(({ id, key, readAt }) => {
    const at = removedAt.get(`${id} ${key}`);
    return at === undefined || readAt.getTime() > at.getTime() + READ_MARGIN_MS;
  });
  const byHand = proven.filter(({ key }) => segments.has(key));
  const given = new Set(await giveByHand(tx, proven, { offers, now }));
  await makeOurs(tx, [...byHand, ...given], now);
  const asked = proven.filter((one) => !segments.has(one.key) && !given.has(one));
  if (asked.length > 0) {
    await tx.query(sql`
      INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at)
      SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, ${now}::timestamptz
        FROM unnest(${asked.map(({ id }) => id)}::bigint[], ${asked.map(({ key }) => key)}::text[],
                    ${asked.map(({ tag }) => tag)}::text[]) AS f (customer_id, tag_key, tag)
      ON CONFLICT DO NOTHING`);
  }
  if (byHand.length === 0) return 0;
  await tx.query(sql`
    WITH added AS MATERIALIZED (
      SELECT * FROM unnest(${byHand.map(({ id }) => id)}::bigint[], ${byHand.map(({ key }) => segments.get(key) ?? '0')}::bigint[])
             AS a (customer_id, segment_id)
    ), never AS (
      DELETE FROM segment_person p USING added a
       WHERE p.shop_id = ${tx.shopId} AND p.segment_id = a.segment_id AND p.customer_id = a.customer_id
         AND p.list = 'never'
    ), manual AS (
      UPDATE touched_customer t SET cause = 'manual' FROM added a WHERE t.customer_id = a.customer_id
    )
    INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
    SELECT ${tx.shopId}::bigint, segment_id, customer_id, 'always', ${now}::timestamptz, ${BY_TAG} FROM added
    ON CONFLICT DO NOTHING`);
  return byHand.length;
}

/** Who named the person: somebody who added the tag in Shopify. */
export const BY_TAG = 'tag';

/** Added by hand, of something that we write: from now on the tag is ours. */
async function makeOurs(tx: ShopTx, added: readonly Foreign[], now: Date): Promise<void> {
  if (added.length === 0) return;
  await tx.query(sql`
    WITH added AS MATERIALIZED (
      SELECT * FROM unnest(${added.map(({ id }) => id)}::bigint[], ${added.map(({ key }) => key)}::text[],
                           ${added.map(({ tag }) => tag)}::text[], ${added.map(({ readAt }) => readAt)}::timestamptz[])
             AS a (customer_id, tag_key, tag, seen_at)
    ), noted AS (
      INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at)
      SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, 'added', ${now}::timestamptz, seen_at FROM added
    )
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, seen_at FROM added ON CONFLICT DO NOTHING`);
}

/** @param offerTags of open offers: one keeps the tag that it was made with when the prefix changes */
async function foreignTags(tx: ShopTx, offerTags: readonly string[]): Promise<Foreign[]> {
  const { rows: settings } = await tx.query<{ prefix: string }>(sql`
    SELECT tag_prefix AS prefix FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const prefix = tagKey(settings[0]?.prefix ?? '');
  if (prefix === '') return [];
  // PostgreSQL proposes (its lower() knows only ASCII), tagKey decides.
  const { rows } = await tx.query<{ id: ShopifyId; tag: string; stamp: string }>(sql`
    SELECT c.id, had.tag, c.tags_stamp AS stamp
      FROM touched_customer t
      JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = t.customer_id AND c.deleted_at IS NULL
                      AND ${withinTouched('c.id')}
      CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
     WHERE c.tags_stamp IS NOT NULL AND ${notHeld}
       AND (starts_with(lower(ltrim(had.tag)), ${prefix}) OR lower(had.tag) IN (SELECT lower(given) FROM unnest(${[...offerTags]}::text[]) AS given))
       AND NOT EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = c.shop_id AND o.customer_id = c.id
                          AND o.tag_key = lower(had.tag))
       AND NOT EXISTS (SELECT FROM tag_found f WHERE f.shop_id = c.shop_id AND f.customer_id = c.id
                          AND f.tag_key = lower(had.tag))`);
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map(({ id }) => id))];
  // Of a merged customer what is ours lies with the other id until now.
  await adoptMergedTags(tx, ids);
  const known = new Set<string>();
  const { rows: pairs } = await tx.query<{ id: ShopifyId; key: string }>(sql`
    SELECT customer_id AS id, tag_key AS key FROM tag_owned
     WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])
    UNION ALL
    SELECT customer_id, tag_key FROM tag_found
     WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  for (const { id, key } of pairs) known.add(`${id} ${key}`);
  return rows
    .map(({ id, tag, stamp }) => ({ id, tag, key: tagKey(tag), readAt: readTimeOf(stamp) }))
    .filter(({ id, key }) => !known.has(`${id} ${key}`));
}

/** A found tag that is gone is new when it comes again. */
async function forgetVanished(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    DELETE FROM tag_found f USING touched_customer t, customer c
     WHERE f.shop_id = ${tx.shopId} AND f.customer_id = t.customer_id
       AND c.shop_id = f.shop_id AND c.id = f.customer_id AND ${withinTouched('c.id')} AND NOT f.tag = ANY(c.tags)`);
}

/** Segment ids by the key of their tag. */
async function activeTags(tx: ShopTx): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ id: string; tag: string }>(sql`
    SELECT s.id, settings.tag_prefix || s.tag_name AS tag
      FROM segment s JOIN shop_settings settings ON settings.shop_id = s.shop_id
     WHERE s.shop_id = ${tx.shopId} AND s.status IN ('live', 'paused', 'failing')`);
  return new Map(rows.map(({ id, tag }) => [tagKey(tag), id]));
}

/** When we last took the tag away, by Shopify's clock: a read that is not younger may show it still. */
async function lastRemovals(tx: ShopTx, pairs: readonly Foreign[]): Promise<Map<string, Date>> {
  if (pairs.length === 0) return new Map();
  const { rows } = await tx.query<{ id: ShopifyId; key: string; at: Date }>(sql`
    SELECT p.customer_id AS id, p.tag_key AS key, max(w.remote_at) AS at
      FROM unnest(${pairs.map(({ id }) => id)}::bigint[], ${pairs.map(({ key }) => key)}::text[])
             AS p (customer_id, tag_key)
      JOIN tag_write w ON w.shop_id = ${tx.shopId} AND w.customer_id = p.customer_id
     WHERE w.act = 'remove' AND w.outcome = 'confirmed' AND w.remote_at IS NOT NULL AND lower(w.tag) = p.tag_key
     GROUP BY 1, 2`);
  return new Map(rows.map(({ id, key, at }) => [`${id} ${key}`, at]));
}

/**
 * Removals and returns of our tags, and whatever else stands between should have and has: those customers join
 * changed_customer, so that they are compared.
 * @param options.now business time
 */
export async function noticeTagEdits(tx: ShopTx, { now }: { now: Date }): Promise<void> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT c.id FROM touched_customer t
      JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = t.customer_id AND c.deleted_at IS NULL
                      AND ${withinTouched('c.id')}
      CROSS JOIN LATERAL (SELECT ARRAY(SELECT lower(had) FROM unnest(c.tags) AS had) AS keys) AS has
     WHERE c.tags_stamp IS NOT NULL AND ${notHeld}
       AND (EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = c.shop_id AND o.customer_id = c.id
                       AND CASE WHEN o.suppressed_at IS NOT NULL OR o.lost_in IS NOT NULL
                                THEN o.tag_key = ANY(has.keys) ELSE NOT o.tag_key = ANY(has.keys) END)
            OR NOT EXISTS (SELECT FROM tag_outbox q WHERE q.shop_id = c.shop_id AND q.customer_id = c.id)
               AND EXISTS (SELECT FROM membership m
                         JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id AND s.status = 'live'
                         JOIN shop_settings g ON g.shop_id = m.shop_id
                        WHERE m.shop_id = c.shop_id AND m.customer_id = c.id
                          AND NOT lower(g.tag_prefix || s.tag_name) = ANY(has.keys)
                          AND NOT EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = c.shop_id
                                             AND o.customer_id = c.id
                                             AND o.tag_key = lower(g.tag_prefix || s.tag_name)))
            -- What could not be written may fit by now.
            OR EXISTS (SELECT FROM tag_impossible i WHERE i.shop_id = c.shop_id AND i.customer_id = c.id))
     ORDER BY c.id`);
  await noticeRemovals(
    tx,
    rows.map(({ id }) => id),
    { now, compare: true },
  );
}

/**
 * For customers whose tags were just read. @param options.compare queue those with something to write
 * (changed_customer must be there). @param options.readUpTo leave out whose tags were read later: that read was
 * looked at when it came
 */
export async function noticeRemovals(
  tx: ShopTx,
  ids: readonly ShopifyId[],
  { now, compare, readUpTo = null }: { now: Date; compare: boolean; readUpTo?: Date | null },
): Promise<void> {
  const [removed, back, differ]: [Removal[], Removal[], ShopifyId[]] = [[], [], []];
  for (let from = 0; from < ids.length; from += CHUNK) {
    for (const [id, customer] of await readComparisons(tx, ids.slice(from, from + CHUNK))) {
      if (customer.gone) continue;
      if (readUpTo !== null && (customer.actualReadAt ?? readUpTo) > readUpTo) continue;
      const plan = planTagChanges({ ...customer, uncertain: false });
      const seenAt = customer.actualReadAt ?? now;
      const owned = new Map(customer.owned.map((tag) => [tag.key, tag.tag]));
      const edit = (key: string): Removal => ({ customerId: id, key, tag: owned.get(key) ?? key, seenAt });
      removed.push(...plan.suppress.map(edit));
      back.push(...plan.restore.map(edit));
      if (!isEmptyPlan(plan) || plan.unclear.length > 0) differ.push(id);
    }
  }
  await recordReturns(tx, back, { now });
  await recordRemovals(tx, removed, { now });
  if (!compare || differ.length === 0) return;
  await tx.query(sql`
    INSERT INTO changed_customer (customer_id)
    SELECT id FROM unnest(${differ}::bigint[]) AS id
     WHERE NOT EXISTS (SELECT FROM tag_outbox o WHERE o.shop_id = ${tx.shopId} AND o.customer_id = id)
    ON CONFLICT DO NOTHING`);
}

const CHUNK = 2_000;
