/**
 * What counts as an order: the merchant's settings, stored in shop_settings.policy. The two questions
 * (activity, counted) themselves are fixed and written once, in order-policy-sql.ts; the settings say who and
 * what is left out of everything computed. Left-out orders and people are kept as facts.
 */
import { z } from 'zod';

const words = z.array(z.string().trim().min(1).max(255)).max(250);

export const orderPolicySchema = z.object({
  /** Orders of company buyers (B2B). */
  companyOrders: z.enum(['leave_out', 'count']).default('leave_out'),
  /** People with one of these customer tags; case does not matter. */
  leaveOutCustomerTags: words.default([]),
  /** Orders with one of these order tags; case does not matter. */
  leaveOutOrderTags: words.default([]),
  /** Orders of these channels, by Shopify's source name ("pos", "shopify_draft_order"). */
  leaveOutChannels: words.default([]),
});

export type OrderPolicy = z.infer<typeof orderPolicySchema>;

export const DEFAULT_ORDER_POLICY: OrderPolicy = orderPolicySchema.parse({});

/** Shopify's financial statuses of orders that can count; the total must be above zero too. */
export const COUNTED_STATUSES = ['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'AUTHORIZED'] as const;

/** Statuses of orders that came to nothing: not even activity. */
export const DEAD_STATUSES = ['VOIDED', 'EXPIRED'] as const;
