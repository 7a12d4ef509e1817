/**
 * What a store of the sandbox is made of. Plain data (JSON can hold a snapshot of it).
 *
 * Ids are numeric strings, unique per kind and store; money is integer minor units (a JS number: far below
 * 2^53) in the shop's currency. Business times (createdAt, processedAt ...) come from the business clock,
 * `updatedAt` and every remote time from the machine's.
 */
export type Id = string;
/** ISO 8601 in UTC with milliseconds. */
export type Instant = string;

export type PlanName = 'standard' | 'advanced' | 'plus';

export interface SandboxShop {
  /** "regulars-demo.myshopify.com" */
  domain: string;
  id: Id;
  name: string;
  email: string;
  currency: string;
  ianaTimezone: string;
  countryCode: string;
  plan: PlanName;
}

export type ConsentState =
  'NOT_SUBSCRIBED' | 'PENDING' | 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'REDACTED' | 'INVALID';

export interface SandboxCustomer {
  id: Id;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  note: string | null;
  state: 'DISABLED' | 'INVITED' | 'ENABLED' | 'DECLINED';
  verifiedEmail: boolean;
  taxExempt: boolean;
  locale: string;
  createdAt: Instant;
  updatedAt: Instant;
  address: { address1: string | null; city: string | null; provinceCode: string | null; countryCode: string; zip: string | null } | null;
  emailMarketing: { state: ConsentState; optInLevel: 'SINGLE_OPT_IN' | 'CONFIRMED_OPT_IN' | 'UNKNOWN' | null; updatedAt: Instant | null } | null;
  smsMarketing: { state: ConsentState; updatedAt: Instant | null } | null;
  /** Sorted, unique without case, as Shopify returns them. */
  tags: string[];
  /** What Shopify works out by itself; absent: too little history. */
  statistics?: { rfmGroup: string | null; predictedSpendTier: 'HIGH' | 'MEDIUM' | 'LOW' | null };
  /** Set on the customer that a merge removed. */
  mergedInto: Id | null;
} // prettier-ignore

export type FinancialStatus =
  | 'AUTHORIZED'
  | 'EXPIRED'
  | 'PAID'
  | 'PARTIALLY_PAID'
  | 'PARTIALLY_REFUNDED'
  | 'PENDING'
  | 'REFUNDED'
  | 'VOIDED';

export interface SandboxOrderLine {
  id: Id;
  productId: Id | null;
  variantId: Id | null;
  title: string;
  sku: string | null;
  vendor: string | null;
  quantity: number;
  /** After returns and edits. */
  currentQuantity: number;
  /** Unit price. */
  priceMinor: number;
  /** Discount on the whole line. */
  discountMinor: number;
  giftCard: boolean;
  /** Parts of `discountMinor` by the index of the order's discountApplications, where the checkout worked them out. */
  allocations?: { application: number; amountMinor: number }[];
  /** The selling plan's name, when it was sold with one. */
  sellingPlan?: string;
}

/** Where a visit came from. */
export interface SandboxVisit {
  source: string;
  sourceType: string | null;
  utmSource: string | null;
  utmMedium: string | null;
  utmCampaign: string | null;
  utmContent?: string | null;
  utmTerm?: string | null;
}

export type ReturnStatus =
  'NO_RETURN' | 'RETURN_REQUESTED' | 'IN_PROGRESS' | 'INSPECTION_COMPLETE' | 'RETURNED' | 'RETURN_FAILED';

export interface SandboxDispute {
  id: Id;
  initiatedAs: 'CHARGEBACK' | 'INQUIRY';
  status: 'ACCEPTED' | 'CHARGE_REFUNDED' | 'LOST' | 'NEEDS_RESPONSE' | 'PREVENTED' | 'UNDER_REVIEW' | 'WON';
}

export interface SandboxRefund {
  id: Id;
  createdAt: Instant;
  processedAt: Instant;
  totalMinor: number;
  note: string | null;
  lines: { id: Id; lineItemId: Id; quantity: number; subtotalMinor: number }[];
}

