import type { Fact, ShopifyId } from '../facts.ts';

/** Messages that are not facts about the store's data but ask for an act of ours. */
export type WebhookAct =
  | { act: 'app_uninstalled' }
  | { act: 'scopes_changed'; scopes: string[] }
  | { act: 'shop_changed' }
  | { act: 'bulk_finished' }
  /** Somebody changed or deleted a discount or a segment in Shopify: perhaps one that an offer stands on. */
  | { act: 'store_part_changed'; what: 'discount' | 'segment'; id: ShopifyId }
  /** The orders that Shopify names besides are the customer's, who is all that makes them personal here. */
  | { act: 'data_request'; customerId: ShopifyId | null }
  | { act: 'customer_redact'; customerId: ShopifyId | null }
  | { act: 'shop_redact' };

/** What a message turned out to be. A reason never holds a value of the message. */
export type Normalised =
  | { outcome: 'facts'; facts: Fact[] }
  | { outcome: 'act'; act: WebhookAct }
  /** A topic that we did not ask for: nothing to do. */
  | { outcome: 'ignored' }
  | { outcome: 'unreadable'; reason: string };

/** One object of an API read or a bulk result. */
export type NodeOutcome<F> = { outcome: 'fact'; fact: F } | { outcome: 'unreadable'; reason: string };
