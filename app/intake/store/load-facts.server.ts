/** Folded facts -> the incoming tables, one statement of JSON a table. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type {
  CollectionFact, CustomerFact, MetafieldValue, OrderFact, OrderLineFact, ProductFact, ShopifyId,
} from '../facts.ts'; // prettier-ignore
import { METAFIELD_TYPES, isReadableType } from '../picks.ts';
import type { IncomingTable } from './fact-tables.server.ts';

type Row = Record<string, unknown>;

export async function loadFacts(
  tx: ShopTx,
  facts: {
    customers: CustomerFact[];
    orders: OrderFact[];
    products: ProductFact[];
    collections: CollectionFact[];
  },
): Promise<void> {
  await load(tx, 'incoming_customer', facts.customers.map(customerRow));
  await load(tx, 'incoming_customer_metafield', facts.customers.flatMap(metafieldRows));
  await load(
    tx,
    'incoming_order',
    facts.orders.map((fact) => orderRow(fact, true)),
  );
  await load(tx, 'incoming_order_line', facts.orders.flatMap(lineRows));
  await load(tx, 'incoming_order_refund', facts.orders.flatMap(refundRows));
  await load(tx, 'incoming_product', facts.products.map(productRow));
  await load(tx, 'incoming_collection', facts.collections.map(collectionRow));
  await load(tx, 'incoming_product_collection', [
    ...facts.products.flatMap(({ id, collections }) =>
      (collections?.ids ?? []).map((other) => pairRow(id, other, collections?.readAt)),
    ),
    ...facts.collections.flatMap(({ id, products }) =>
      (products?.ids ?? []).map((other) => pairRow(other, id, products?.readAt)),
    ),
  ]);
}

async function load(tx: ShopTx, table: IncomingTable, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  switch (table) {
    case 'incoming_customer':
      await tx.query(
        sql`INSERT INTO incoming_customer SELECT * FROM json_populate_recordset(NULL::incoming_customer, ${json}::json)`,
      );
      break;
    case 'incoming_customer_metafield':
      await tx.query(
        sql`INSERT INTO incoming_customer_metafield SELECT * FROM json_populate_recordset(NULL::incoming_customer_metafield, ${json}::json)`,
      );
      break;
    case 'incoming_collection':
      await tx.query(
        sql`INSERT INTO incoming_collection SELECT * FROM json_populate_recordset(NULL::incoming_collection, ${json}::json)`,
      );
      break;
    case 'incoming_product_collection':
      await tx.query(
        sql`INSERT INTO incoming_product_collection SELECT * FROM json_populate_recordset(NULL::incoming_product_collection, ${json}::json)`,
      );
      break;
    case 'incoming_order':
      await tx.query(
        sql`INSERT INTO incoming_order SELECT * FROM json_populate_recordset(NULL::incoming_order, ${json}::json)`,
      );
      break;
    case 'incoming_order_line':
      await tx.query(
        sql`INSERT INTO incoming_order_line SELECT * FROM json_populate_recordset(NULL::incoming_order_line, ${json}::json)`,
      );
      break;
    case 'incoming_order_refund':
      await tx.query(
        sql`INSERT INTO incoming_order_refund SELECT * FROM json_populate_recordset(NULL::incoming_order_refund, ${json}::json)`,
      );
      break;
    case 'incoming_product':
      await tx.query(
        sql`INSERT INTO incoming_product SELECT * FROM json_populate_recordset(NULL::incoming_product, ${json}::json)`,
      );
      break;
  }
}

/** As a row of incoming_customer, by column name; what is not carried is undefined. */
export function customerRow(fact: CustomerFact): Row {
  return {
    id: fact.id,
    created_at: fact.core?.createdAt,
    updated_at: fact.core?.updatedAt,
    state: fact.core?.state,
    verified_email: fact.core?.verifiedEmail,
    core_stamp: fact.core?.stamp,
    locale: fact.locale?.locale,
    locale_stamp: fact.locale?.stamp,
    country_code: fact.address?.countryCode,
    province_code: fact.address?.provinceCode,
    city: fact.address?.city,
    address_stamp: fact.address?.stamp,
    email_consent: fact.emailConsent?.state,
    email_consent_stamp: fact.emailConsent?.stamp,
    sms_consent: fact.smsConsent?.state,
    sms_consent_stamp: fact.smsConsent?.stamp,
    shopify_orders: fact.shopifyTotals?.orders,
    shopify_spent_minor: fact.shopifyTotals?.spentMinor,
    shopify_totals_stamp: fact.shopifyTotals?.stamp,
    shopify_rfm_group: fact.rfm?.group,
    shopify_spend_tier: fact.rfm?.spendTier,
    subscriber_status: fact.rfm?.subscriber,
    shopify_rfm_stamp: fact.rfm?.stamp,
    tags: fact.tags?.tags,
    tags_stamp: fact.tags?.stamp,
    zip: fact.zip?.zip,
    zip_stamp: fact.zip?.stamp,
    deleted_at: fact.deletedAt,
  };
}

/** As rows of incoming_customer_metafield. A value that is not of its type is none. */
export function metafieldRows({ id, metafields }: CustomerFact): Row[] {
  return (metafields?.values ?? []).map((field) => ({
    customer_id: id,
    namespace_key: field.key,
    type: field.type,
    ...metafieldValue(field),
    stamp: metafields?.stamp,
  }));
}

const NUMBER = /^[+-]?\d{1,20}(\.\d{1,40})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const OFFSET = /(Z|[+-]\d{2}:?\d{2})$/i;

