/**
 * The merchant's word about a segment's control group. A new share holds for those who come in from then on: nobody
 * who is in is drawn or changes sides. Ending it gives the tag to those who were held out; a new one begins from nothing.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { queueMembersMetafields } from '../metafields/queue-metafields.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';

export type SetControl = { outcome: 'done' | 'unchanged' | 'unknown_segment' };
export type EndedControl =
  | { outcome: 'done'; released: number }
  /** Other than was shown: look again. */
  | { outcome: 'changed' }
  | { outcome: 'none' };

interface Word {
  key: string;
  actor: string;
  /** Business time. */
  now: Date;
}

/** @param word.buckets of 10,000, as parseShare gives it */
export async function setControl(
  tx: ShopTx,
  { key, buckets, actor, now }: Word & { buckets: number },
): Promise<SetControl> {
  await waitForShop(tx, tx.shopId);
  const { rows } = await tx.query<{ id: string; running: number | null }>(sql`
    SELECT s.id, g.buckets AS running FROM segment s
      LEFT JOIN control_group g ON g.shop_id = s.shop_id AND g.segment_id = s.id AND g.ended_at IS NULL
     WHERE s.shop_id = ${tx.shopId} AND s.key = ${key}`);
  const segment = rows[0];
  if (!segment) return { outcome: 'unknown_segment' };
  if (segment.running === buckets) return { outcome: 'unchanged' };
  if (segment.running === null) {
    await tx.query(sql`
      DELETE FROM control_assignment WHERE shop_id = ${tx.shopId} AND segment_id = ${segment.id}::bigint`);
  }
  await tx.query(sql`
    INSERT INTO control_group (shop_id, segment_id, buckets, since, actor)
    VALUES (${tx.shopId}, ${segment.id}::bigint, ${buckets}, ${now}, ${actor})
    ON CONFLICT (shop_id, segment_id) DO UPDATE
      SET buckets = excluded.buckets, since = excluded.since, actor = excluded.actor, ended_at = NULL`);
  await record(tx, { id: segment.id, act: 'set_control', actor, now, review: { buckets } });
  return { outcome: 'done' };
}

/** @param word.shown how many members were shown as held out: more or fewer by now are shown again, and nothing is done */
export async function endControl(
  tx: ShopTx,
  { key, shown, actor, now }: Word & { shown: number },
): Promise<EndedControl> {
  await waitForShop(tx, tx.shopId);
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT s.id FROM segment s
      JOIN control_group g ON g.shop_id = s.shop_id AND g.segment_id = s.id AND g.ended_at IS NULL
     WHERE s.shop_id = ${tx.shopId} AND s.key = ${key} FOR UPDATE OF g`);
  const id = rows[0]?.id;
  if (id === undefined) return { outcome: 'none' };
  const members = sql`
    SELECT h.customer_id FROM tag_held_out h
      JOIN membership m ON m.shop_id = h.shop_id AND m.segment_id = h.segment_id AND m.customer_id = h.customer_id
     WHERE h.shop_id = ${tx.shopId} AND h.segment_id = ${id}::bigint`;
  const { rows: held } = await tx.query<{ out: number }>(
    sql`SELECT count(*)::int AS out FROM (${members}) AS member`,
  );
  if (held[0]?.out !== shown) return { outcome: 'changed' };
  await tx.query(sql`
    UPDATE control_group SET ended_at = ${now} WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint`);
  const released = await queueSelected(tx, members, now);
  await tx.query(sql`DELETE FROM tag_held_out WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint`);
  await queueMembersMetafields(tx, id, now);
  await record(tx, { id, act: 'end_control', actor, now, review: { customersAffected: released, tagAdditions: released } }); // prettier-ignore
  return { outcome: 'done', released };
}

/** A segment is deleted: nobody is on any side of it. */
export async function forgetControl(tx: ShopTx, segmentId: string): Promise<void> {
  const mine = sql`shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint`;
  await tx.query(sql`DELETE FROM tag_held_out WHERE ${mine}`);
  await tx.query(sql`DELETE FROM control_assignment WHERE ${mine}`);
  await tx.query(sql`DELETE FROM control_group WHERE ${mine}`);
}

async function record(
  tx: ShopTx,
  { id, act, actor, now, review }: { id: string; act: 'set_control' | 'end_control'; actor: string; now: Date; review: Record<string, number> }, // prettier-ignore
): Promise<void> {
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    VALUES (${tx.shopId}, ${now}, ${actor}, ${act}, ${[id]}::bigint[], ${JSON.stringify(review)}::jsonb)`);
}
