/**
 * Amounts of an order that follow from what the store holds. Shop money, minor units. GraphQL and the webhook
 * payloads both read them here, so the two agree.
 */
import type { SandboxOrder, SandboxOrderLine } from './model.ts';

export interface CurrentAmounts {
  subtotalMinor: number;
  shippingMinor: number;
  taxMinor: number;
  discountMinor: number;
}

/** After returns: lines given back leave the subtotal; tax and discounts shrink with it; shipping stays until nothing is left. */
export function currentAmounts(order: SandboxOrder): CurrentAmounts {
  const { subtotalMinor, shippingMinor, taxMinor, discountMinor } = order;
  if (order.currentTotalMinor === order.totalMinor) {
    return { subtotalMinor, shippingMinor, taxMinor, discountMinor };
  }
  if (order.currentTotalMinor <= 0) {
    return { subtotalMinor: 0, shippingMinor: 0, taxMinor: 0, discountMinor: 0 };
  }
  let returned = 0;
  for (const refund of order.refunds) for (const line of refund.lines) returned += line.subtotalMinor;
  const left = Math.max(0, subtotalMinor - returned);
  const share = subtotalMinor > 0 ? left / subtotalMinor : 0;
  return {
    subtotalMinor: left,
    shippingMinor: Math.max(0, shippingMinor - refundedShipping(order)),
    taxMinor: Math.round(taxMinor * share),
    discountMinor: Math.round(discountMinor * share),
  };
}

/** What was refunded beyond the lines given back, as far as it can have been shipping. */
export function refundedShipping(order: SandboxOrder): number {
  let beyond = 0;
  for (const refund of order.refunds) {
    let lines = 0;
    for (const line of refund.lines) lines += line.subtotalMinor;
    if (refund.lines.length > 0) beyond += Math.max(0, refund.totalMinor - lines);
  }
  return Math.min(order.shippingMinor, beyond);
}

export function lineTotal(line: SandboxOrderLine): number {
  return line.priceMinor * line.quantity;
}

/** After the line's discount; codes on the whole order are not in it. */
export function lineDiscountedTotal(line: SandboxOrderLine): number {
  return lineTotal(line) - line.discountMinor;
}
