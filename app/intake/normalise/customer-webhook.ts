/**
 * The customer topics. customers/create and customers/update carry neither tags nor totals nor consent (since
 * API version 2025-01): those have topics of their own. None of the fields asked for is a name, an e-mail
 * address, a phone number or a street.
 */
import { z } from 'zod';
import { minorOf } from '../../money.ts';
import { consent, customerAddress, customerCore, shopifyTotals } from './customer-groups.ts';
import type { Normalised } from './outcome.ts';
import { read, type MessageTimes } from './read-message.ts';
import { decimal, gid, instant, instantOrNull, numericId, text, textOrNull, wordOrNull } from './wire.ts';

export const CUSTOMER_FIELDS = [
  'id', 'updated_at', 'created_at', 'state', 'verified_email', 'addresses.id',
  'default_address.country_code', 'default_address.province_code', 'default_address.city',
] as const; // prettier-ignore

const customerSchema = z.object({
  id: numericId,
  created_at: instantOrNull,
  updated_at: instant,
  state: wordOrNull,
  verified_email: z.boolean().nullish(),
  addresses: z.array(z.unknown()).nullish(),
  default_address: z
    .object({ country_code: textOrNull, province_code: textOrNull, city: textOrNull })
    .nullish(),
});

/** customers/create, customers/update */
export function customerFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('customer', customerSchema, body, (wire) => {
    const triggeredAt = times.triggeredAt ?? wire.updated_at;
    // Without a default address: there is none when the list is empty too; else it was not carried.
    const address =
      wire.default_address ??
      (wire.addresses?.length === 0 ? { country_code: null, province_code: null, city: null } : undefined);
    return [
      {
        kind: 'customer',
        id: wire.id,
        core: customerCore(
          {
            createdAt: wire.created_at === null ? null : new Date(wire.created_at),
            state: wire.state,
            verifiedEmail: wire.verified_email ?? null,
          },
          wire.updated_at,
          triggeredAt,
        ),
        ...(address && {
          address: customerAddress(
            { countryCode: address.country_code, provinceCode: address.province_code, city: address.city },
            { readAt: triggeredAt, startedAt: triggeredAt },
          ),
        }),
      },
      {
        kind: 'reread',
        object: 'customer',
        id: wire.id,
        reason: 'postal code and metafields',
        when: 'picks',
      },
    ];
  });
}

export const MERGE_FIELDS = [
  'admin_graphql_api_customer_kept_id', 'admin_graphql_api_customer_deleted_id', 'status', 'updated_at',
] as const; // prettier-ignore

const mergeSchema = z.object({
  admin_graphql_api_customer_kept_id: gid('Customer'),
  admin_graphql_api_customer_deleted_id: gid('Customer'),
  status: text,
});

/** customers/merge: a merge that failed or is under way changes nothing. */
export function mergeFromWebhook(body: unknown): Normalised {
  return read('merge', mergeSchema, body, (wire) =>
    wire.status.toLowerCase() !== 'completed'
      ? []
      : [
          {
            kind: 'merge',
            keptId: wire.admin_graphql_api_customer_kept_id,
            deletedId: wire.admin_graphql_api_customer_deleted_id,
          },
        ],
  );
}

export const PURCHASING_SUMMARY_FIELDS = [
  'customerId', 'numberOfOrders', 'amountSpent', 'occurredAt', 'updated_at',
] as const; // prettier-ignore

const purchasingSummarySchema = z.object({
  customerId: gid('Customer'),
  numberOfOrders: z.union([z.int().nonnegative(), z.string().regex(/^\d{1,18}$/)]),
  amountSpent: z.object({ amount: decimal, currencyCode: text }),
  occurredAt: instant,
});

/** customers/purchasing_summary: Shopify's own totals. */
export function purchasingSummaryFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('purchasing summary', purchasingSummarySchema, body, (wire) => [
    {
      kind: 'customer',
      id: wire.customerId,
      shopifyTotals: shopifyTotals(
        {
          orders: BigInt(wire.numberOfOrders),
          spentMinor: minorOf(wire.amountSpent.amount, wire.amountSpent.currencyCode),
        },
        { readAt: wire.occurredAt, startedAt: times.triggeredAt ?? wire.occurredAt },
      ),
    },
  ]);
}

export const TAGS_FIELDS = ['customerId', 'tags', 'occurredAt', 'updated_at'] as const;

const tagsSchema = z.object({ customerId: gid('Customer'), tags: z.array(text), occurredAt: instant });

/** customer.tags_added, customer.tags_removed: a change, not a state. */
export function tagsFromWebhook(body: unknown, change: 'added' | 'removed'): Normalised {
  return read('tags', tagsSchema, body, (wire) => [
    {
      kind: 'tag_message',
      id: wire.customerId,
      added: change === 'added' ? wire.tags : [],
      removed: change === 'removed' ? wire.tags : [],
      occurredAt: new Date(wire.occurredAt),
    },
  ]);
}

export const EMAIL_CONSENT_FIELDS = [
  'customer_id', 'email_marketing_consent.state', 'email_marketing_consent.consent_updated_at', 'updated_at',
] as const; // prettier-ignore

const consentState = z.object({ state: wordOrNull, consent_updated_at: instantOrNull });
const emailConsentSchema = z.object({ customer_id: numericId, email_marketing_consent: consentState });

/** customers_email_marketing_consent/update */
export function emailConsentFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('e-mail consent', emailConsentSchema, body, (wire) => {
    const at = times.triggeredAt ?? wire.email_marketing_consent.consent_updated_at ?? times.receivedAt;
    return [
      {
        kind: 'customer',
        id: wire.customer_id,
        emailConsent: consent(wire.email_marketing_consent.state, { readAt: at, startedAt: at }),
      },
    ];
  });
}

export const SMS_CONSENT_FIELDS = [
  'id', 'sms_marketing_consent.state', 'sms_marketing_consent.consent_updated_at', 'updated_at',
] as const; // prettier-ignore

const smsConsentSchema = z.object({ id: numericId, sms_marketing_consent: consentState });

/** customers_marketing_consent/update: SMS. */
export function smsConsentFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('SMS consent', smsConsentSchema, body, (wire) => {
    const at = times.triggeredAt ?? wire.sms_marketing_consent.consent_updated_at ?? times.receivedAt;
    return [
      {
        kind: 'customer',
        id: wire.id,
        smsConsent: consent(wire.sms_marketing_consent.state, { readAt: at, startedAt: at }),
      },
    ];
  });
}
