import type { SandboxOrder, SandboxOrderLine, SandboxRefund, SandboxVisit } from '../../store/model.ts';
import { currentAmounts, lineDiscountedTotal, lineTotal, refundedShipping } from '../../store/order-money.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid } from '../gid.ts';
import { MoneyBag, moneyText } from '../money.ts';
import { metafieldsOf } from './metafield.ts';
import { typed } from './types.ts';
import type { FieldResolvers } from './types.ts';

interface LineSource {
  order: SandboxOrder;
  line: SandboxOrderLine;
}
interface RefundSource {
  order: SandboxOrder;
  refund: SandboxRefund;
}
interface RefundLineSource extends RefundSource {
  refundLine: SandboxRefund['lines'][number];
}

/** What took something off, as in the webhook; of orders that no checkout worked out one entry for all of it. */
function applicationsOf(order: SandboxOrder) {
  const [code = null] = order.discountCodes;
  const whole = {
    title: 'Discount',
    code,
    on: 'lines' as const,
    amountMinor: order.discountMinor,
    manual: code === null,
  };
  const known = order.discountApplications?.map((one) => ({ ...one, manual: false }));
  return (known ?? (order.discountMinor > 0 || code !== null ? [whole] : [])).map((one, index) => ({
    __typename: one.manual
      ? 'ManualDiscountApplication'
      : one.code === null
        ? 'AutomaticDiscountApplication'
        : 'DiscountCodeApplication',
    index,
    title: one.title,
    description: one.title,
    code: one.code,
    allocationMethod: 'ACROSS',
    targetSelection: 'ALL',
    targetType: one.on === 'shipping' ? 'SHIPPING_LINE' : 'LINE_ITEM',
    value: { __typename: 'MoneyV2', ...new MoneyBag(one.amountMinor, order).shopMoney },
  }));
}

