/** orders/create, updated, paid and cancelled: the whole order as it is at that moment. */
import type { SandboxCustomer, SandboxOrder, SandboxShop } from '../../store/model.ts';
import { currentAmounts } from '../../store/order-money.ts';
import { customerOfOrder, postalAddress } from './customer-payload.ts';
import { linePayload } from './line-payload.ts';
import { refundPayload } from './refund-payload.ts';
import { gid, moneySet, wireId, wireMoney, wireTime, wireTimeOrNull } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

const FULFILLMENT = { FULFILLED: 'fulfilled', PARTIALLY_FULFILLED: 'partial', UNFULFILLED: null } as const;

/** `total_x` and `total_x_set` for every amount. */
function amounts(order: SandboxOrder): Wire {
  const current = currentAmounts(order);
  const listed = order.lines.reduce((sum, line) => sum + line.priceMinor * line.quantity, 0);
  const withSet: Record<string, number> = {
    total_price: order.totalMinor,
    subtotal_price: order.subtotalMinor,
    total_tax: order.taxMinor,
    total_discounts: order.discountMinor,
    total_line_items_price: listed,
    current_total_price: order.currentTotalMinor,
    current_subtotal_price: current.subtotalMinor,
    current_total_tax: current.taxMinor,
    current_total_discounts: current.discountMinor,
  };
  const result: Wire = {
    total_outstanding: wireMoney(order.outstandingMinor, order.currency),
    total_tip_received: wireMoney(order.tipMinor, order.currency),
    total_shipping_price_set: moneySet(order.shippingMinor, order),
    current_shipping_price_set: moneySet(current.shippingMinor, order),
    total_cash_rounding_payment_adjustment_set: moneySet(0, order),
    total_cash_rounding_refund_adjustment_set: moneySet(0, order),
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    current_total_additional_fees_set: null,
    current_total_duties_set: null,
  };
  for (const [name, minor] of Object.entries(withSet)) {
    result[name] = wireMoney(minor, order.currency);
    result[`${name}_set`] = moneySet(minor, order);
  }
  return result;
}

function discounts(order: SandboxOrder): Wire {
  if (order.discountApplications) return workedOut(order, order.discountApplications);
  const allocated = order.lines.reduce((sum, line) => sum + line.discountMinor, 0);
  const [code] = order.discountCodes;
  const value = wireMoney(order.discountMinor, order.currency);
  return {
    discount_codes: order.discountCodes.map((one, index) => ({
      code: one,
      amount: index === 0 ? value : wireMoney(0, order.currency),
      type: 'fixed_amount',
    })),
    discount_applications:
      allocated === 0 && code === undefined
        ? []
        : [
            {
              target_type: 'line_item',
              type: code === undefined ? 'manual' : 'discount_code',
              value,
              value_type: 'fixed_amount',
              allocation_method: 'across',
              target_selection: 'all',
              ...(code === undefined ? { title: 'Discount', description: 'Discount' } : { code }),
            },
          ],
  };
}

/** As the checkout worked them out: one entry a discount, automatic ones by their title. */
function workedOut(
  order: SandboxOrder,
  applications: NonNullable<SandboxOrder['discountApplications']>,
): Wire {
  const value = (minor: number) => wireMoney(minor, order.currency);
  return {
    discount_codes: applications.flatMap(({ code, amountMinor, on }) =>
      code === null
        ? []
        : { code, amount: value(amountMinor), type: on === 'shipping' ? 'shipping' : 'fixed_amount' },
    ),
    discount_applications: applications.map(({ title, code, amountMinor, on }) => ({
      target_type: on === 'shipping' ? 'shipping_line' : 'line_item',
      type: code === null ? 'automatic' : 'discount_code',
      value: value(amountMinor),
      value_type: 'fixed_amount',
      allocation_method: 'across',
      target_selection: 'all',
      ...(code === null ? { title } : { code }),
    })),
  };
}

/** @param customer the order's customer, undefined for a guest. */
export function orderPayload(
  order: SandboxOrder,
  customer: SandboxCustomer | undefined,
  shop: SandboxShop,
): Wire {
  const zone = shop.ianaTimezone;
  const address = postalAddress(customer);
  return {
    id: wireId(order.id),
    admin_graphql_api_id: gid('Order', order.id),
    app_id: null,
    browser_ip: null,
    buyer_accepts_marketing: customer?.emailMarketing?.state === 'SUBSCRIBED',
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    cancelled_at: wireTimeOrNull(order.cancelledAt, zone),
    cart_token: null,
    checkout_token: null,
    client_details: null,
    closed_at: null,
    company: order.company ? { id: wireId(order.id), location_id: wireId(order.id) } : null,
    confirmation_number: null,
    confirmed: order.confirmed,
    contact_email: order.email,
    created_at: wireTime(order.createdAt, zone),
    currency: order.currency,
    ...amounts(order),
    customer_locale: customer?.locale ?? null,
    device_id: null,
    ...discounts(order),
    duties_included: false,
    email: order.email ?? '',
    estimated_taxes: false,
    financial_status: order.financialStatus.toLowerCase(),
    fulfillment_status: FULFILLMENT[order.fulfillmentStatus],
    landing_site: null,
    landing_site_ref: null,
    location_id: order.location ? wireId(order.location.id) : null,
    merchant_business_entity_id: Buffer.from(shop.id).toString('base64url'),
    merchant_of_record_app_id: null,
    name: order.name,
    note: order.note,
    note_attributes: [],
    number: order.number,
    order_number: order.number,
    order_status_url: `https://${shop.domain}/${shop.id}/orders/${order.id}/authenticate`,
    payment_gateway_names: order.receivedMinor > 0 ? ['bogus'] : [],
    phone: null,
    po_number: null,
    presentment_currency: order.presentmentCurrency,
    processed_at: wireTime(order.processedAt, zone),
    reference: null,
    referring_site: null,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    tags: order.tags.join(', '),
    tax_exempt: customer?.taxExempt ?? false,
    tax_lines: [],
    taxes_included: order.taxMinor > 0 && order.subtotalMinor + order.shippingMinor === order.totalMinor,
    test: order.test,
    token: order.id,
    total_weight: 0,
    updated_at: wireTime(order.updatedAt, zone),
    user_id: null,
    billing_address: address,
    customer: customer ? customerOfOrder(customer, shop) : null,
    fulfillments: [],
    line_items: order.lines.map((line) => linePayload(line, order)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundPayload(order, refund, shop)),
    shipping_address: address,
    shipping_lines: [],
    returns: [],
    line_item_groups: [],
  };
}

/** orders/edited names the order and what was added or removed, not its new state. */
export function orderEditedPayload(order: SandboxOrder, shop: SandboxShop): Wire {
  const at = wireTime(order.updatedAt, shop.ianaTimezone);
  return {
    order_edit: {
      id: wireId(order.id),
      app_id: null,
      created_at: at,
      committed_at: at,
      notify_customer: false,
      order_id: wireId(order.id),
      staff_note: '',
      user_id: null,
      line_items: {
        additions: order.lines
          .filter((line) => line.currentQuantity > line.quantity)
          .map((line) => ({ id: wireId(line.id), delta: line.currentQuantity - line.quantity })),
        removals: order.lines
          .filter((line) => line.currentQuantity < line.quantity)
          .map((line) => ({ id: wireId(line.id), delta: line.quantity - line.currentQuantity })),
      },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}
