import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export interface ControlGroup {
  key: string;
  /** Of 10,000. */
  buckets: number;
  since: Date;
  /** Set: it is over, and its result stands. */
  endedAt: Date | null;
  /** Members who get nothing now. */
  heldOut: number;
}

/** @param keys only these segments. @returns those that have or had a control group */
export async function readControls(tx: ShopTx, keys: readonly string[]): Promise<ControlGroup[]> {
  const { rows } = await tx.query<ControlGroup & Record<string, unknown>>(sql`
    SELECT s.key, g.buckets, g.since, g.ended_at AS "endedAt",
           (SELECT count(*)::int FROM tag_held_out h
              JOIN membership m
                ON m.shop_id = h.shop_id AND m.segment_id = h.segment_id AND m.customer_id = h.customer_id
             WHERE h.shop_id = s.shop_id AND h.segment_id = s.id) AS "heldOut"
      FROM segment s JOIN control_group g ON g.shop_id = s.shop_id AND g.segment_id = s.id
     WHERE s.shop_id = ${tx.shopId} AND s.key = ANY(${[...keys]}::text[]) ORDER BY s.position, s.id`);
  return rows;
}
