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
  provinceCode?: string | null;
  city?: string | null;
  zip?: string | null;
  locale?: string | null;
  state?: string | null;
  rfmGroup?: string | null;
  spendTier?: string | null;
  subscriberStatus?: string | null;
  metafields?: MetafieldRow[];
  /** When offers were given to the customer, each another one. */
  offersAt?: Date[];
  deletedAt?: Date | null;
}

export interface MetafieldRow {
  key: string;
  value: string | null;
  number?: number | null;
  date?: string | null;
}

export interface LineRow {
  id: string;
  productId?: string | null;
  variantId?: string | null;
  title?: string;
  sku?: string | null;
  vendor?: string | null;
  quantity?: number;
  currentQuantity?: number;
  discountedMinor?: number;
}

export interface ProductRow {
  id: string;
  productType?: string;
  tags?: string[];
  collections?: string[];
}

export const UTM_COLUMNS = [
  'first_utm_source',
  'first_utm_medium',
  'first_utm_content',
  'first_utm_term',
  'last_utm_source',
  'last_utm_campaign',
  'last_utm_content',
  'last_utm_term',
] as const;
export type UtmColumn = (typeof UTM_COLUMNS)[number];

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
  subtotalMinor?: number;
  shippingMinor?: number;
  taxMinor?: number;
  cancelledAt?: Date | null;
  deletedAt?: Date | null;
  test?: boolean;
  companyOrder?: boolean;
  tags?: string[];
  sourceName?: string | null;
  discountMinor?: number;
  discountCodes?: string[];
  staffCreated?: boolean;
  channel?: string | null;
  locationId?: string | null;
  returnOpen?: boolean | null;
  disputeLost?: boolean | null;
  subscription?: 'first' | 'renewal' | null;
  firstSource?: string | null;
  firstCampaign?: string | null;
  lastSource?: string | null;
  lastMedium?: string | null;
  /** The other UTM parameters of the two visits. */
  utm?: Partial<Record<UtmColumn, string | null>>;
  lines?: LineRow[];
  currency?: string;
}

/**
 * To be asked once the facts of a store are in, as after an import: without it PostgreSQL expects one row of everything,
 * and looks through all orders for each customer.
 */
export const STATISTICS = 'ANALYZE customer, orders, order_line';

/** Inserts customers, or replaces those with the same id. */
export async function putCustomers(tx: ShopTx, rows: readonly CustomerRow[]): Promise<void> {
  const json = rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt ?? null,
    tags: row.tags ?? [],
    email_consent: row.emailConsent ?? null,
    sms_consent: row.smsConsent ?? null,
    country_code: row.countryCode ?? null,
    province_code: row.provinceCode ?? null,
    city: row.city ?? null,
    zip: row.zip ?? null,
    locale: row.locale ?? null,
    state: row.state ?? null,
    shopify_rfm_group: row.rfmGroup ?? null,
    shopify_spend_tier: row.spendTier ?? null,
    subscriber_status: row.subscriberStatus ?? null,
    deleted_at: row.deletedAt ?? null,
  }));
  await tx.query(sql`DELETE FROM customer WHERE shop_id = ${tx.shopId}
                        AND id = ANY(${rows.map((row) => row.id)}::bigint[])`);
  await tx.query(sql`
    INSERT INTO customer (shop_id, id, created_at, tags, email_consent, sms_consent, country_code, province_code, city, zip,
                          locale, state, shopify_rfm_group, shopify_spend_tier, subscriber_status, deleted_at)
    SELECT ${tx.shopId}, r.* FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb)
      AS r(id bigint, created_at timestamptz, tags text[], email_consent text, sms_consent text,
           country_code text, province_code text, city text, zip text, locale text, state text,
           shopify_rfm_group text, shopify_spend_tier text, subscriber_status text, deleted_at timestamptz)`);
  await putMetafields(tx, rows);
  await putOffers(tx, rows);
}

