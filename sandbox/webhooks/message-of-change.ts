/**
 * Which topics a change has, and what they say: built at the moment of the change, so that a late delivery or a
 * retry carries the state of then.
 */
import { customerTotals } from '../store/customer-totals.ts';
import type { Change, Id, Instant } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { collectionDeletedPayload, collectionPayload } from './payload/collection-payload.ts';
import {
  customerDeletedPayload, customerMergedPayload, customerPayload, emailConsentPayload,
  purchasingSummaryPayload, smsConsentPayload, tagsChangedPayload,
} from './payload/customer-payload.ts'; // prettier-ignore
import { orderEditedPayload, orderPayload } from './payload/order-payload.ts';
import { productPayload } from './payload/product-payload.ts';
import { refundPayload } from './payload/refund-payload.ts';
import {
  customerRedactPayload, dataRequestPayload, scopesPayload, shopPayload, shopRedactPayload,
} from './payload/shop-payload.ts'; // prettier-ignore
import { discountDeletedPayload, discountPayload } from './payload/discount-payload.ts';
import { segmentDeletedPayload, segmentPayload } from './payload/segment-payload.ts';
import { gid, wireId, wireTime, wireTimeOrNull } from './payload/wire-values.ts';
import type { Wire } from './payload/wire-values.ts';

export interface Message {
  topic: string;
  payload: Wire;
}

/** Whose metafields a subscription may ask for with the message: a MetafieldOwnerType and an id. */
export function metafieldOwner(change: Change): { ownerType: string; ownerId: Id } | undefined {
  switch (change.kind) {
    case 'customer_created':
    case 'customer_updated':
    case 'customer_enabled':
    case 'customer_disabled':
      return { ownerType: 'CUSTOMER', ownerId: change.customerId };
    case 'order_created':
    case 'order_updated':
    case 'order_paid':
    case 'order_cancelled':
    case 'order_fulfilled':
      return { ownerType: 'ORDER', ownerId: change.orderId };
    case 'product_created':
    case 'product_updated':
      return { ownerType: 'PRODUCT', ownerId: change.productId };
    case 'collection_created':
    case 'collection_updated':
      return { ownerType: 'COLLECTION', ownerId: change.collectionId };
    default:
      return undefined;
  }
}

const SIMPLE_TOPICS = {
  customer_created: 'customers/create',
  customer_updated: 'customers/update',
  customer_enabled: 'customers/enable',
  customer_disabled: 'customers/disable',
  customer_tags_added: 'customer.tags_added',
  customer_tags_removed: 'customer.tags_removed',
  order_created: 'orders/create',
  order_updated: 'orders/updated',
  order_paid: 'orders/paid',
  order_cancelled: 'orders/cancelled',
  order_fulfilled: 'orders/fulfilled',
  product_created: 'products/create',
  product_updated: 'products/update',
  collection_created: 'collections/create',
  collection_updated: 'collections/update',
} as const;

/**
 * @param occurredAt machine time of the change, for the payloads that carry it
 * @returns undefined when there is nothing to say (consent of a customer without an address of that kind)
 */
