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
  /** Shopify's own RFM group: only API reads carry it. */
  rfm?: { stamp: Stamp; group: string | null };
  /** All tags the customer has. */
  tags?: { stamp: Stamp; tags: string[] };
  deletedAt?: Date;
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
  tags: string[];
  discountCodes: string[];
  /** Replaced as a whole with the core. */
  lines: OrderLineFact[];
  refunds: OrderRefundFact[];
}

export interface OrderFact {
  kind: 'order';
  id: ShopifyId;
  core?: OrderCore;
  journey?: { stamp: Stamp; firstSource: string | null; lastSource: string | null; campaign: string | null };
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
    status: string;
    tags: string[];
    createdAt: Date | null;
    updatedAt: Date | null;
  };
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
  object: 'customer' | 'order' | 'product';
  id: ShopifyId;
  reason: string;
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

export type Fact = TagMessageFact | CustomerFact | OrderFact | ProductFact | MergeFact | RereadFact;
