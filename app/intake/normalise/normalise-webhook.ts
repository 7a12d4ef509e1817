/** One message, by its topic: facts, an act, nothing, or unreadable with a reason. */
import { assertNever } from '../../app-error.ts';
import {
  customerFromWebhook, emailConsentFromWebhook, mergeFromWebhook, purchasingSummaryFromWebhook,
  smsConsentFromWebhook, tagsFromWebhook,
} from './customer-webhook.ts'; // prettier-ignore
import { collectionFromWebhook } from './collection-webhook.ts';
import { deletedFromWebhook } from './deleted-webhook.ts';
import { discountFromWebhook, segmentFromWebhook } from './discount-webhook.ts';
import { orderEditedFromWebhook, orderFromWebhook, refundFromWebhook } from './order-webhook.ts';
import type { Normalised } from './outcome.ts';
import { parseJson } from './parse-json.ts';
import { productFromWebhook } from './product-webhook.ts';
import type { MessageTimes } from './read-message.ts';
import {
  bulkFinishedFromWebhook, customerRedactFromWebhook, dataRequestFromWebhook, scopesFromWebhook, shopFromWebhook,
  shopRedactFromWebhook, uninstalledFromWebhook,
} from './shop-webhook.ts'; // prettier-ignore
import { isComplianceTopic, isSubscribedTopic } from './webhook-fields.ts';

export interface WebhookMessage extends MessageTimes {
  topic: string;
  /** The shop that the header named, and that the message was stored for. */
  shopDomain: string;
  /** The body as it came. */
  text: string;
}

export function normaliseWebhook(message: WebhookMessage): Normalised {
  const { topic, shopDomain: shop } = message;
  if (!isSubscribedTopic(topic) && !isComplianceTopic(topic)) return { outcome: 'ignored' };
  const parsed = parseJson(message.text);
  if (parsed === undefined) return { outcome: 'unreadable', reason: 'the body is not JSON' };
  const body = parsed.value;
  switch (topic) {
    case 'customers/create':
    case 'customers/update':
      return customerFromWebhook(body, message);
    case 'customers/delete':
      return deletedFromWebhook('customer', body, message);
    case 'customers/merge':
      return mergeFromWebhook(body);
    case 'customers/purchasing_summary':
      return purchasingSummaryFromWebhook(body, message);
    case 'customer.tags_added':
      return tagsFromWebhook(body, 'added');
    case 'customer.tags_removed':
      return tagsFromWebhook(body, 'removed');
    case 'customers_email_marketing_consent/update':
      return emailConsentFromWebhook(body, message);
    case 'customers_marketing_consent/update':
      return smsConsentFromWebhook(body, message);
    case 'orders/create':
    case 'orders/updated':
    case 'orders/cancelled':
      return orderFromWebhook(body, message);
    case 'orders/edited':
      return orderEditedFromWebhook(body);
    case 'orders/delete':
      return deletedFromWebhook('order', body, message);
    case 'refunds/create':
      return refundFromWebhook(body);
    case 'products/create':
    case 'products/update':
      return productFromWebhook(body, message);
    case 'products/delete':
      return deletedFromWebhook('product', body, message);
    case 'collections/create':
    case 'collections/update':
      return collectionFromWebhook(body, message);
    case 'collections/delete':
      return deletedFromWebhook('collection', body, message);
    case 'discounts/update':
    case 'discounts/delete':
      return discountFromWebhook(body);
    case 'segments/update':
    case 'segments/delete':
      return segmentFromWebhook(body);
    case 'bulk_operations/finish':
      return bulkFinishedFromWebhook(body, shop);
    case 'app/uninstalled':
      return uninstalledFromWebhook(body, shop);
    case 'app/scopes_update':
      return scopesFromWebhook(body, shop);
    case 'shop/update':
      return shopFromWebhook(body, shop);
    case 'customers/data_request':
      return dataRequestFromWebhook(body, shop);
    case 'customers/redact':
      return customerRedactFromWebhook(body, shop);
    case 'shop/redact':
      return shopRedactFromWebhook(body, shop);
    default:
      return assertNever(topic);
  }
}
