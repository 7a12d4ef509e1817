import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { loadSegment } from './load-segments.server.ts';
import { usedByRules } from './used-by-rules.server.ts';

export type DeletedSegment =
  | { outcome: 'done' }
  /** It is turned off first, so that its tags are taken off. */
  | { outcome: 'on' }
  /** Others ask for its members. */
  | { outcome: 'used'; by: { key: string; name: string }[] }
  | { outcome: 'unknown' };

/** Forgets a draft with its versions, people and history. Who approved what stays. */
export async function deleteSegment(tx: ShopTx, key: string): Promise<DeletedSegment> {
  const segment = await loadSegment(tx, key);
  if (!segment) return { outcome: 'unknown' };
  if (segment.status !== 'draft') return { outcome: 'on' };
  const by = await usedByRules(tx, key);
  if (by.length > 0) return { outcome: 'used', by };
  const mine = sql`shop_id = ${tx.shopId} AND segment_id = ${segment.id}::bigint`;
  await tx.query(sql`DELETE FROM segment_person WHERE ${mine}`);
  await tx.query(sql`DELETE FROM segment_version WHERE ${mine}`);
  await tx.query(sql`DELETE FROM membership_left WHERE ${mine}`);
  await tx.query(sql`DELETE FROM membership_event WHERE ${mine}`);
  await tx.query(sql`
    DELETE FROM mass_member WHERE shop_id = ${tx.shopId}
       AND change_id IN (SELECT id FROM mass_change WHERE ${mine})`);
  await tx.query(sql`DELETE FROM mass_change WHERE ${mine}`);
  await tx.query(sql`DELETE FROM segment WHERE shop_id = ${tx.shopId} AND id = ${segment.id}::bigint`);
  return { outcome: 'done' };
}
