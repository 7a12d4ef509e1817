/**
 * The filters that the sandbox knows, with what can be asked of each. Names, operators and parameters: Shopify's
 * reference guide. Every other filter is refused, as a misspelt one is.
 */
export type AttributeType = 'number' | 'date' | 'choice' | 'list' | 'event';

export interface Attribute {
  type: AttributeType;
  /** Of a choice: the values, upper case. */
  choices?: readonly string[];
  /** Of an event: what MATCHES takes. */
  parameters?: Readonly<Record<string, AttributeType>>;
}

const SUBSCRIPTION = ['SUBSCRIBED', 'NOT_SUBSCRIBED', 'UNSUBSCRIBED', 'PENDING', 'INVALID', 'REDACTED'];

export const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  amount_spent: { type: 'number' },
  number_of_orders: { type: 'number' },
  first_order_date: { type: 'date' },
  last_order_date: { type: 'date' },
  customer_added_date: { type: 'date' },
  customer_tags: { type: 'list' },
  /** "DE" */
  customer_countries: { type: 'list' },
  /** "US-NY" */
  customer_regions: { type: 'list' },
  customer_language: { type: 'choice' },
  customer_account_status: { type: 'choice', choices: ['DISABLED', 'INVITED', 'ENABLED', 'DECLINED'] },
  email_subscription_status: { type: 'choice', choices: SUBSCRIPTION },
  sms_subscription_status: { type: 'choice', choices: SUBSCRIPTION },
  rfm_group: {
    type: 'choice',
    choices: [
      'ACTIVE', 'ALMOST_LOST', 'AT_RISK', 'CHAMPIONS', 'DORMANT', 'LOYAL', 'NEEDS_ATTENTION', 'NEW',
      'PREVIOUSLY_LOYAL', 'PROMISING', 'PROSPECTS',
    ], // prettier-ignore
  },
  predicted_spend_tier: { type: 'choice', choices: ['HIGH', 'MEDIUM', 'LOW'] },
  products_purchased: {
    type: 'event',
    parameters: { id: 'number', tag: 'choice', date: 'date', quantity: 'number' },
  },
  orders_placed: {
    type: 'event',
    parameters: { date: 'date', amount: 'number', count: 'number', sum_amount: 'number' },
  },
};
