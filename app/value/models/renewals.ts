/** Shopify's source name of an order that a subscription made by itself: by contract, not by choice. */
export const RENEWAL_SOURCE = 'subscription_contract';
