/**
 * Tags with the shop's prefix that were in the store before us (an earlier installation, another tool): noticed, and the
 * merchant says what they are. Left: never touched, and nobody becomes "always in" by them. Adopted: ours, so they are
 * kept in step; of a segment that is a draft they stay as they are until it is turned on. A tag that no segment has is
 * removed when it is adopted, and the page says so.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { raw, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { withinTouched } from '../../history/within-touched.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { queueSelected } from './queue-changed.server.ts';

export interface FoundTag {
  key: string;
  tag: string;
  customers: number;
  state: 'asked' | 'left' | 'adopted';
  /** Of the segment with this tag; null: none has it. */
  segment: { key: string; name: string; status: string } | null;
}

export async function readFoundTags(tx: ShopTx): Promise<FoundTag[]> {
  const { rows } = await tx.query<Omit<FoundTag, 'segment'> & Record<string, unknown>>(sql`
    SELECT tag_key AS key, min(tag) AS tag, count(*)::int AS customers, state FROM tag_found
     WHERE shop_id = ${tx.shopId} GROUP BY tag_key, state ORDER BY tag_key, state LIMIT 200`);
  const segments = await segmentsByTag(tx);
  return rows.map((row) => ({ ...row, segment: segments.get(row.key) ?? null }));
}

async function segmentsByTag(tx: ShopTx) {
  const { rows } = await tx.query<{ key: string; name: string; status: string; tag: string }>(sql`
    SELECT s.key, s.name, s.status, g.tag_prefix || s.tag_name AS tag
      FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id WHERE s.shop_id = ${tx.shopId}`);
  return new Map(rows.map(({ tag, ...segment }) => [tagKey(tag), segment]));
}

/** @param input.key of tagKey. @returns customers it is about; null: there is no such tag to decide about */
export async function decideFound(
  tx: ShopTx,
  {
    key,
    decision,
    actor,
    now,
  }: { key: string; decision: 'adopt' | 'leave' | 'remove'; actor: string; now: Date },
): Promise<number | null> {
  await waitForShop(tx, tx.shopId);
  const segment = (await segmentsByTag(tx)).get(key);
  const state = decision === 'leave' ? 'left' : 'adopted';
  // What was adopted for a draft can be removed all the same.
  const { rowCount } = await tx.query(sql`
    UPDATE tag_found SET state = ${state}
     WHERE shop_id = ${tx.shopId} AND tag_key = ${key} AND (state <> ${state} OR ${decision === 'remove'}::boolean)`);
  if (!rowCount) return null;
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, review)
    VALUES (${tx.shopId}, ${now}, ${actor}, ${`${decision}_tags`},
            ${JSON.stringify({ tag: key, customersAffected: rowCount })}::jsonb)`);
  if (decision === 'remove' || (decision === 'adopt' && segment?.status !== 'draft')) {
    await takeAdopted(tx, [key], now);
  }
  return rowCount;
}

/**
 * Adopted tags of segments that are on (or of none) become ours, and their customers are compared.
 * @param options.touched only those of touched_customer: one step of a change in a large store
 */
export async function takeAdopted(
  tx: ShopTx,
  keys: readonly string[],
  now: Date,
  { touched = false }: { touched?: boolean } = {},
): Promise<void> {
  const among = touched ? sql`AND ${withinTouched('f.customer_id')}` : raw('');
  // Of an earlier installation: they stand still no longer.
  await tx.query(sql`
    DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = 'tag' AND ref = ANY(${[...keys]}::text[])`);
  const adopted = sql`
    f.shop_id = ${tx.shopId} AND f.state = 'adopted' AND f.tag_key = ANY(${[...keys]}::text[]) ${among}`;
  await queueSelected(tx, sql`SELECT f.customer_id FROM tag_found f WHERE ${adopted}`, now);
  await tx.query(sql`
    WITH adopted AS (
      DELETE FROM tag_found f WHERE ${adopted}
      RETURNING customer_id, tag_key, tag
    )
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT ${tx.shopId}::bigint, a.customer_id, a.tag_key, a.tag,
           split_part(c.tags_stamp, '|', 1)::timestamptz
      FROM adopted a JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = a.customer_id
    ON CONFLICT DO NOTHING`);
}
