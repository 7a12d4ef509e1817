/**
 * What counts as an order: the merchant's settings, stored in shop_settings.policy. The two questions
 * (activity, counted) themselves are fixed and written once, in order-policy-sql.ts; the settings say who and
 * what is left out of everything computed. Left-out orders and people are kept as facts. People left out by hand are
 * in a table of their own (left_out_person), because they are erased with the person.
 */
import { z } from 'zod';

const words = z.array(z.string().trim().min(1).max(255)).max(250);
const ids = z.array(z.string().regex(/^[1-9]\d{0,17}$/)).max(250);

export const orderPolicySchema = z.object({
  /** What an order is worth: all that was paid, or what of it was paid for products, without tax and shipping. */
  amounts: z.enum(['total', 'products']).default('total'),
  /** Orders of company buyers (B2B). */
  companyOrders: z.enum(['leave_out', 'count']).default('leave_out'),
  /** People who have ever placed an order of a company. */
  companyBuyers: z.enum(['count', 'leave_out']).default('count'),
  /** People with one of these customer tags; case does not matter. */
  leaveOutCustomerTags: words.default([]),
  /** Orders with one of these order tags; case does not matter. */
  leaveOutOrderTags: words.default([]),
  /** Orders of these channels, by Shopify's source name ("pos", "shopify_draft_order"). */
  leaveOutChannels: words.default([]),
  /** Orders with these products, by Shopify's numbers. */
  leaveOutProducts: ids.default([]),
  /** Every order that holds one of them, or only orders that hold nothing else. */
  productOrders: z.enum(['any', 'only']).default('any'),
});

export type OrderPolicy = z.infer<typeof orderPolicySchema>;

export const DEFAULT_ORDER_POLICY: OrderPolicy = orderPolicySchema.parse({});

/** Shopify's financial statuses of orders that can count; the total must be above zero too. */
export const COUNTED_STATUSES = ['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'AUTHORIZED'] as const;

/** Statuses of orders that came to nothing: not even activity. */
export const DEAD_STATUSES = ['VOIDED', 'EXPIRED'] as const;
