/**
 * The facts, as every wire shape's normaliser produces them and `apply` stores them.
 *
 * A fact consists of field groups, each with its own stamp. A group that a message does not carry is
 * `undefined` and left as it is: absent is never empty. The order of two states of one group is the order of
 * their stamps, so any permutation of messages ends the same.
 */

/** Shopify's numeric id as text ("gid://shopify/Order/1" -> "1"): never a JS number. */
export type ShopifyId = string;

/**
 * "remote time|triggered-at|content hash", fixed width: compares as text (COLLATE "C").
 * Remote time: the group's own time at Shopify. Triggered-at: when the message was caused, or the read began.
 */
export type Stamp = string & { readonly __brand: 'Stamp' };

export interface CustomerCore {
  stamp: Stamp;
  createdAt: Date | null;
  updatedAt: Date | null;
  /** DISABLED | INVITED | ENABLED | DECLINED */
  state: string | null;
  verifiedEmail: boolean | null;
}

export interface CustomerFact {
  kind: 'customer';
  id: ShopifyId;
  core?: CustomerCore;
  locale?: { stamp: Stamp; locale: string | null };
  address?: { stamp: Stamp; countryCode: string | null; provinceCode: string | null; city: string | null };
  /** Upper-case marketing state; null when the customer has no address of that kind. */
  emailConsent?: { stamp: Stamp; state: string | null };
  smsConsent?: { stamp: Stamp; state: string | null };
  shopifyTotals?: { stamp: Stamp; orders: bigint; spentMinor: bigint };
  /** What Shopify works out by itself: only API reads carry it. */
  rfm?: {
    stamp: Stamp;
    group: string | null;
    /** HIGH | MEDIUM | LOW */
    spendTier: string | null;
    /** ACTIVE | PAUSED | FAILED | CANCELLED | EXPIRED | NEVER_SUBSCRIBED */
    subscriber: string | null;
  };
  /** Only API reads carry it, and only where the merchant turned postal codes on. */
  zip?: { stamp: Stamp; zip: string | null };
  /** Every metafield that the merchant picked, the empty ones too. */
  metafields?: { stamp: Stamp; values: MetafieldValue[] };
  /** All tags the customer has. */
  tags?: { stamp: Stamp; tags: string[] };
  deletedAt?: Date;
}

export interface MetafieldValue {
  /** "namespace.key" */
  key: string;
  /** Shopify's type: "single_line_text_field", "date" ... */
  type: string;
  /** Null: empty, or of a type that rules do not read. */
  value: string | null;
}

export interface OrderLineFact {
  id: ShopifyId;
  productId: ShopifyId | null;
  variantId: ShopifyId | null;
  title: string;
  sku: string | null;
  vendor: string | null;
  quantity: number;
  currentQuantity: number;
  /** Unit price x quantity before discounts, shop money. */
  totalMinor: bigint;
  discountedMinor: bigint;
  giftCard: boolean;
  /** Sold with a selling plan, as far as this shape says it (webhooks do not): not part of the core's content. */
  sellingPlan?: true;
}

export interface OrderRefundFact {
  id: ShopifyId;
  createdAt: Date;
  refundedMinor: bigint;
}

/** All money in the shop's currency ("shop money"), minor units. */
export interface OrderCore {
  stamp: Stamp;
  name: string;
  customerId: ShopifyId | null;
  createdAt: Date;
  processedAt: Date;
  updatedAt: Date;
  cancelledAt: Date | null;
  test: boolean;
  /** AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED, or null */
  financialStatus: string | null;
  currency: string;
  presentmentCurrency: string | null;
  totalMinor: bigint;
  currentTotalMinor: bigint;
  /** Received minus refunded. */
  netPaymentMinor: bigint;
  refundedMinor: bigint;
  subtotalMinor: bigint;
  taxMinor: bigint;
  shippingMinor: bigint;
  discountMinor: bigint;
  giftCardMinor: bigint;
  companyOrder: boolean;
  sourceName: string | null;
  /** Made by the merchant's staff as a draft order. */
  staffCreated: boolean;
  tags: string[];
  discountCodes: string[];
  /** Replaced as a whole with the core. */
  lines: OrderLineFact[];
  refunds: OrderRefundFact[];
}

/** A visit before an order; all null: none is known. */
export interface Visit {
  source: string | null;
  utmSource: string | null;
  utmMedium: string | null;
  utmCampaign: string | null;
  utmContent: string | null;
  utmTerm: string | null;
}

export interface OrderFact {
  kind: 'order';
  id: ShopifyId;
  core?: OrderCore;
  /** Where the customer came from: only API reads carry it, once Shopify has worked it out. */
  journey?: { stamp: Stamp; first: Visit; last: Visit };
  /** Name of what the order is attributed to: only API reads carry it. */
  channel?: { stamp: Stamp; name: string | null };
  /** The location of a sale in person. `name` where the read was allowed to see it. */
  location?: { stamp: Stamp; locationId: ShopifyId | null; name?: { text: string; readAt: Date } };
  /** Only API reads carry it. */
  care?: { stamp: Stamp; returnOpen: boolean; disputeLost: boolean };
  /** A line was sold with a selling plan: once seen, true for ever. */
  sellingPlan?: true;
  deletedAt?: Date;
}

export interface ProductFact {
  kind: 'product';
  id: ShopifyId;
  core?: {
    stamp: Stamp;
    title: string;
    vendor: string;
    productType: string;
    handle: string;
    status: string;
    tags: string[];
    createdAt: Date | null;
    updatedAt: Date | null;
  };
  /** All collections that it was in when the read began: only API reads carry them. */
  collections?: { readAt: Date; ids: ShopifyId[] };
  deletedAt?: Date;
}

export interface CollectionFact {
  kind: 'collection';
  id: ShopifyId;
  core?: { stamp: Stamp; title: string; handle: string; updatedAt: Date | null };
  /** All products that it held when the read began. */
  products?: { readAt: Date; ids: ShopifyId[] };
  deletedAt?: Date;
}

/** customers/merge: any fact that names `deletedId` goes to `keptId`, for ever. */
export interface MergeFact {
  kind: 'merge';
  keptId: ShopifyId;
  deletedId: ShopifyId;
}

/** "Read this object again": messages without state, and equal times with other content. */
export interface RereadFact {
  kind: 'reread';
  object: 'customer' | 'order' | 'product' | 'collection';
  id: ShopifyId;
  reason: string;
  /**
   * Only where it is of use: 'picks' where the merchant turned on postal codes or picked metafields, 'reads' where
   * a live rule asks for what only a read of the order tells.
   */
  when?: 'picks' | 'reads';
}

/**
 * customer.tags_added / tags_removed carry a change, not a state. An echo of our own confirmed write ends here;
 * anything else queues a re-read of the customer.
 */
export interface TagMessageFact {
  kind: 'tag_message';
  id: ShopifyId;
  added: string[];
  removed: string[];
  occurredAt: Date;
}

export type Fact =
  TagMessageFact | CustomerFact | OrderFact | ProductFact | CollectionFact | MergeFact | RereadFact;
