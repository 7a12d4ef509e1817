/** What Shopify says of the customer: where, in which language, with which consent and tags. */
import { sql, type Sql } from '../../db/sql.ts';
import type { Field } from '../field.ts';
import { listed } from '../fold.ts';

const OF_CUSTOMER = {
  source: 'customer',
  group: 'customer',
  fromOrders: false,
  mayBeMissing: true,
} as const satisfies Partial<Field>;

const CONSENT_STATES = [
  { value: 'SUBSCRIBED', label: 'subscribed' },
  { value: 'NOT_SUBSCRIBED', label: 'not subscribed' },
  { value: 'PENDING', label: 'waiting for confirmation' },
  { value: 'UNSUBSCRIBED', label: 'unsubscribed' },
  { value: 'REDACTED', label: 'erased' },
] as const;

/** Text without blanks around it; what is empty is missing. */
const text = (column: Sql) => sql`nullif(btrim(${column}), '')`;

export const CUSTOMER_FIELDS = {
  country: {
    ...OF_CUSTOMER,
    type: 'choice',
    label: 'country',
    help: 'The country of the default address, as a two-letter code.',
    example: 'country is DE',
    pattern: /^[A-Z]{2}$/,
    value: () => sql`c.country_code`,
  },
  province: {
    ...OF_CUSTOMER,
    type: 'choice',
    label: 'province',
    help: "The province or state of the default address, by Shopify's code, such as CA or BE. The same code can exist in several countries.",
    example: 'province is CA',
    pattern: /^[A-Z0-9][A-Z0-9-]{0,9}$/,
    value: () => sql`c.province_code`,
  },
  city: {
    ...OF_CUSTOMER,
    type: 'text',
    label: 'city',
    help: 'The city of the default address, as the customer wrote it.',
    example: 'city is Berlin',
    value: () => text(sql`c.city`),
  },
  postal_code: {
    ...OF_CUSTOMER,
    type: 'text',
    label: 'postal code',
    help: 'The postal code of the default address. Kept only where the settings say so.',
    example: 'postal code starts with 10',
    value: () => text(sql`c.zip`),
  },
  language: {
    ...OF_CUSTOMER,
    type: 'text',
    label: 'language',
    help: 'The language of the customer in Shopify, such as de or pt-BR.',
    example: 'language starts with de',
    value: () => text(sql`c.locale`),
  },
  email_consent: {
    ...OF_CUSTOMER,
    type: 'choice',
    label: 'e-mail consent',
    help: 'Whether the customer agreed to marketing by e-mail. Customers without an address have none.',
    example: 'e-mail consent is subscribed',
    options: [...CONSENT_STATES, { value: 'INVALID', label: 'address invalid' }],
    value: () => sql`c.email_consent`,
  },
  sms_consent: {
    ...OF_CUSTOMER,
    type: 'choice',
    label: 'SMS consent',
    help: 'Whether the customer agreed to marketing by SMS. Customers without a phone number have none.',
    example: 'SMS consent is subscribed',
    options: CONSENT_STATES,
    value: () => sql`c.sms_consent`,
  },
  account_state: {
    ...OF_CUSTOMER,
    type: 'choice',
    label: 'account',
    help: 'Whether the customer has an account in the store, was invited to have one, or declined.',
    example: 'account is enabled',
    options: [
      { value: 'ENABLED', label: 'enabled' },
      { value: 'INVITED', label: 'invited' },
      { value: 'DISABLED', label: 'none' },
      { value: 'DECLINED', label: 'declined' },
    ],
    value: () => sql`c.state`,
  },
  customer_tags: {
    ...OF_CUSTOMER,
    type: 'list',
    label: 'customer tags',
    help: 'Tags that the store or other apps gave the customer. Tags that this app writes cannot be asked for: use "member of".',
    example: 'customer tags have wholesale',
    mayBeMissing: false,
    isCustomerTags: true,
    value: () => listed(sql`c.tags`),
  },
  shopify_spend_tier: {
    ...OF_CUSTOMER,
    type: 'choice',
    group: 'value',
    label: "Shopify's spend tier",
    help: "Shopify's own prediction of what the customer will spend, when it was last read.",
    example: "Shopify's spend tier is high",
    options: [
      { value: 'HIGH', label: 'high' },
      { value: 'MEDIUM', label: 'medium' },
      { value: 'LOW', label: 'low' },
    ],
    value: () => sql`c.shopify_spend_tier`,
  },
  shopify_rfm_group: {
    ...OF_CUSTOMER,
    type: 'choice',
    group: 'value',
    label: "Shopify's RFM group",
    help: "The group that Shopify's own RFM analysis puts the customer in, when it was last read.",
    example: "Shopify's RFM group is champions",
    options: [
      { value: 'ACTIVE', label: 'active' },
      { value: 'ALMOST_LOST', label: 'almost lost' },
      { value: 'AT_RISK', label: 'at risk' },
      { value: 'CHAMPIONS', label: 'champions' },
      { value: 'DORMANT', label: 'dormant' },
      { value: 'LOYAL', label: 'loyal' },
      { value: 'NEEDS_ATTENTION', label: 'needs attention' },
      { value: 'NEW', label: 'new' },
      { value: 'PREVIOUSLY_LOYAL', label: 'previously loyal' },
      { value: 'PROMISING', label: 'promising' },
      { value: 'PROSPECTS', label: 'prospects' },
    ],
    value: () => sql`c.shopify_rfm_group`,
  },
} as const satisfies Record<string, Field>;
