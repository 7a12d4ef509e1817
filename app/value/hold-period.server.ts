import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';
import type { HoldPeriod } from './hold-period.ts';

/** The hold that is set, whether it is past, under way or to come; null: none. */
export async function readHoldPeriod(tx: ShopTx): Promise<HoldPeriod | null> {
  const { rows } = await tx.query<{ from: LocalDate | null; to: LocalDate | null }>(sql`
    SELECT hold_from AS "from", hold_to AS "to" FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const { from = null, to = null } = rows[0] ?? {};
  return from !== null && to !== null ? { from, to } : null;
}

/** @param period null: no hold any more */
export async function storeHoldPeriod(tx: ShopTx, period: HoldPeriod | null): Promise<void> {
  await tx.query(sql`
    UPDATE shop_settings SET hold_from = ${period?.from ?? null}::date, hold_to = ${period?.to ?? null}::date
     WHERE shop_id = ${tx.shopId}`);
}
