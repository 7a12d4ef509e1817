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

/** The policy in sentences, as the settings page shows it ("What counts as an order"). */
export function describeOrderPolicy(policy: OrderPolicy): string[] {
  return [
    'An order counts when it is paid, partly paid, partly refunded or authorised and its total is above zero. Pending orders count once they are paid.',
    'Refunds reduce the order they belong to, on its date. A fully refunded order does not count, but it still shows that the customer ordered.',
    'Cancelled, voided, expired and test orders never count.',
    'Gift cards are not revenue when they are bought.',
    policy.companyOrders === 'leave_out'
      ? 'Orders of company buyers are left out.'
      : 'Orders of company buyers count like any other.',
    ...listed('Customers with one of these tags are left out', policy.leaveOutCustomerTags),
    ...listed('Orders with one of these tags are left out', policy.leaveOutOrderTags),
    ...listed('Orders from these channels are left out', policy.leaveOutChannels),
  ];
}

function listed(sentence: string, words: readonly string[]): string[] {
  return words.length === 0 ? [] : [`${sentence}: ${words.join(', ')}.`];
}
