/**
 * One line of an order. Discounts show as allocations only: `total_discount` is what drafts and scripts set
 * by hand, and stays zero.
 */
import type { SandboxOrder, SandboxOrderLine } from '../../store/model.ts';
import { gid, moneySet, wireId, wireIdOrNull, wireMoney } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

export function linePayload(line: SandboxOrderLine, order: SandboxOrder): Wire {
  return {
    id: wireId(line.id),
    admin_graphql_api_id: gid('LineItem', line.id),
    attributed_staffs: [],
    current_quantity: line.currentQuantity,
    fulfillable_quantity: order.fulfillmentStatus === 'FULFILLED' ? 0 : line.currentQuantity,
    fulfillment_service: 'manual',
    fulfillment_status: order.fulfillmentStatus === 'FULFILLED' ? 'fulfilled' : null,
    gift_card: line.giftCard,
    grams: 0,
    name: line.title,
    price: wireMoney(line.priceMinor, order.currency),
    price_set: moneySet(line.priceMinor, order),
    product_exists: line.productId !== null,
    product_id: wireIdOrNull(line.productId),
    properties: [],
    quantity: line.quantity,
    requires_shipping: !line.giftCard,
    sales_line_item_group_id: null,
    sku: line.sku,
    taxable: !line.giftCard,
    title: line.title,
    total_discount: wireMoney(0, order.currency),
    total_discount_set: moneySet(0, order),
    variant_id: wireIdOrNull(line.variantId),
    variant_inventory_management: null,
    variant_title: null,
    vendor: line.vendor,
    tax_lines: [],
    duties: [],
    discount_allocations: allocationsOf(line).map(({ application, amountMinor }) => ({
      amount: wireMoney(amountMinor, order.currency),
      discount_application_index: application,
      amount_set: moneySet(amountMinor, order),
    })),
  };
}

/** Without parts of its own a line's discount is all of the order's only one. */
function allocationsOf({ allocations, discountMinor }: SandboxOrderLine) {
  return allocations ?? (discountMinor === 0 ? [] : [{ application: 0, amountMinor: discountMinor }]);
}