export interface SandboxOrder {
  id: Id;
  name: string;
  number: number;
  customerId: Id | null;
  email: string | null;
  createdAt: Instant;
  processedAt: Instant;
  updatedAt: Instant;
  cancelledAt: Instant | null;
  cancelReason: 'CUSTOMER' | 'DECLINED' | 'FRAUD' | 'INVENTORY' | 'OTHER' | 'STAFF' | null;
  test: boolean;
  confirmed: boolean;
  financialStatus: FinancialStatus;
  fulfillmentStatus: 'FULFILLED' | 'UNFULFILLED' | 'PARTIALLY_FULFILLED';
  currency: string;
  presentmentCurrency: string;
  /** Presentment money = shop money x rate. */
  presentmentRate: number;
  /** As placed: never changes by refunds. total = subtotal + shipping + tax (taxes included in export totals as they are). */
  subtotalMinor: number;
  shippingMinor: number;
  taxMinor: number;
  discountMinor: number;
  tipMinor: number;
  totalMinor: number;
  /** After edits and returns (totalMinor less what was returned). */
  currentTotalMinor: number;
  /** Received so far (captured), before refunds. */
  receivedMinor: number;
  refundedMinor: number;
  /** Still to be paid: what `totalOutstandingSet` says. current total - outstanding = received - refunded. */
  outstandingMinor: number;
  sourceName: string;
  tags: string[];
  discountCodes: string[];
  /** What took how much off, when the checkout worked it out; `code` null: automatic. */
  discountApplications?: {
    discountId: Id;
    title: string;
    code: string | null;
    on: 'lines' | 'shipping';
    amountMinor: number;
  }[];
  note: string | null;
  company: boolean;
  /** The last visit before the order; `first` where the first one was another. */
  journey: (SandboxVisit & { first?: SandboxVisit }) | null;
  /** Where it was sold in person. */
  location?: { id: Id; name: string } | null;
  /** What it is attributed to, where that is not plain from `sourceName`. */
  channel?: string | null;
  /** Absent: as its refunds say. */
  returnStatus?: ReturnStatus;
  disputes?: SandboxDispute[];
  lines: SandboxOrderLine[];
  refunds: SandboxRefund[];
} // prettier-ignore

export interface SandboxProduct {
  id: Id;
  title: string;
  handle: string;
  vendor: string;
  productType: string;
  status: 'ACTIVE' | 'ARCHIVED' | 'DRAFT';
  tags: string[];
  createdAt: Instant;
  updatedAt: Instant;
  variants: { id: Id; title: string; sku: string | null; priceMinor: number }[];
}

export interface SandboxCollection {
  id: Id;
  title: string;
  handle: string;
  descriptionHtml: string;
  /** A CollectionSortOrder of the schema. */
  sortOrder: string;
  /** In their own order; each once. */
  productIds: Id[];
  updatedAt: Instant;
}