export const orderFields: FieldResolvers<SandboxOrder> = {
  ...metafieldsOf<SandboxOrder>('ORDER', (order) => order.id),
  id: (order) => gid('Order', order.id),
  legacyResourceId: (order) => order.id,
  name: (order) => order.name,
  number: (order) => order.number,
  createdAt: (order) => order.createdAt,
  processedAt: (order) => order.processedAt,
  updatedAt: (order) => order.updatedAt,
  cancelledAt: (order) => order.cancelledAt,
  cancelReason: (order) => order.cancelReason,
  test: (order) => order.test,
  confirmed: (order) => order.confirmed,
  email: (order) => order.email,
  note: (order) => order.note,
  tags: (order) => order.tags,
  sourceName: (order) => order.sourceName,
  discountCodes: (order) => order.discountCodes,
  discountCode: (order) => order.discountCodes[0] ?? null,
  discountApplications: (order, args: ConnectionArgs & { reverse?: boolean }, context: GraphContext, info) =>
    connect(
      () => inOrder(applicationsOf(order), ({ index }) => String(index), args.reverse),
      args,
      context,
      info,
    ),
  displayFinancialStatus: (order) => order.financialStatus,
  displayFulfillmentStatus: (order) => order.fulfillmentStatus,
  currencyCode: (order) => order.currency,
  presentmentCurrencyCode: (order) => order.presentmentCurrency,
  closed: () => false,
  closedAt: () => null,
  canMarkAsPaid: (order) => order.outstandingMinor > 0 && order.cancelledAt === null,
  unpaid: (order) => order.outstandingMinor > 0,
  edited: (order) =>
    order.currentTotalMinor + order.refundedMinor !== order.totalMinor && order.cancelledAt === null,
  refundable: (order) => order.receivedMinor > order.refundedMinor,
  poNumber: () => null,
  phone: () => null,
  shippingAddress: () => null,
  shippingLine: (order) => (order.shippingMinor > 0 || offShipping(order) > 0 ? order : null),
  billingAddress: () => null,
  returnStatus: (order) =>
    order.returnStatus ?? (order.refunds.some(({ lines }) => lines.length > 0) ? 'RETURNED' : 'NO_RETURN'),
  totalCapturableSet: (order) =>
    new MoneyBag(order.financialStatus === 'AUTHORIZED' ? order.outstandingMinor : 0, order),
  totalPrice: (order) => moneyText(order.totalMinor, order.currency),
  netPayment: (order) => moneyText(order.receivedMinor - order.refundedMinor, order.currency),
  fullyPaid: (order) => order.outstandingMinor <= 0,
  customer: (order, _: unknown, { store }) => customerOf(order, store),
  purchasingEntity: (order, _: unknown, { store }) => {
    if (order.company) return { __typename: 'PurchasingCompany' };
    const customer = customerOf(order, store);
    return customer ? typed('Customer', customer) : null;
  },
  totalPriceSet: (order) => new MoneyBag(order.totalMinor, order),
  originalTotalPriceSet: (order) => new MoneyBag(order.totalMinor, order),
  currentTotalPriceSet: (order) => new MoneyBag(order.currentTotalMinor, order),
  subtotalPriceSet: (order) => new MoneyBag(order.subtotalMinor, order),
  currentSubtotalPriceSet: (order) => new MoneyBag(currentAmounts(order).subtotalMinor, order),
  totalTaxSet: (order) => new MoneyBag(order.taxMinor, order),
  currentTotalTaxSet: (order) => new MoneyBag(currentAmounts(order).taxMinor, order),
  totalShippingPriceSet: (order) => new MoneyBag(order.shippingMinor, order),
  currentShippingPriceSet: (order) => new MoneyBag(currentAmounts(order).shippingMinor, order),
  totalDiscountsSet: (order) => new MoneyBag(order.discountMinor, order),
  currentTotalDiscountsSet: (order) => new MoneyBag(currentAmounts(order).discountMinor, order),
  totalReceivedSet: (order) => new MoneyBag(order.receivedMinor, order),
  totalRefundedSet: (order) => new MoneyBag(order.refundedMinor, order),
  totalRefundedShippingSet: (order) => new MoneyBag(refundedShipping(order), order),
  netPaymentSet: (order) => new MoneyBag(order.receivedMinor - order.refundedMinor, order),
  totalTipReceivedSet: (order) => new MoneyBag(order.tipMinor, order),
  totalOutstandingSet: (order) => new MoneyBag(order.outstandingMinor, order),
  subtotalLineItemsQuantity: (order) => order.lines.reduce((sum, line) => sum + line.quantity, 0),
  currentSubtotalLineItemsQuantity: (order) =>
    order.lines.reduce((sum, line) => sum + line.currentQuantity, 0),
  attribution: (order) => {
    const name = channelOf(order);
    return name === null ? null : { displayName: name, handle: order.sourceName, icon: null };
  },
  app: (order) => {
    const name = channelOf(order);
    return name === null ? null : { id: gid('App', '1'), name };
  },
  retailLocation: ({ location }) =>
    location
      ? { id: gid('Location', location.id), legacyResourceId: location.id, name: location.name }
      : null,
  disputes: (order) =>
    (order.disputes ?? []).map((dispute) => ({ ...dispute, id: gid('ShopifyPaymentsDispute', dispute.id) })),
  customerJourneySummary: (order, _: unknown, { store }) => journeySummary(order, store),
  refunds: (order, args: { first?: number | null }) =>
    order.refunds.slice(0, args.first ?? undefined).map((refund): RefundSource => ({ order, refund })),
  lineItems: (order, args: ConnectionArgs & { reverse?: boolean }, context: GraphContext, info) =>
    connect(
      () =>
        inOrder(
          order.lines.map((line): LineSource => ({ order, line })),
          (source) => source.line.id,
          args.reverse,
        ),
      args,
      context,
      info,
    ),
};

export const lineItemFields: FieldResolvers<LineSource> = {
  id: ({ line }) => gid('LineItem', line.id),
  title: ({ line }) => line.title,
  name: ({ line }) => line.title,
  sku: ({ line }) => line.sku,
  vendor: ({ line }) => line.vendor,
  quantity: ({ line }) => line.quantity,
  currentQuantity: ({ line }) => line.currentQuantity,
  isGiftCard: ({ line }) => line.giftCard,
  sellingPlan: ({ line }) =>
    line.sellingPlan === undefined
      ? null
      : { name: line.sellingPlan, sellingPlanId: gid('SellingPlan', '1') },
  product: ({ line }, _: unknown, { store }) =>
    line.productId === null ? null : (store.product(line.productId) ?? null),
  variant: ({ line }, _: unknown, { store }) => {
    if (line.variantId === null) return null;
    const product = store.productOfVariant(line.variantId);
    const variant = product?.variants.find(({ id }) => id === line.variantId);
    return product && variant ? { product, variant } : null;
  },
  originalTotalSet: ({ order, line }) => new MoneyBag(lineTotal(line), order),
  originalUnitPriceSet: ({ order, line }) => new MoneyBag(line.priceMinor, order),
  // Discounts of the sandbox lie on the lines, those of codes too: both answers are the same.
  discountedTotalSet: ({ order, line }, { withCodeDiscounts: _ }: { withCodeDiscounts: boolean }) =>
    new MoneyBag(lineDiscountedTotal(line), order),
  totalDiscountSet: ({ order, line }) => new MoneyBag(line.discountMinor, order),
};