function metafieldValue({ type, value }: MetafieldValue): Row {
  if (value === null || !isReadableType(type)) return { value: null };
  switch (METAFIELD_TYPES[type]) {
    case 'text':
      return { value };
    case 'boolean':
      return { value: /^(true|false)$/i.test(value) ? value.toLowerCase() : null };
    case 'number':
      return NUMBER.test(value) ? { value, number_value: value } : { value: null };
    case 'date': {
      if (type === 'date') return isDay(value) ? { value, date_value: value } : { value: null };
      // Shopify writes date_time in UTC, with or without saying so.
      const instant = Date.parse(OFFSET.test(value) ? value : `${value}Z`);
      return Number.isNaN(instant) ? { value: null } : { value, instant: new Date(instant) };
    }
  }
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** As a row of incoming_order. `hasLines` is false for a node of a bulk query, whose lines come loose. */
export function orderRow(fact: OrderFact, hasLines: boolean): Row {
  const { core, journey, location, care } = fact;
  return {
    id: fact.id,
    name: core?.name,
    customer_id: core?.customerId,
    created_at: core?.createdAt,
    processed_at: core?.processedAt,
    updated_at: core?.updatedAt,
    cancelled_at: core?.cancelledAt,
    test: core?.test,
    financial_status: core?.financialStatus,
    currency: core?.currency,
    presentment_currency: core?.presentmentCurrency,
    total_minor: core?.totalMinor,
    current_total_minor: core?.currentTotalMinor,
    net_payment_minor: core?.netPaymentMinor,
    refunded_minor: core?.refundedMinor,
    subtotal_minor: core?.subtotalMinor,
    tax_minor: core?.taxMinor,
    shipping_minor: core?.shippingMinor,
    discount_minor: core?.discountMinor,
    gift_card_minor: core?.giftCardMinor,
    company_order: core?.companyOrder,
    source_name: core?.sourceName,
    staff_created: core?.staffCreated,
    tags: core?.tags,
    discount_codes: core?.discountCodes,
    core_stamp: core?.stamp,
    has_lines: hasLines,
    journey_first_source: journey?.first.source,
    journey_last_source: journey?.last.source,
    journey_campaign: journey?.first.utmCampaign,
    journey_first_utm_source: journey?.first.utmSource,
    journey_first_utm_medium: journey?.first.utmMedium,
    journey_first_utm_content: journey?.first.utmContent,
    journey_first_utm_term: journey?.first.utmTerm,
    journey_last_utm_source: journey?.last.utmSource,
    journey_last_utm_medium: journey?.last.utmMedium,
    journey_last_utm_campaign: journey?.last.utmCampaign,
    journey_last_utm_content: journey?.last.utmContent,
    journey_last_utm_term: journey?.last.utmTerm,
    journey_stamp: journey?.stamp,
    channel: fact.channel?.name,
    channel_stamp: fact.channel?.stamp,
    location_id: location?.locationId,
    location_stamp: location?.stamp,
    location_name: location?.name?.text,
    location_name_at: location?.name?.readAt,
    return_open: care?.returnOpen,
    dispute_lost: care?.disputeLost,
    care_stamp: care?.stamp,
    selling_plan: fact.sellingPlan,
    deleted_at: fact.deletedAt,
  };
}

/** As a row of incoming_order_line, still without core_stamp or read_time: whose it is. */
export function lineRow(orderId: ShopifyId, line: OrderLineFact): Row {
  return {
    order_id: orderId,
    id: line.id,
    product_id: line.productId,
    variant_id: line.variantId,
    title: line.title,
    sku: line.sku,
    vendor: line.vendor,
    quantity: line.quantity,
    current_quantity: line.currentQuantity,
    total_minor: line.totalMinor,
    discounted_minor: line.discountedMinor,
    gift_card: line.giftCard,
    selling_plan: line.sellingPlan ?? false,
  };
}

function lineRows(fact: OrderFact): Row[] {
  return (fact.core?.lines ?? []).map((line) => ({
    ...lineRow(fact.id, line),
    core_stamp: fact.core?.stamp,
  }));
}

/** As rows of incoming_order_refund. */
export function refundRows(fact: OrderFact): Row[] {
  return (fact.core?.refunds ?? []).map((refund) => ({
    order_id: fact.id,
    id: refund.id,
    created_at: refund.createdAt,
    refunded_minor: refund.refundedMinor,
    core_stamp: fact.core?.stamp,
  }));
}

/** As a row of incoming_product. */
export function productRow(fact: ProductFact): Row {
  return {
    id: fact.id,
    title: fact.core?.title,
    vendor: fact.core?.vendor,
    product_type: fact.core?.productType,
    handle: fact.core?.handle,
    status: fact.core?.status,
    tags: fact.core?.tags,
    created_at: fact.core?.createdAt,
    updated_at: fact.core?.updatedAt,
    core_stamp: fact.core?.stamp,
    collections_read_at: fact.collections?.readAt,
    deleted_at: fact.deletedAt,
  };
}

/** As a row of incoming_collection. */
export function collectionRow(fact: CollectionFact): Row {
  return {
    id: fact.id,
    title: fact.core?.title,
    handle: fact.core?.handle,
    updated_at: fact.core?.updatedAt,
    core_stamp: fact.core?.stamp,
    products_read_at: fact.products?.readAt,
    deleted_at: fact.deletedAt,
  };
}

/** As a row of incoming_product_collection. */
export function pairRow(productId: ShopifyId, collectionId: ShopifyId, seenAt: Date | undefined): Row {
  return { product_id: productId, collection_id: collectionId, seen_at: seenAt };
}
