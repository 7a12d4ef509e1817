/**
 * The topics that the sandbox sends: with each the enum value of the Admin API and the scope that reading its
 * subject needs. A subscription to another topic of Shopify's would never be heard of, so the API refuses it
 * and the panel names it when it stands in shopify.app.toml.
 */
import type { GraphQLSchema } from 'graphql';
import { isEnumType } from 'graphql';

const SCOPES: Readonly<Record<string, string | null>> = {
  'app/scopes_update': null,
  'app/uninstalled': null,
  'bulk_operations/finish': null,
  'collections/create': 'read_products',
  'collections/delete': 'read_products',
  'collections/update': 'read_products',
  'customer.tags_added': 'read_customers',
  'customer.tags_removed': 'read_customers',
  'customers/create': 'read_customers',
  'customers/delete': 'read_customers',
  'customers/disable': 'read_customers',
  'customers/enable': 'read_customers',
  'customers/merge': 'read_customer_merge',
  'customers/purchasing_summary': 'read_customers',
  'customers/update': 'read_customers',
  'customers_email_marketing_consent/update': 'read_customers',
  'customers_marketing_consent/update': 'read_customers',
  'discounts/create': 'read_discounts',
  'discounts/delete': 'read_discounts',
  'discounts/update': 'read_discounts',
  'orders/cancelled': 'read_orders',
  'orders/create': 'read_orders',
  'orders/delete': 'read_orders',
  'orders/edited': 'read_orders',
  'orders/fulfilled': 'read_orders',
  'orders/paid': 'read_orders',
  'orders/updated': 'read_orders',
  'products/create': 'read_products',
  'products/delete': 'read_products',
  'products/update': 'read_products',
  'refunds/create': 'read_orders',
  'segments/create': 'read_customers',
  'segments/delete': 'read_customers',
  'segments/update': 'read_customers',
  'shop/update': null,
};

/** In a toml only; they reach the app also after it was uninstalled. */
export const COMPLIANCE_TOPICS = ['customers/data_request', 'customers/redact', 'shop/redact'] as const;

/** Sorted; without the compliance topics. */
export const SENT_TOPICS: readonly string[] = Object.keys(SCOPES);

/** "customer.tags_added" -> "CUSTOMER_TAGS_ADDED". */
export function topicEnum(topic: string): string {
  return topic.toUpperCase().replaceAll(/[./]/g, '_');
}

const BY_ENUM = new Map(SENT_TOPICS.map((topic) => [topicEnum(topic), topic]));

/** "CUSTOMER_TAGS_ADDED" -> "customer.tags_added"; undefined when the sandbox does not send it. */
export function topicOfEnum(value: string): string | undefined {
  return BY_ENUM.get(value);
}

/** The scope without which a topic is not sent; null: none. */
export function scopeOfTopic(topic: string): string | null {
  return SCOPES[topic] ?? null;
}

/** Whether Shopify has a topic of this name in the schema's version. */
export function isShopifyTopic(topic: string, schema: GraphQLSchema): boolean {
  if ((COMPLIANCE_TOPICS as readonly string[]).includes(topic)) return true;
  const type = schema.getType('WebhookSubscriptionTopic');
  return isEnumType(type) && type.getValue(topicEnum(topic)) !== undefined;
}
