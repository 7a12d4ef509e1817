/**
 * Cut points that a person does not want: discarded before they were in force, or cancelled while they were applied. Others
 * like them are not proposed again for 30 days, unless the merchant lets new numbers in before.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';
import { PUBLISH_AFTER_DAYS } from '../value/cut-points.ts';
import { countBuyers, insertHeld, settleHeld } from './held-change.server.ts';
import { recordBrake } from './record-brake.server.ts';

/** Numbers that were in force are discarded, as if they had been held before. */
export async function discardPublished(
  tx: ShopTx,
  { version, affected, actor, now }: { version: number; affected: number; actor: string; now: Date },
): Promise<void> {
  const measured = { buyers: await countBuyers(tx), affected, changes: [], basis: '' };
  const id = await insertHeld(tx, {
    subject: 'cut_points',
    cause: 'refit',
    version,
    measured,
    now,
    state: 'held',
  });
  await settleHeld(tx, { id, state: 'discarded', actor, now });
}

/** Discarded cut points that newer ones are still compared with; null: there are none. */
export async function readKeptOut(
  tx: ShopTx,
  today: LocalDate,
): Promise<{ id: string; version: number; until: LocalDate } | null> {
  const { rows } = await tx.query<{ id: string; version: number; until: LocalDate }>(sql`
    SELECT h.id, h.version, c.as_of + ${PUBLISH_AFTER_DAYS}::int AS until
      FROM held_change h JOIN cut_points c ON c.shop_id = h.shop_id AND c.version = h.version
     WHERE h.shop_id = ${tx.shopId} AND h.subject = 'cut_points' AND h.state = 'discarded'
       AND c.as_of + ${PUBLISH_AFTER_DAYS}::int > ${today}::date
       AND NOT EXISTS (SELECT FROM cut_points newer WHERE newer.shop_id = h.shop_id AND newer.version > h.version
                          AND newer.published_at IS NOT NULL)
     ORDER BY h.version DESC LIMIT 1`);
  return rows[0] ?? null;
}

/** New numbers are proposed again, also such as were discarded. @returns false when it was done already */
export async function allowNumbers(
  tx: ShopTx,
  { id, actor, now }: { id: string; actor: string; now: Date },
): Promise<boolean> {
  if (!/^\d{1,18}$/.test(id)) return false;
  const { rowCount } = await tx.query(sql`
    UPDATE held_change h SET state = 'allowed', decided_at = ${now}, actor = ${actor}
      FROM held_change named
     WHERE named.shop_id = ${tx.shopId} AND named.id = ${id}::bigint AND named.subject = 'cut_points'
       AND named.state = 'discarded' AND h.shop_id = named.shop_id AND h.subject = named.subject
       AND h.state = 'discarded'`);
  if (!rowCount) return false;
  await recordBrake(tx, { at: now, actor, act: 'allow_numbers' });
  return true;
}