/** All shipping of an order; the order keeps what is paid for it. */
export const shippingLineFields: FieldResolvers<SandboxOrder> = {
  originalPriceSet: (order) => new MoneyBag(order.shippingMinor + offShipping(order), order),
  discountedPriceSet: (order) => new MoneyBag(order.shippingMinor, order),
};

export const refundFields: FieldResolvers<RefundSource> = {
  id: ({ refund }) => gid('Refund', refund.id),
  legacyResourceId: ({ refund }) => refund.id,
  createdAt: ({ refund }) => refund.createdAt,
  processedAt: ({ refund }) => refund.processedAt,
  note: ({ refund }) => refund.note,
  order: ({ order }) => order,
  totalRefundedSet: ({ order, refund }) => new MoneyBag(refund.totalMinor, order),
  refundLineItems: (source, args: ConnectionArgs & { reverse?: boolean }, context: GraphContext, info) =>
    connect(
      () =>
        inOrder(
          source.refund.lines.map((refundLine): RefundLineSource => ({ ...source, refundLine })),
          ({ refundLine }) => refundLine.id,
          args.reverse,
        ),
      args,
      context,
      info,
    ),
};

export const refundLineItemFields: FieldResolvers<RefundLineSource> = {
  id: ({ refundLine }) => gid('RefundLineItem', refundLine.id),
  quantity: ({ refundLine }) => refundLine.quantity,
  subtotalSet: ({ order, refundLine }) => new MoneyBag(refundLine.subtotalMinor, order),
  lineItem: ({ order, refundLine }) => {
    const line = order.lines.find(({ id }) => id === refundLine.lineItemId);
    if (!line) throw new Error(`order ${order.id} has no line ${refundLine.lineItemId}`);
    return { order, line } satisfies LineSource;
  },
};

function offShipping({ discountApplications = [] }: SandboxOrder): number {
  return discountApplications.reduce((sum, one) => sum + (one.on === 'shipping' ? one.amountMinor : 0), 0);
}

function customerOf(order: SandboxOrder, store: GraphContext['store']) {
  return order.customerId === null ? null : (store.customer(order.customerId) ?? null);
}

const CHANNELS: Readonly<Record<string, string>> = {
  web: 'Online Store',
  pos: 'Point of Sale',
  shopify_draft_order: 'Draft Orders',
};

function channelOf({ channel, sourceName }: SandboxOrder): string | null {
  return channel ?? CHANNELS[sourceName] ?? null;
}

/** First and last visit are on the day of the order; mostly they are one. */
function journeySummary(order: SandboxOrder, store: GraphContext['store']) {
  const { journey } = order;
  const visitOf = (visit: SandboxVisit, id: string) => {
    const { utmSource, utmMedium, utmCampaign, utmContent = null, utmTerm = null } = visit;
    const utm = {
      source: utmSource,
      medium: utmMedium,
      campaign: utmCampaign,
      content: utmContent,
      term: utmTerm,
    };
    return {
      id: gid('CustomerVisit', id),
      occurredAt: order.processedAt,
      source: visit.source,
      sourceType: visit.sourceType,
      utmParameters: Object.values(utm).every((value) => value === null) ? null : utm,
    };
  };
  const last = journey && visitOf(journey, order.id);
  const first = journey?.first ? visitOf(journey.first, `${order.id}1`) : last;
  return {
    ready: true,
    customerOrderIndex: () => store.placeOf(order),
    daysToConversion: last ? 0 : null,
    firstVisit: first,
    lastVisit: last,
  };
}
