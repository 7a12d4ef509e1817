import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { CONTACT_HOURS, type ContactHours } from './contact-hours.ts';

/** The hours that the merchant set, or the usual ones, with the time zone that they are of. */
export async function readContactHours(tx: ShopTx): Promise<{ hours: ContactHours; timeZone: string }> {
  const { rows } = await tx.query<{ from: number | null; to: number | null; timeZone: string }>(sql`
    SELECT r.contact_from AS "from", r.contact_to AS "to", s.iana_timezone AS "timeZone"
      FROM shop_settings s LEFT JOIN reach_settings r ON r.shop_id = s.shop_id WHERE s.shop_id = ${tx.shopId}`);
  const { from, to, timeZone = 'UTC' } = rows[0] ?? { from: null, to: null };
  return { hours: { from: from ?? CONTACT_HOURS.from, to: to ?? CONTACT_HOURS.to }, timeZone };
}
