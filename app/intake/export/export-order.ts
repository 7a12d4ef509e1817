/**
 * One order of Shopify's "Export orders" CSV, as read (app/intake/export/read-order-export.server.ts).
 * The row's Total, Outstanding Balance and Refunded Amount are the truth; lines need not add up to them.
 */
export type ExportFinancialStatus =
  | 'paid'
  | 'pending'
  | 'authorized'
  | 'partially_paid'
  | 'partially_refunded'
  | 'refunded'
  | 'voided'
  | 'expired';

export interface ExportOrderLine {
  quantity: number;
  name: string;
  /** Empty when the export has none. */
  sku: string;
  /** Unit price, minor units. */
  priceMinor: bigint;
  discountMinor: bigint;
  vendor: string;
}

export interface ExportOrder {
  /** 1-based line of the file on which the order begins. */
  line: number;
  name: string;
  /** Shopify's numeric id, where the export has it. */
  id: string | null;
  /** Trimmed, lower case; null = guest. */
  email: string | null;
  financialStatus: ExportFinancialStatus;
  createdAt: Date;
  paidAt: Date | null;
  cancelledAt: Date | null;
  currency: string;
  totalMinor: bigint;
  subtotalMinor: bigint;
  shippingMinor: bigint;
  taxesMinor: bigint;
  discountMinor: bigint;
  outstandingMinor: bigint;
  refundedMinor: bigint;
  discountCode: string | null;
  acceptsMarketing: boolean;
  fulfillmentStatus: string;
  source: string | null;
  /** Name of the place of a sale in person. */
  location: string | null;
  tags: string[];
  /** Upper-case ISO codes; billing, else shipping. */
  countryCode: string | null;
  provinceCode: string | null;
  city: string | null;
  zip: string | null;
  lines: ExportOrderLine[];
}
