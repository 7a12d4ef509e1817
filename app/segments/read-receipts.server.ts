/** Receipts: what was done to segments, by whom, with the counts of that instant, and whether it can be taken back. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface Receipt {
  id: string;
  at: Date;
  /** The Shopify user id of the person, or "demo". */
  actor: string;
  /** "turn_on", "change", "undo", "always_in" ... */
  act: string;
  segments: { key: string; name: string }[];
  customersAffected: number;
  tagAdditions: number;
  tagRemovals: number;
  /** Nothing was done to its segments since, and it was not taken back. */
  canUndo: boolean;
  undone: boolean;
}

/** Newest first; of one segment when `key` is given, one alone by its `id`. */
export async function readReceipts(
  tx: ShopTx,
  only: { key?: string; id?: string; limit: number },
): Promise<Receipt[]> {
  const { rows } = await tx.query<Omit<Receipt, 'segments'> & { segments: Receipt['segments'] | null }>(sql`
    SELECT a.id, a.at, a.actor, a.act,
           (SELECT jsonb_agg(jsonb_build_object('key', s.key, 'name', s.name) ORDER BY s.position, s.id)
              FROM segment s WHERE s.shop_id = a.shop_id AND s.id = ANY(a.segment_ids)) AS segments,
           coalesce((coalesce(a.review -> 'done', a.review) ->> 'customersAffected')::int, 0) AS "customersAffected",
           coalesce((coalesce(a.review -> 'done', a.review) ->> 'tagAdditions')::int, 0) AS "tagAdditions",
           coalesce((coalesce(a.review -> 'done', a.review) ->> 'tagRemovals')::int, 0) AS "tagRemovals",
           EXISTS (SELECT FROM approval b WHERE b.shop_id = a.shop_id AND b.undoes = a.id) AS undone,
           a.review ? 'before' AND a.review -> 'before' <> '{}'::jsonb
             AND NOT EXISTS (SELECT FROM approval b WHERE b.shop_id = a.shop_id AND b.undoes = a.id)
             AND NOT EXISTS (SELECT FROM approval later
                              WHERE later.shop_id = a.shop_id AND later.id > a.id
                                AND later.segment_ids && a.segment_ids AND later.review ? 'before') AS "canUndo"
      FROM approval a
     WHERE a.shop_id = ${tx.shopId}
       AND (${only.id ?? null}::bigint IS NULL OR a.id = ${only.id ?? null}::bigint)
       AND (${only.key ?? null}::text IS NULL OR EXISTS (
              SELECT FROM segment s WHERE s.shop_id = a.shop_id AND s.key = ${only.key ?? null}::text
                 AND s.id = ANY(a.segment_ids)))
     ORDER BY a.id DESC LIMIT ${only.limit}`);
  return rows.map((row) => ({ ...row, segments: row.segments ?? [] }));
}
