/**
 * Which fields of which topic we read: shopify.app.toml asks Shopify for these and nothing else, so names,
 * addresses and phone numbers never come in. Always with `updated_at`: Shopify holds back deliveries that look
 * the same. Compliance topics always come whole and cannot be listed.
 */
import {
  CUSTOMER_FIELDS, EMAIL_CONSENT_FIELDS, MERGE_FIELDS, PURCHASING_SUMMARY_FIELDS, SMS_CONSENT_FIELDS, TAGS_FIELDS,
} from './customer-webhook.ts'; // prettier-ignore
import { COLLECTION_FIELDS } from './collection-webhook.ts';
import { DELETED_FIELDS } from './deleted-webhook.ts';
import { DISCOUNT_FIELDS, SEGMENT_FIELDS } from './discount-webhook.ts';
import { ORDER_EDITED_FIELDS, ORDER_FIELDS, REFUND_FIELDS } from './order-webhook.ts';
import { PRODUCT_FIELDS } from './product-webhook.ts';
import { BULK_FINISHED_FIELDS, SCOPES_FIELDS, SHOP_FIELDS, UNINSTALLED_FIELDS } from './shop-webhook.ts';

export const WEBHOOK_FIELDS = {
  'customers/create': CUSTOMER_FIELDS,
  'customers/update': CUSTOMER_FIELDS,
  'customers/delete': DELETED_FIELDS,
  'customers/merge': MERGE_FIELDS,
  'customers/purchasing_summary': PURCHASING_SUMMARY_FIELDS,
  'customer.tags_added': TAGS_FIELDS,
  'customer.tags_removed': TAGS_FIELDS,
  'customers_email_marketing_consent/update': EMAIL_CONSENT_FIELDS,
  'customers_marketing_consent/update': SMS_CONSENT_FIELDS,
  'orders/create': ORDER_FIELDS,
  'orders/updated': ORDER_FIELDS,
  'orders/cancelled': ORDER_FIELDS,
  'orders/edited': ORDER_EDITED_FIELDS,
  'orders/delete': DELETED_FIELDS,
  'refunds/create': REFUND_FIELDS,
  'products/create': PRODUCT_FIELDS,
  'products/update': PRODUCT_FIELDS,
  'products/delete': DELETED_FIELDS,
  'collections/create': COLLECTION_FIELDS,
  'collections/update': COLLECTION_FIELDS,
  'collections/delete': DELETED_FIELDS,
  'discounts/update': DISCOUNT_FIELDS,
  'discounts/delete': DISCOUNT_FIELDS,
  'segments/update': SEGMENT_FIELDS,
  'segments/delete': SEGMENT_FIELDS,
  'bulk_operations/finish': BULK_FINISHED_FIELDS,
  'app/uninstalled': UNINSTALLED_FIELDS,
  'app/scopes_update': SCOPES_FIELDS,
  'shop/update': SHOP_FIELDS,
} as const satisfies Record<string, readonly string[]>;

export type SubscribedTopic = keyof typeof WEBHOOK_FIELDS;

/** Must be answered whether or not we (still) know the shop. */
export const COMPLIANCE_TOPICS = ['customers/data_request', 'customers/redact', 'shop/redact'] as const;

export type ComplianceTopic = (typeof COMPLIANCE_TOPICS)[number];

export function isComplianceTopic(topic: string): topic is ComplianceTopic {
  return COMPLIANCE_TOPICS.some((known) => known === topic);
}

export function isSubscribedTopic(topic: string): topic is SubscribedTopic {
  return Object.hasOwn(WEBHOOK_FIELDS, topic);
}
