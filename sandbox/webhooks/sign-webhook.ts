/** The headers of a delivery, signed as Shopify signs: base64 HMAC-SHA256 of the raw body with the app's secret. */
import { createHmac } from 'node:crypto';

export interface Envelope {
  topic: string;
  shop: string;
  apiVersion: string;
  /** One a delivery; the same in all its attempts. */
  webhookId: string;
  /** One an action; the same for all topics it causes. */
  eventId: string;
  /** ISO 8601 with nanoseconds. */
  triggeredAt: string;
  /** The subscription's name. */
  name: string | null;
}

export function signBody(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body, 'utf8').digest('base64');
}

export function webhookHeaders(envelope: Envelope, body: string, secret: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Shopify-Captain-Hook',
    'x-shopify-topic': envelope.topic,
    'x-shopify-hmac-sha256': signBody(body, secret),
    'x-shopify-shop-domain': envelope.shop,
    'x-shopify-api-version': envelope.apiVersion,
    'x-shopify-webhook-id': envelope.webhookId,
    'x-shopify-event-id': envelope.eventId,
    'x-shopify-triggered-at': envelope.triggeredAt,
    ...(envelope.name === null ? {} : { 'x-shopify-name': envelope.name }),
  };
}