export interface SandboxMetafield {
  id: Id;
  /** A MetafieldOwnerType of the schema: CUSTOMER, ORDER, PRODUCT, SHOP ... */
  ownerType: string;
  ownerId: Id;
  /** In full: "app--1--scores" where the app wrote "$app:scores". */
  namespace: string;
  key: string;
  type: string;
  value: string;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface SandboxMetafieldDefinition {
  id: Id;
  ownerType: string;
  namespace: string;
  key: string;
  name: string;
  description: string | null;
  type: string;
  validations: { name: string; value: string }[];
  pinnedPosition: number | null;
}

/** A webhook subscription that an app made through the API; those of shopify.app.toml are not among them. */
export interface SandboxSubscription {
  id: Id;
  /** As the schema spells it: "ORDERS_CREATE". */
  topic: string;
  uri: string;
  format: 'JSON' | 'XML';
  includeFields: string[];
  filter: string | null;
  metafieldNamespaces: string[];
  name: string | null;
  /** Of the request that made it. */
  apiVersion: string;
  createdAt: Instant;
  updatedAt: Instant;
}

/** A customer segment: a name and a query of Shopify's segment language. */
export interface SandboxSegment {
  id: Id;
  name: string;
  query: string;
  creationDate: Instant;
  /** Machine time. */
  lastEditDate: Instant;
}

/** An asynchronous search for members (customerSegmentMembersQueryCreate). */
export interface SandboxMembersQuery {
  id: Id;
  query: string;
  sortKey: string | null;
  reverse: boolean;
  /** Machine time; done from then on. */
  doneAt: Instant;
}

export type DiscountItems = { all: true } | { collections: Id[] } | { products: Id[]; variants: Id[] };

/** Who may use a discount. */
export type DiscountContext =
  { kind: 'all' } | { kind: 'segments'; ids: Id[] } | { kind: 'customers'; ids: Id[] };

export type DiscountValue =
  | { kind: 'percentage'; percentage: number }
  | { kind: 'amount'; amountMinor: number; onEachItem: boolean }
  /** So many pieces at this share off, or so much off each: buy X get Y. */
  | { kind: 'quantity'; quantity: number; percentage: number | null; amountMinor: number | null };

export type DiscountClass = 'PRODUCT' | 'ORDER' | 'SHIPPING';

export interface SandboxDiscount {
  id: Id;
  method: 'automatic' | 'code';
  kind: 'basic' | 'bxgy' | 'free_shipping' | 'app';
  title: string;
  /** Business time, both. */
  startsAt: Instant;
  endsAt: Instant | null;
  createdAt: Instant;
  updatedAt: Instant;
  context: DiscountContext;
  combinesWith: { orderDiscounts: boolean; productDiscounts: boolean; shippingDiscounts: boolean };
  tags: string[];
  classes: DiscountClass[];
  /** Empty for automatic ones. */
  codes: { id: Id; code: string }[];
  usageLimit: number | null;
  appliesOncePerCustomer: boolean;
  minimum: { quantity: number } | { subtotalMinor: number } | null;
  buys: { items: DiscountItems; quantity: number | null; amountMinor: number | null } | null;
  gets: { items: DiscountItems; value: DiscountValue } | null;
  usesPerOrderLimit: number | null;
  maximumShippingMinor: number | null;
  /** Of an app discount: the handle of the function's extension. */
  functionHandle: string | null;
  usageCount: number;
  /** Customers who used it, each once; guests are not in it. */
  usedBy: Id[];
}

/** One flowTriggerReceive that was accepted. */
export interface SandboxFlowTrigger {
  id: Id;
  handle: string;
  payload: Record<string, unknown>;
  /** Machine time. */
  receivedAt: Instant;
}

/** Work that a mutation began: customerMerge, orderCancel. */
export interface SandboxJob {
  /** A UUID, as Shopify's jobs have. */
  id: Id;
  /** Machine time; done from then on. */
  doneAt: Instant;
  merge: { resultingCustomerId: Id; status: 'COMPLETED' | 'FAILED' } | null;
}

/** What happened, for webhooks and the live view. Emitted after the store's state has changed. */
export type Change =
  | { kind: 'customer_created' | 'customer_updated'; customerId: Id }
  | { kind: 'customer_enabled' | 'customer_disabled'; customerId: Id }
  | { kind: 'customer_deleted'; customerId: Id }
  | { kind: 'customer_merged'; keptId: Id; deletedId: Id }
  | { kind: 'customer_purchasing_summary'; customerId: Id }
  | { kind: 'customer_tags_added' | 'customer_tags_removed'; customerId: Id; tags: string[] }
  | { kind: 'customer_email_consent' | 'customer_sms_consent'; customerId: Id }
  | { kind: 'order_created' | 'order_updated' | 'order_paid' | 'order_cancelled'; orderId: Id }
  | { kind: 'order_edited' | 'order_fulfilled'; orderId: Id }
  | { kind: 'order_deleted'; orderId: Id }
  | { kind: 'refund_created'; orderId: Id; refundId: Id }
  | { kind: 'product_created' | 'product_updated'; productId: Id }
  | { kind: 'product_deleted'; productId: Id }
  | { kind: 'collection_created' | 'collection_updated' | 'collection_deleted'; collectionId: Id }
  | { kind: 'segment_created' | 'segment_updated' | 'segment_deleted'; segmentId: Id }
  | {
      kind: 'discount_created' | 'discount_updated' | 'discount_deleted';
      discountId: Id;
      method: SandboxDiscount['method'];
    }
  | { kind: 'shop_updated' }
  | { kind: 'bulk_finished'; bulkOperationId: Id }
  | { kind: 'app_uninstalled' }
  | { kind: 'scopes_updated'; previous: string[]; current: string[] }
  | { kind: 'data_request'; customerId: Id; requestId: Id }
  | { kind: 'customer_redact'; customerId: Id; ordersToRedact: Id[] }
  | { kind: 'shop_redact' };
