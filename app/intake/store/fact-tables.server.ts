/**
 * Where facts wait to be stored: temporary tables of one transaction. Messages come in through one statement
 * of JSON, the import through COPY; from there on both take the same way (`storeIncoming`).
 *
 * A null stamp means that the group is not carried, and is left as it is. Rows of one id may come more than once, in any order.
 *
 * Lines and refunds name the core that they belong to by its stamp, and are replaced with it as a whole. Lines
 * of a bulk query come apart from their order ("loose"): `core_stamp` is null and `read_time` says when the
 * query began; they are merged into the order unless it has been read or told later than that. Loose lines
 * may come before their order.
 */
import type { Queryable } from '../../db/tenancy.server.ts';

/** Columns in COPY order, by table. */
export const INCOMING_COLUMNS = {
  incoming_customer: {
    id: 'bigint NOT NULL',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    state: 'text',
    verified_email: 'boolean',
    core_stamp: 'text COLLATE "C"',
    locale: 'text',
    locale_stamp: 'text COLLATE "C"',
    country_code: 'text',
    province_code: 'text',
    city: 'text',
    address_stamp: 'text COLLATE "C"',
    email_consent: 'text',
    email_consent_stamp: 'text COLLATE "C"',
    sms_consent: 'text',
    sms_consent_stamp: 'text COLLATE "C"',
    shopify_orders: 'bigint',
    shopify_spent_minor: 'bigint',
    shopify_totals_stamp: 'text COLLATE "C"',
    shopify_rfm_group: 'text',
    shopify_spend_tier: 'text',
    subscriber_status: 'text',
    shopify_rfm_stamp: 'text COLLATE "C"',
    tags: 'text[]',
    tags_stamp: 'text COLLATE "C"',
    zip: 'text',
    zip_stamp: 'text COLLATE "C"',
    deleted_at: 'timestamptz',
  },
  incoming_customer_metafield: {
    customer_id: 'bigint NOT NULL',
    namespace_key: 'text NOT NULL',
    type: 'text NOT NULL',
    value: 'text',
    number_value: 'numeric(30,9)',
    date_value: 'date',
    /** A date_time: its day is the shop's. */
    instant: 'timestamptz',
    stamp: 'text COLLATE "C" NOT NULL',
  },
  incoming_order: {
    id: 'bigint NOT NULL',
    name: 'text',
    customer_id: 'bigint',
    created_at: 'timestamptz',
    processed_at: 'timestamptz',
    updated_at: 'timestamptz',
    cancelled_at: 'timestamptz',
    test: 'boolean',
    financial_status: 'text',
    currency: 'text',
    presentment_currency: 'text',
    total_minor: 'bigint',
    current_total_minor: 'bigint',
    net_payment_minor: 'bigint',
    refunded_minor: 'bigint',
    subtotal_minor: 'bigint',
    tax_minor: 'bigint',
    shipping_minor: 'bigint',
    discount_minor: 'bigint',
    gift_card_minor: 'bigint',
    company_order: 'boolean',
    source_name: 'text',
    staff_created: 'boolean',
    tags: 'text[]',
    discount_codes: 'text[]',
    core_stamp: 'text COLLATE "C"',
    /** False: the lines come loose (bulk query), and gift_card_minor is worked out from those stored. */
    has_lines: 'boolean NOT NULL',
    journey_first_source: 'text',
    journey_last_source: 'text',
    journey_campaign: 'text',
    journey_first_utm_source: 'text',
    journey_first_utm_medium: 'text',
    journey_first_utm_content: 'text',
    journey_first_utm_term: 'text',
    journey_last_utm_source: 'text',
    journey_last_utm_medium: 'text',
    journey_last_utm_campaign: 'text',
    journey_last_utm_content: 'text',
    journey_last_utm_term: 'text',
    journey_stamp: 'text COLLATE "C"',
    channel: 'text',
    channel_stamp: 'text COLLATE "C"',
    location_id: 'bigint',
    location_stamp: 'text COLLATE "C"',
    /** The location's name as it was read, and when. */
    location_name: 'text',
    location_name_at: 'timestamptz',
    return_open: 'boolean',
    dispute_lost: 'boolean',
    care_stamp: 'text COLLATE "C"',
    selling_plan: 'boolean',
    deleted_at: 'timestamptz',
  },
  incoming_order_line: {
    order_id: 'bigint NOT NULL',
    id: 'bigint NOT NULL',
    product_id: 'bigint',
    variant_id: 'bigint',
    title: 'text NOT NULL',
    sku: 'text',
    vendor: 'text',
    quantity: 'integer NOT NULL',
    current_quantity: 'integer NOT NULL',
    total_minor: 'bigint NOT NULL',
    discounted_minor: 'bigint NOT NULL',
    gift_card: 'boolean NOT NULL',
    selling_plan: 'boolean NOT NULL',
    /** The order's core that the line belongs to; null for a loose line. */
    core_stamp: 'text COLLATE "C"',
    /** stampTime() of the start of the bulk query; null for a line that comes with its order. */
    read_time: 'text COLLATE "C"',
  },
  incoming_order_refund: {
    order_id: 'bigint NOT NULL',
    id: 'bigint NOT NULL',
    created_at: 'timestamptz NOT NULL',
    refunded_minor: 'bigint NOT NULL',
    core_stamp: 'text COLLATE "C" NOT NULL',
  },
  incoming_product: {
    id: 'bigint NOT NULL',
    title: 'text',
    vendor: 'text',
    product_type: 'text',
    handle: 'text',
    status: 'text',
    tags: 'text[]',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    core_stamp: 'text COLLATE "C"',
    /** When all its collections were read; those are in incoming_product_collection. */
    collections_read_at: 'timestamptz',
    deleted_at: 'timestamptz',
  },
  incoming_collection: {
    id: 'bigint NOT NULL',
    title: 'text',
    handle: 'text',
    updated_at: 'timestamptz',
    core_stamp: 'text COLLATE "C"',
    /** When all its products were read. */
    products_read_at: 'timestamptz',
    deleted_at: 'timestamptz',
  },
  incoming_product_collection: {
    product_id: 'bigint NOT NULL',
    collection_id: 'bigint NOT NULL',
    seen_at: 'timestamptz NOT NULL',
  },
} as const;

export type IncomingTable = keyof typeof INCOMING_COLUMNS;

/** Column names of a table, in order: for COPY. */
export function columnsOf(table: IncomingTable): string[] {
  return Object.keys(INCOMING_COLUMNS[table]);
}

/** Tables of the store's own, besides the incoming ones. */
const WORKING_TABLES = [
  // every customer id that is named: who it is today, and whether it may be stored at all
  'CREATE TEMP TABLE customer_ref (id bigint PRIMARY KEY, kept_id bigint NOT NULL, blocked boolean NOT NULL) ON COMMIT DROP',
  // what this round does to each order
  `CREATE TEMP TABLE order_step (id bigint PRIMARY KEY, fresh boolean NOT NULL, gone boolean NOT NULL,
     core_stamp text COLLATE "C", has_lines boolean NOT NULL, customer_id bigint,
     before_customer_id bigint, cause text, conflict boolean NOT NULL) ON COMMIT DROP`,
];

/** Makes the tables, empty, for the rest of the transaction. */
export async function createFactTables(tx: Queryable): Promise<void> {
  const incoming = Object.entries(INCOMING_COLUMNS).map(([table, columns]) => {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `CREATE TEMP TABLE ${table} (${list.join(', ')}) ON COMMIT DROP`;
  });
  // Constant text: no value of a message is in it. One round trip.
  await tx.query([...incoming, ...WORKING_TABLES].join(';\n'));
}