async function putMetafields(tx: ShopTx, rows: readonly CustomerRow[]): Promise<void> {
  const json = rows.flatMap(({ id, metafields = [] }) =>
    metafields.map(({ key, value, number = null, date = null }) => ({
      customer_id: id,
      key,
      value,
      number,
      date,
    })),
  );
  await tx.query(sql`DELETE FROM customer_metafield WHERE shop_id = ${tx.shopId}
                        AND customer_id = ANY(${rows.map((row) => row.id)}::bigint[])`);
  if (json.length === 0) return;
  await tx.query(sql`
    INSERT INTO customer_metafield (shop_id, customer_id, namespace_key, type, value, number_value, date_value, stamp)
    SELECT ${tx.shopId}, customer_id, key, '', value, number, date, ''
      FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb)
        AS r(customer_id bigint, key text, value text, number numeric, date date)`);
}

async function putOffers(tx: ShopTx, rows: readonly CustomerRow[]): Promise<void> {
  const told = rows.flatMap(({ id, offersAt }) => (offersAt ? [{ id, offersAt }] : []));
  const given = told.flatMap(({ id, offersAt }) => offersAt.map((at, n) => ({ id, at, offer: n + 1 })));
  await tx.query(sql`DELETE FROM offer_holder WHERE shop_id = ${tx.shopId}
                        AND customer_id = ANY(${told.map(({ id }) => id)}::bigint[])`);
  if (given.length === 0) return;
  await tx.query(sql`
    INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause)
    SELECT ${tx.shopId}, offer, id, at, 'order'
      FROM unnest(${given.map(({ offer }) => offer)}::int[], ${given.map(({ id }) => id)}::bigint[],
                  ${given.map(({ at }) => at)}::timestamptz[]) AS r (offer, id, at)`);
}

/** Products with the collections they are in. */
export async function putProducts(tx: ShopTx, rows: readonly ProductRow[]): Promise<void> {
  for (const { id, productType = '', tags = [], collections = [] } of rows) {
    await tx.query(sql`
      INSERT INTO product (shop_id, id, product_type, tags)
      VALUES (${tx.shopId}, ${id}::bigint, ${productType}, ${tags}::text[])`);
    await tx.query(sql`
      INSERT INTO product_collection (shop_id, product_id, collection_id, seen_at)
      SELECT ${tx.shopId}, ${id}::bigint, one, ${new Date('2026-01-01T00:00:00Z')}
        FROM unnest(${collections}::bigint[]) one`);
  }
}

