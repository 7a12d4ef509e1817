/** Facts put straight into the tables, for tests of what is computed from them. Money in minor units. */
import { sql } from '../../app/db/sql.ts';
import type { ShopTx } from '../../app/db/tenancy.server.ts';

export interface CustomerRow {
  id: string;
  createdAt?: Date;
  tags?: string[];
  emailConsent?: string | null;
  smsConsent?: string | null;
  countryCode?: string | null;
  deletedAt?: Date | null;
}

export interface OrderRow {
  id: string;
  customerId: string | null;
  processedAt: Date;
  financialStatus?: string | null;
  totalMinor?: number;
  /** Default: the total. */
  currentTotalMinor?: number;
  /** Received minus refunded. Default: the total, 0 for pending and authorised orders. */
  netPaymentMinor?: number;
  refundedMinor?: number;
  giftCardMinor?: number;
  cancelledAt?: Date | null;
  deletedAt?: Date | null;
  test?: boolean;
  companyOrder?: boolean;
  tags?: string[];
  sourceName?: string | null;
  currency?: string;
}

/** Inserts customers, or replaces those with the same id. */
export async function putCustomers(tx: ShopTx, rows: readonly CustomerRow[]): Promise<void> {
  const json = rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt ?? null,
    tags: row.tags ?? [],
    email_consent: row.emailConsent ?? null,
    sms_consent: row.smsConsent ?? null,
    country_code: row.countryCode ?? null,
    deleted_at: row.deletedAt ?? null,
  }));
  await tx.query(sql`DELETE FROM customer WHERE shop_id = ${tx.shopId}
                        AND id = ANY(${rows.map((row) => row.id)}::bigint[])`);
  await tx.query(sql`
    INSERT INTO customer (shop_id, id, created_at, tags, email_consent, sms_consent, country_code, deleted_at)
    SELECT ${tx.shopId}, r.* FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb)
      AS r(id bigint, created_at timestamptz, tags text[], email_consent text, sms_consent text,
           country_code text, deleted_at timestamptz)`);
}

/** Inserts orders, or replaces those with the same id. */
export async function putOrders(tx: ShopTx, rows: readonly OrderRow[], currency = 'EUR'): Promise<void> {
  const json = rows.map((row) => {
    const total = row.totalMinor ?? 5_000;
    const status = row.financialStatus === undefined ? 'PAID' : row.financialStatus;
    const unpaid = status === 'PENDING' || status === 'AUTHORIZED';
    return {
      id: row.id,
      customer_id: row.customerId,
      processed_at: row.processedAt,
      financial_status: status,
      total_minor: total,
      current_total_minor: row.currentTotalMinor ?? total,
      net_payment_minor: row.netPaymentMinor ?? (unpaid ? 0 : total - (row.refundedMinor ?? 0)),
      refunded_minor: row.refundedMinor ?? 0,
      gift_card_minor: row.giftCardMinor ?? 0,
      cancelled_at: row.cancelledAt ?? null,
      deleted_at: row.deletedAt ?? null,
      test: row.test ?? false,
      company_order: row.companyOrder ?? false,
      tags: row.tags ?? [],
      source_name: row.sourceName ?? null,
      currency: row.currency ?? currency,
    };
  });
  await tx.query(sql`DELETE FROM orders WHERE shop_id = ${tx.shopId}
                        AND id = ANY(${rows.map((row) => row.id)}::bigint[])`);
  await tx.query(sql`
    INSERT INTO orders (shop_id, id, customer_id, created_at, processed_at, updated_at, financial_status,
                        total_minor, current_total_minor, net_payment_minor, refunded_minor, gift_card_minor,
                        cancelled_at, deleted_at, test, company_order, tags, source_name, currency, core_stamp)
    SELECT ${tx.shopId}, id, customer_id, processed_at, processed_at, processed_at, financial_status,
           total_minor, current_total_minor, net_payment_minor, refunded_minor, gift_card_minor, cancelled_at,
           deleted_at, test, company_order, tags, source_name, currency, ''
      FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb)
        AS r(id bigint, customer_id bigint, processed_at timestamptz, financial_status text, total_minor bigint,
             current_total_minor bigint, net_payment_minor bigint, refunded_minor bigint, gift_card_minor bigint,
             cancelled_at timestamptz, deleted_at timestamptz, test boolean, company_order boolean, tags text[],
             source_name text, currency text)`);
}
