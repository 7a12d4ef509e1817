/** The headers of a delivery, read and bounded. Only the body is signed, so nothing here is believed. */
import { stampTime } from '../stamp.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface WebhookHeaders {
  topic: string;
  webhookId: string;
  apiVersion: string;
  eventId: string | null;
  /** ISO 8601 in UTC with microseconds; null when it is not there or not a time. */
  triggeredAt: string | null;
}

/** "X-Shopify-Shop-Domain" in the one form that a shop can have. */
const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;

/** @returns undefined for anything that is not the name of a shop at Shopify */
export function shopDomainOf(headers: Headers): string | undefined {
  const domain = first(headers['x-shopify-shop-domain'])?.toLowerCase();
  return domain !== undefined && SHOP_DOMAIN.test(domain) ? domain : undefined;
}

export function signatureOf(headers: Headers): string | undefined {
  return first(headers['x-shopify-hmac-sha256']);
}

/** @returns undefined when the topic or the delivery's id is missing or cannot be one */
export function webhookHeaders(headers: Headers): WebhookHeaders | undefined {
  const topic = first(headers['x-shopify-topic']);
  const webhookId = first(headers['x-shopify-webhook-id']);
  if (!topic || !/^[a-z0-9_./-]{1,100}$/.test(topic)) return undefined;
  if (!webhookId || !/^[\x21-\x7e]{1,200}$/.test(webhookId)) return undefined;
  const eventId = first(headers['x-shopify-event-id']);
  return {
    topic,
    webhookId,
    apiVersion: /^[\w-]{1,20}$/.exec(first(headers['x-shopify-api-version']) ?? '')?.[0] ?? '',
    eventId: eventId && /^[\x21-\x7e]{1,200}$/.test(eventId) ? eventId : null,
    triggeredAt: timeOrNull(first(headers['x-shopify-triggered-at'])),
  };
}

function timeOrNull(text: string | undefined): string | null {
  if (!text || !/^[1-9]\d{3}-/.test(text)) return null;
  try {
    return stampTime(text);
  } catch {
    return null;
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
