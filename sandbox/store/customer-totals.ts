/**
 * Shopify's own totals of a customer, as the sandbox keeps them: orders that are not tests, and what was
 * received less what was refunded on those that are not cancelled. In minor units of the shop's currency.
 */
import type { SandboxOrder } from './model.ts';

export interface CustomerTotals {
  numberOfOrders: number;
  amountSpentMinor: number;
  lastOrder: SandboxOrder | null;
}

export function customerTotals(orders: readonly SandboxOrder[]): CustomerTotals {
  let numberOfOrders = 0;
  let amountSpentMinor = 0;
  let lastOrder: SandboxOrder | null = null;
  for (const order of orders) {
    if (order.test) continue;
    numberOfOrders += 1;
    if (order.cancelledAt === null) amountSpentMinor += order.receivedMinor - order.refundedMinor;
    if (lastOrder === null || order.processedAt >= lastOrder.processedAt) lastOrder = order;
  }
  return { numberOfOrders, amountSpentMinor, lastOrder };
}
