/** What the merchant decides about the ways out of the app that are not tags. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { areContactHours, type ContactHours } from './flow/contact-hours.ts';
import { wakeNativeSegments } from './native-segments/wake-native-segments.server.ts';

export interface SegmentReachChange {
  /** The segment in Shopify: none, by our tag, or by the rule itself. */
  native?: 'none' | 'tag' | 'rule';
  flow?: boolean;
  /** Automations also when new numbers for the whole store moved somebody. */
  flowRefit?: boolean;
}

/** @returns false when there is no such segment */
export async function setSegmentReach(tx: ShopTx, key: string, change: SegmentReachChange): Promise<boolean> {
  const { native = null, flow = null, flowRefit = null } = change;
  const { rowCount } = await tx.query(sql`
    INSERT INTO segment_reach (shop_id, segment_id, native, flow, flow_refit)
    SELECT shop_id, id, coalesce(${native}::text, 'none'), coalesce(${flow}::boolean, true),
           coalesce(${flowRefit}::boolean, false)
      FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}
    ON CONFLICT (shop_id, segment_id) DO UPDATE
      SET native = coalesce(${native}::text, segment_reach.native), flow = coalesce(${flow}::boolean, segment_reach.flow),
          flow_refit = coalesce(${flowRefit}::boolean, segment_reach.flow_refit)`);
  if (rowCount !== 1) return false;
  if (native !== null) {
    // What Shopify refused is tried again at once when somebody asks for it again.
    await tx.query(sql`
      UPDATE native_segment n SET not_before = NULL, attempts = 0 FROM segment s
       WHERE n.shop_id = ${tx.shopId} AND s.shop_id = n.shop_id AND s.id = n.segment_id AND s.key = ${key}`);
    await wakeNativeSegments(tx);
  }
  return true;
}

export async function setContactHours(tx: ShopTx, { from, to }: ContactHours): Promise<'done' | 'invalid'> {
  if (!areContactHours({ from, to })) return 'invalid';
  await tx.query(sql`
    INSERT INTO reach_settings (shop_id, contact_from, contact_to) VALUES (${tx.shopId}, ${from}::int, ${to}::int)
    ON CONFLICT (shop_id) DO UPDATE SET contact_from = excluded.contact_from, contact_to = excluded.contact_to`);
  return 'done';
}
