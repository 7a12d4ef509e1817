/** All fields of the rule language, each declared once. The editor, the compiler, the docs and the tests read this. */
import type { Field } from './field.ts';
import { CHANNEL_FIELDS } from './fields/channels.ts';
import { CUSTOMER_FIELDS } from './fields/customer.ts';
import { DISCOUNT_FIELDS } from './fields/discounts.ts';
import { METAFIELD_FIELDS } from './fields/metafields.ts';
import { OFFER_FIELDS } from './fields/offers.ts';
import { ORDER_FIELDS } from './fields/orders.ts';
import { PREDICTION_FIELDS } from './fields/predictions.ts';
import { PRODUCT_FIELDS } from './fields/products.ts';
import { SEGMENT_FIELDS } from './fields/segments.ts';
import { SUBSCRIPTION_FIELDS } from './fields/subscriptions.ts';
import { TIER_FIELDS } from './fields/tiers.ts';
import { TIME_FIELDS } from './fields/time.ts';
import { VALUE_FIELDS } from './fields/value.ts';

export const FIELDS = {
  ...ORDER_FIELDS,
  ...TIME_FIELDS,
  ...VALUE_FIELDS,
  ...PREDICTION_FIELDS,
  ...DISCOUNT_FIELDS,
  ...OFFER_FIELDS,
  ...PRODUCT_FIELDS,
  ...CHANNEL_FIELDS,
  ...CUSTOMER_FIELDS,
  ...METAFIELD_FIELDS,
  ...SUBSCRIPTION_FIELDS,
  ...SEGMENT_FIELDS,
  ...TIER_FIELDS,
} as const satisfies Record<string, Field>;

export type FieldKey = keyof typeof FIELDS;

export const FIELD_KEYS = Object.keys(FIELDS) as FieldKey[];

export function fieldOf(key: FieldKey): Field {
  return FIELDS[key];
}

export function isFieldKey(key: unknown): key is FieldKey {
  return typeof key === 'string' && Object.hasOwn(FIELDS, key);
}