export async function putLocations(tx: ShopTx, rows: readonly { id: string; name: string }[]): Promise<void> {
  for (const { id, name } of rows) {
    await tx.query(
      sql`INSERT INTO location (shop_id, id, name) VALUES (${tx.shopId}, ${id}::bigint, ${name})`,
    );
  }
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
      subtotal_minor: row.subtotalMinor ?? 0,
      shipping_minor: row.shippingMinor ?? 0,
      tax_minor: row.taxMinor ?? 0,
      cancelled_at: row.cancelledAt ?? null,
      deleted_at: row.deletedAt ?? null,
      test: row.test ?? false,
      company_order: row.companyOrder ?? false,
      tags: row.tags ?? [],
      source_name: row.sourceName ?? null,
      currency: row.currency ?? currency,
      discount_minor: row.discountMinor ?? 0,
      discount_codes: row.discountCodes ?? [],
      staff_created: row.staffCreated ?? false,
      channel: row.channel ?? null,
      location_id: row.locationId ?? null,
      return_open: row.returnOpen ?? null,
      dispute_lost: row.disputeLost ?? null,
      subscription: row.subscription ?? null,
      journey_first_source: row.firstSource ?? null,
      journey_campaign: row.firstCampaign ?? null,
      journey_last_source: row.lastSource ?? null,
      journey_last_utm_medium: row.lastMedium ?? null,
      ...Object.fromEntries(UTM_COLUMNS.map((column) => [`journey_${column}`, row.utm?.[column] ?? null])),
    };
  });
  await tx.query(sql`DELETE FROM orders WHERE shop_id = ${tx.shopId}
                        AND id = ANY(${rows.map((row) => row.id)}::bigint[])`);
  await tx.query(sql`
    INSERT INTO orders (shop_id, id, customer_id, created_at, processed_at, updated_at, financial_status,
                        total_minor, current_total_minor, net_payment_minor, refunded_minor, gift_card_minor,
                        subtotal_minor, shipping_minor, tax_minor, cancelled_at, deleted_at, test, company_order, tags, source_name, currency, discount_minor,
                        discount_codes, staff_created, channel, location_id, return_open, dispute_lost, subscription,
                        journey_first_source, journey_campaign, journey_last_source, journey_last_utm_medium,
                        journey_first_utm_source, journey_first_utm_medium, journey_first_utm_content,
                        journey_first_utm_term, journey_last_utm_source, journey_last_utm_campaign,
                        journey_last_utm_content, journey_last_utm_term, core_stamp)
    SELECT ${tx.shopId}, id, customer_id, processed_at, processed_at, processed_at, financial_status,
           total_minor, current_total_minor, net_payment_minor, refunded_minor, gift_card_minor, subtotal_minor,
           shipping_minor, tax_minor, cancelled_at, deleted_at, test, company_order, tags, source_name, currency, discount_minor, discount_codes,
           staff_created, channel, location_id, return_open, dispute_lost, subscription, journey_first_source,
           journey_campaign, journey_last_source, journey_last_utm_medium, journey_first_utm_source,
           journey_first_utm_medium, journey_first_utm_content, journey_first_utm_term, journey_last_utm_source,
           journey_last_utm_campaign, journey_last_utm_content, journey_last_utm_term, ''
      FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb)
        AS r(id bigint, customer_id bigint, processed_at timestamptz, financial_status text, total_minor bigint,
             current_total_minor bigint, net_payment_minor bigint, refunded_minor bigint, gift_card_minor bigint,
             subtotal_minor bigint, shipping_minor bigint, tax_minor bigint, cancelled_at timestamptz, deleted_at timestamptz, test boolean, company_order boolean, tags text[],
             source_name text, currency text, discount_minor bigint, discount_codes text[], staff_created boolean,
             channel text, location_id bigint, return_open boolean, dispute_lost boolean, subscription text,
             journey_first_source text, journey_campaign text, journey_last_source text,
             journey_last_utm_medium text, journey_first_utm_source text, journey_first_utm_medium text,
             journey_first_utm_content text, journey_first_utm_term text, journey_last_utm_source text,
             journey_last_utm_campaign text, journey_last_utm_content text, journey_last_utm_term text)`);
  await putLines(tx, rows);
}

async function putLines(tx: ShopTx, rows: readonly OrderRow[]): Promise<void> {
  const json = rows.flatMap(({ id, lines = [] }) =>
    lines.map((line) => ({
      order_id: id,
      id: line.id,
      product_id: line.productId ?? null,
      variant_id: line.variantId ?? null,
      title: line.title ?? '',
      sku: line.sku ?? null,
      vendor: line.vendor ?? null,
      quantity: line.quantity ?? 1,
      current_quantity: line.currentQuantity ?? line.quantity ?? 1,
      discounted_minor: line.discountedMinor ?? 1_000,
    })),
  );
  await tx.query(sql`DELETE FROM order_line WHERE shop_id = ${tx.shopId}
                        AND order_id = ANY(${rows.map((row) => row.id)}::bigint[])`);
  if (json.length === 0) return;
  await tx.query(sql`
    INSERT INTO order_line (shop_id, order_id, id, product_id, variant_id, title, sku, vendor, quantity,
                            current_quantity, total_minor, discounted_minor)
    SELECT ${tx.shopId}, order_id, id, product_id, variant_id, title, sku, vendor, quantity, current_quantity,
           discounted_minor, discounted_minor
      FROM jsonb_to_recordset(${JSON.stringify(json)}::jsonb)
        AS r(order_id bigint, id bigint, product_id bigint, variant_id bigint, title text, sku text, vendor text,
             quantity int, current_quantity int, discounted_minor bigint)`);
}
