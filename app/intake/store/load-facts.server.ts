/** Folded facts -> the incoming tables, one statement of JSON a table. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { CustomerFact, OrderFact, OrderLineFact, ProductFact, ShopifyId } from '../facts.ts';
import type { IncomingTable } from './fact-tables.server.ts';

type Row = Record<string, unknown>;

export async function loadFacts(
  tx: ShopTx,
  facts: { customers: CustomerFact[]; orders: OrderFact[]; products: ProductFact[] },
): Promise<void> {
  await load(tx, 'incoming_customer', facts.customers.map(customerRow));
  await load(
    tx,
    'incoming_order',
    facts.orders.map((fact) => orderRow(fact, true)),
  );
  await load(tx, 'incoming_order_line', facts.orders.flatMap(lineRows));
  await load(tx, 'incoming_order_refund', facts.orders.flatMap(refundRows));
  await load(tx, 'incoming_product', facts.products.map(productRow));
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
    shopify_rfm_stamp: fact.rfm?.stamp,
    tags: fact.tags?.tags,
    tags_stamp: fact.tags?.stamp,
    deleted_at: fact.deletedAt,
  };
}

/** As a row of incoming_order. `hasLines` is false for a node of a bulk query, whose lines come loose. */
export function orderRow(fact: OrderFact, hasLines: boolean): Row {
  const { core, journey } = fact;
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
    tags: core?.tags,
    discount_codes: core?.discountCodes,
    core_stamp: core?.stamp,
    has_lines: hasLines,
    journey_first_source: journey?.firstSource,
    journey_last_source: journey?.lastSource,
    journey_campaign: journey?.campaign,
    journey_stamp: journey?.stamp,
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
    status: fact.core?.status,
    tags: fact.core?.tags,
    created_at: fact.core?.createdAt,
    updated_at: fact.core?.updatedAt,
    core_stamp: fact.core?.stamp,
    deleted_at: fact.deletedAt,
  };
}
