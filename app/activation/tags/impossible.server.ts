/**
 * Tags that somebody should have and cannot get, with the reason: part of the sum that a segment's page shows, and
 * explained on the customer's page. A row goes when the tag arrives or is not wanted any more.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { insertTagWrites } from './tag-write.server.ts';

export interface Impossible {
  customerId: ShopifyId;
  tag: string;
  reason: string;
}

/** Notes them, each with a receipt (unless the last one said the same). @param options.at business time */
export async function noteImpossible(
  tx: ShopTx,
  rows: readonly Impossible[],
  options: { at: Date; way: 'single' | 'bulk' },
): Promise<void> {
  await insertTagWrites(
    tx,
    rows.map((row) => ({ ...row, act: 'add', outcome: 'failed' })),
    options,
  );
  await storeImpossible(tx, rows, options.at);
}

export async function storeImpossible(tx: ShopTx, rows: readonly Impossible[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(sql`
    INSERT INTO tag_impossible (shop_id, customer_id, tag_key, reason, at)
    SELECT DISTINCT ON (customer_id, tag_key) ${tx.shopId}::bigint, customer_id, tag_key, reason, ${at}::timestamptz
      FROM unnest(${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => tagKey(row.tag))}::text[],
                  ${rows.map((row) => row.reason)}::text[]) AS r (customer_id, tag_key, reason)
    ON CONFLICT (shop_id, customer_id, tag_key) DO UPDATE SET reason = excluded.reason`);
}

export interface ImpossibleShown {
  customerId: ShopifyId;
  tag: string;
  /** As stored (explainFailure has the words). */
  reason: string;
  at: Date;
}

/** The newest first. */
export async function readImpossible(tx: ShopTx, limit: number): Promise<ImpossibleShown[]> {
  const { rows } = await tx.query<ImpossibleShown & Record<string, unknown>>(sql`
    SELECT customer_id AS "customerId", tag_key AS tag, reason, at FROM tag_impossible
     WHERE shop_id = ${tx.shopId} ORDER BY at DESC, customer_id, tag_key LIMIT ${limit}`);
  return rows;
}

/** The tags have arrived. */
export async function forgetImpossible(
  tx: ShopTx,
  pairs: readonly { customerId: ShopifyId; key: string }[],
): Promise<void> {
  if (pairs.length === 0) return;
  await tx.query(sql`
    DELETE FROM tag_impossible WHERE shop_id = ${tx.shopId} AND (customer_id, tag_key) IN (
      SELECT * FROM unnest(${pairs.map((one) => one.customerId)}::bigint[], ${pairs.map((one) => one.key)}::text[]))`);
}

/** Whatever these customers should not have any more; what stands still (`wanted` too) is left. */
export async function forgetUnwanted(
  tx: ShopTx,
  wanted: readonly { id: ShopifyId; tags: readonly string[] }[],
): Promise<void> {
  const pairs = wanted.flatMap(({ id, tags }) => tags.map((tag) => ({ id, key: tagKey(tag) })));
  await tx.query(sql`
    DELETE FROM tag_impossible i WHERE i.shop_id = ${tx.shopId} AND i.customer_id = ANY(${wanted.map(({ id }) => id)}::bigint[])
       AND NOT EXISTS (SELECT FROM unnest(${pairs.map(({ id }) => id)}::bigint[], ${pairs.map(({ key }) => key)}::text[])
                                     AS w (customer_id, tag_key)
                        WHERE w.customer_id = i.customer_id AND w.tag_key = i.tag_key)`);
}