export function messageOf(change: Change, store: Store, occurredAt: Instant): Message | undefined {
  const { shop } = store;
  const say = (topic: string, payload: Wire | null | undefined): Message | undefined =>
    payload ? { topic, payload } : undefined;
  switch (change.kind) {
    case 'customer_created':
    case 'customer_updated':
    case 'customer_enabled':
    case 'customer_disabled': {
      const customer = store.customer(change.customerId);
      return say(SIMPLE_TOPICS[change.kind], customer && customerPayload(customer, shop));
    }
    case 'customer_deleted':
      return say('customers/delete', customerDeletedPayload(change.customerId));
    case 'customer_merged':
      return say('customers/merge', customerMergedPayload(change.keptId, change.deletedId));
    case 'customer_purchasing_summary': {
      const totals = customerTotals(store.ordersOf(change.customerId));
      const summary = {
        orders: totals.numberOfOrders,
        spentMinor: totals.amountSpentMinor,
        lastOrderId: totals.lastOrder?.id ?? null,
      };
      return say(
        'customers/purchasing_summary',
        purchasingSummaryPayload(change.customerId, summary, shop.currency, occurredAt),
      );
    }
    case 'customer_tags_added':
    case 'customer_tags_removed':
      return say(SIMPLE_TOPICS[change.kind], tagsChangedPayload(change.customerId, change.tags, occurredAt));
    case 'customer_email_consent': {
      const customer = store.customer(change.customerId);
      return say(
        'customers_email_marketing_consent/update',
        customer && emailConsentPayload(customer, shop.ianaTimezone),
      );
    }
    case 'customer_sms_consent': {
      const customer = store.customer(change.customerId);
      return say(
        'customers_marketing_consent/update',
        customer && smsConsentPayload(customer, shop.ianaTimezone),
      );
    }
    case 'order_created':
    case 'order_updated':
    case 'order_paid':
    case 'order_cancelled':
    case 'order_fulfilled': {
      const order = store.order(change.orderId);
      const customer = order?.customerId ? store.customer(order.customerId) : undefined;
      return say(SIMPLE_TOPICS[change.kind], order && orderPayload(order, customer, shop));
    }
    case 'order_edited': {
      const order = store.order(change.orderId);
      return say('orders/edited', order && orderEditedPayload(order, shop));
    }
    case 'order_deleted':
      return say('orders/delete', { id: wireId(change.orderId) });
    case 'refund_created': {
      const order = store.order(change.orderId);
      const refund = order?.refunds.find((one) => one.id === change.refundId);
      return say('refunds/create', order && refund && refundPayload(order, refund, shop));
    }
    case 'product_created':
    case 'product_updated': {
      const product = store.product(change.productId);
      return say(SIMPLE_TOPICS[change.kind], product && productPayload(product, shop));
    }
    case 'product_deleted':
      return say('products/delete', { id: wireId(change.productId) });
    case 'collection_created':
    case 'collection_updated': {
      const collection = store.collections.get(change.collectionId);
      return say(SIMPLE_TOPICS[change.kind], collection && collectionPayload(collection, shop));
    }
    case 'collection_deleted':
      return say('collections/delete', collectionDeletedPayload(change.collectionId));
    case 'segment_created':
    case 'segment_updated': {
      const segment = store.segments.get(change.segmentId);
      const topic = change.kind === 'segment_created' ? 'segments/create' : 'segments/update';
      return say(topic, segment && segmentPayload(segment, shop));
    }
    case 'segment_deleted':
      return say('segments/delete', segmentDeletedPayload(change.segmentId));
    case 'discount_created':
    case 'discount_updated': {
      const discount = store.discounts.get(change.discountId);
      const topic = change.kind === 'discount_created' ? 'discounts/create' : 'discounts/update';
      return say(topic, discount && discountPayload(discount, store));
    }
    case 'discount_deleted':
      return say('discounts/delete', discountDeletedPayload(change, store, occurredAt));
    case 'shop_updated':
      return say('shop/update', shopPayload(shop));
    case 'bulk_finished': {
      const operation = store.bulkOperation(change.bulkOperationId);
      return say(
        'bulk_operations/finish',
        operation && {
          admin_graphql_api_id: gid('BulkOperation', operation.id),
          completed_at: wireTimeOrNull(operation.completedAt, shop.ianaTimezone),
          created_at: wireTime(operation.createdAt, shop.ianaTimezone),
          error_code: operation.errorCode?.toLowerCase() ?? null,
          status: operation.status.toLowerCase(),
          type: operation.type.toLowerCase(),
        },
      );
    }
    case 'app_uninstalled':
      return say('app/uninstalled', shopPayload(shop));
    case 'scopes_updated':
      return say('app/scopes_update', scopesPayload(shop, change.previous, change.current, occurredAt));
    case 'data_request': {
      const orders = store.ordersOf(change.customerId).map((order) => order.id);
      const customer = store.customer(change.customerId);
      return say(
        'customers/data_request',
        dataRequestPayload(shop, change.customerId, customer, orders, change.requestId),
      );
    }
    case 'customer_redact':
      return say(
        'customers/redact',
        customerRedactPayload(
          shop,
          change.customerId,
          store.customer(change.customerId),
          change.ordersToRedact,
        ),
      );
    case 'shop_redact':
      return say('shop/redact', shopRedactPayload(shop));
  }
}

/** The object a change is about: changes of one object in one breath are one action. */
export function subjectOf(change: Change): string {
  if ('customerId' in change) return `customer ${change.customerId}`;
  if ('orderId' in change) return `order ${change.orderId}`;
  if ('productId' in change) return `product ${change.productId}`;
  if ('collectionId' in change) return `collection ${change.collectionId}`;
  if ('segmentId' in change) return `segment ${change.segmentId}`;
  if ('discountId' in change) return `discount ${change.discountId}`;
  if ('keptId' in change) return `customer ${change.keptId}`;
  if ('bulkOperationId' in change) return `bulk ${change.bulkOperationId}`;
  return 'shop';
}
