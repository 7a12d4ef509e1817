/**
 * The bodies of the customer topics. customers/* carry neither tags nor totals nor consent (since 2025-01):
 * those have topics of their own.
 */
import type { Instant, SandboxCustomer, SandboxShop } from '../../store/model.ts';
import { gid, wireId, wireMoney, wireTime, wireTimeOrNull } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** An address as orders carry it; null when the customer has none. */
export function postalAddress(customer: SandboxCustomer | undefined): Wire | null {
  const address = customer?.address;
  if (!customer || !address) return null;
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(' ');
  return {
    first_name: customer.firstName ?? '',
    address1: address.address1 ?? '',
    phone: customer.phone ?? '',
    city: address.city ?? '',
    zip: address.zip ?? '',
    province: address.provinceCode ?? '',
    country: countryNames.of(address.countryCode) ?? address.countryCode,
    last_name: customer.lastName ?? '',
    address2: null,
    company: null,
    latitude: null,
    longitude: null,
    name,
    country_code: address.countryCode,
    province_code: address.provinceCode ?? '',
  };
}

function defaultAddress(customer: SandboxCustomer): Wire | null {
  const postal = postalAddress(customer);
  if (!postal) return null;
  const { latitude: _latitude, longitude: _longitude, ...rest } = postal;
  return {
    id: wireId(customer.id),
    customer_id: wireId(customer.id),
    ...rest,
    country_name: postal['country'],
    default: true,
  };
}

/** The customer inside an order: as customers/update without its list of addresses. */
export function customerOfOrder(customer: SandboxCustomer, shop: SandboxShop): Wire {
  const address = defaultAddress(customer);
  return {
    id: wireId(customer.id),
    created_at: wireTime(customer.createdAt, shop.ianaTimezone),
    updated_at: wireTime(customer.updatedAt, shop.ianaTimezone),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: customer.state.toLowerCase(),
    note: customer.note,
    verified_email: customer.verifiedEmail,
    multipass_identifier: null,
    tax_exempt: customer.taxExempt,
    email: customer.email,
    phone: customer.phone,
    currency: shop.currency,
    tax_exemptions: [],
    admin_graphql_api_id: gid('Customer', customer.id),
    ...(address ? { default_address: address } : {}),
  };
}

/** customers/create, customers/update. */
export function customerPayload(customer: SandboxCustomer, shop: SandboxShop): Wire {
  const address = defaultAddress(customer);
  return { ...customerOfOrder(customer, shop), addresses: address ? [address] : [] };
}

/** customers/delete. */
export function customerDeletedPayload(id: string): Wire {
  return { id: wireId(id), tax_exemptions: [], admin_graphql_api_id: gid('Customer', id) };
}

/** customers/merge, after the merge has been done. */
export function customerMergedPayload(keptId: string, deletedId: string): Wire {
  return {
    admin_graphql_api_customer_kept_id: gid('Customer', keptId),
    admin_graphql_api_customer_deleted_id: gid('Customer', deletedId),
    admin_graphql_api_job_id: null,
    status: 'completed',
    errors: [],
  };
}

/** customers/purchasing_summary: Shopify's own totals. */
export function purchasingSummaryPayload(
  customerId: string,
  totals: { orders: number; spentMinor: number; lastOrderId: string | null },
  currency: string,
  occurredAt: Instant,
): Wire {
  return {
    customerId: gid('Customer', customerId),
    numberOfOrders: totals.orders,
    amountSpent: { amount: wireMoney(totals.spentMinor, currency), currencyCode: currency },
    lastOrderId: totals.lastOrderId === null ? null : gid('Order', totals.lastOrderId),
    occurredAt,
  };
}

/** customer.tags_added, customer.tags_removed: only the tags that changed. */
export function tagsChangedPayload(customerId: string, tags: readonly string[], occurredAt: Instant): Wire {
  return { customerId: gid('Customer', customerId), tags: [...tags], occurredAt };
}

/** customers_email_marketing_consent/update; null when the customer has no e-mail address. */
export function emailConsentPayload(customer: SandboxCustomer, timeZone: string): Wire | null {
  if (customer.email === null) return null;
  const consent = customer.emailMarketing;
  return {
    customer_id: wireId(customer.id),
    email_address: customer.email,
    email_marketing_consent: {
      state: (consent?.state ?? 'NOT_SUBSCRIBED').toLowerCase(),
      opt_in_level: consent?.optInLevel?.toLowerCase() ?? null,
      consent_updated_at: wireTimeOrNull(consent?.updatedAt ?? null, timeZone),
    },
  };
}

/** customers_marketing_consent/update (SMS); null when the customer has no phone number. */
export function smsConsentPayload(customer: SandboxCustomer, timeZone: string): Wire | null {
  if (customer.phone === null) return null;
  const consent = customer.smsMarketing;
  return {
    id: wireId(customer.id),
    phone: customer.phone,
    sms_marketing_consent: {
      state: (consent?.state ?? 'NOT_SUBSCRIBED').toLowerCase(),
      opt_in_level: consent === null ? null : 'single_opt_in',
      consent_updated_at: wireTimeOrNull(consent?.updatedAt ?? null, timeZone),
      consent_collected_from: 'other',
    },
  };
}
