/**
 * What every computation of one shop needs: its zone, its currency, its policy, and which day it is there.
 * Today comes from PostgreSQL's time zones, as the local dates of orders do, so the two never disagree.
 */
import { AppError } from '../app-error.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';
import { DEFAULT_ORDER_POLICY, orderPolicySchema, type OrderPolicy } from './order-policy.ts';

export interface ShopDay {
  /** Business time of the run. */
  now: Date;
  /** The shop's local date at `now`. */
  today: LocalDate;
  timeZone: string;
  currency: string;
  tagPrefix: string;
  policy: OrderPolicy;
  firstImportedAt: Date | null;
}

/** @throws AppError 'not_found' without settings; 'config' when the stored policy cannot be read */
export async function readShopDay(tx: ShopTx, now: Date): Promise<ShopDay> {
  const { rows } = await tx.query<Omit<ShopDay, 'policy'> & { policy: unknown }>(sql`
    SELECT iana_timezone AS "timeZone", currency, tag_prefix AS "tagPrefix", policy,
           first_imported_at AS "firstImportedAt",
           (${now}::timestamptz AT TIME ZONE iana_timezone)::date AS today
      FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const row = rows[0];
  if (!row) {
    throw new AppError('not_found', 'This shop is not set up.', { context: { shopId: tx.shopId } });
  }
  const policy = orderPolicySchema.safeParse(row.policy ?? DEFAULT_ORDER_POLICY);
  if (!policy.success) {
    throw new AppError('config', 'The stored settings of what counts as an order cannot be read.', {
      context: { shopId: tx.shopId, issues: policy.error.issues.map((issue) => issue.path.join('.')) },
    });
  }
  return { ...row, now, policy: policy.data };
}
