/** shop/update and app/uninstalled carry the shop; the compliance topics name it. */
import type { Id, Instant, SandboxCustomer, SandboxShop } from '../../store/model.ts';
import { gid, wireId } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

const PLANS = {
  standard: { plan_display_name: 'Grow', plan_name: 'professional' },
  advanced: { plan_display_name: 'Advanced', plan_name: 'unlimited' },
  plus: { plan_display_name: 'Shopify Plus', plan_name: 'enterprise' },
} as const;

export function shopPayload(shop: SandboxShop): Wire {
  const format = `{{amount}} ${shop.currency}`;
  return {
    id: wireId(shop.id),
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    province: '',
    country: shop.countryCode,
    address1: '',
    zip: '',
    city: '',
    source: null,
    phone: '',
    latitude: null,
    longitude: null,
    primary_locale: 'en',
    address2: null,
    created_at: null,
    updated_at: null,
    country_code: shop.countryCode,
    country_name: new Intl.DisplayNames(['en'], { type: 'region' }).of(shop.countryCode) ?? shop.countryCode,
    currency: shop.currency,
    customer_email: shop.email,
    timezone: `(GMT) ${shop.ianaTimezone}`,
    iana_timezone: shop.ianaTimezone,
    shop_owner: shop.name,
    money_format: format,
    money_with_currency_format: format,
    weight_unit: 'kg',
    province_code: '',
    taxes_included: null,
    auto_configure_tax_inclusivity: null,
    tax_shipping: null,
    county_taxes: null,
    ...PLANS[shop.plan],
    has_discounts: false,
    has_gift_cards: true,
    myshopify_domain: shop.domain,
    google_apps_domain: null,
    google_apps_login_enabled: null,
    money_in_emails_format: format,
    money_with_currency_in_emails_format: format,
    eligible_for_payments: true,
    requires_extra_payments_agreement: false,
    password_enabled: null,
    has_storefront: true,
    finances: true,
    primary_location_id: wireId(shop.id),
    checkout_api_supported: true,
    multi_location_enabled: true,
    setup_required: false,
    pre_launch_enabled: false,
    enabled_presentment_currencies: [shop.currency],
    marketing_sms_consent_enabled_at_checkout: false,
    transactional_sms_disabled: false,
  };
}

/** app/scopes_update. */
export function scopesPayload(
  shop: SandboxShop,
  previous: readonly string[],
  current: readonly string[],
  at: Instant,
): Wire {
  return {
    id: 1,
    shop_id: gid('Shop', shop.id),
    previous: [...previous],
    current: [...current],
    updated_at: at,
  };
}

/** shop/redact. */
export function shopRedactPayload(shop: SandboxShop): Wire {
  return { shop_id: wireId(shop.id), shop_domain: shop.domain };
}

/** What customers/redact and customers/data_request say of the person. */
function person(id: Id, customer: SandboxCustomer | undefined): Wire {
  return { id: wireId(id), email: customer?.email ?? null, phone: customer?.phone ?? null };
}

/** customers/redact. */
export function customerRedactPayload(
  shop: SandboxShop,
  id: Id,
  customer: SandboxCustomer | undefined,
  orders: readonly Id[],
): Wire {
  return {
    ...shopRedactPayload(shop),
    customer: person(id, customer),
    orders_to_redact: orders.map(wireId),
  };
}

/** customers/data_request. */
export function dataRequestPayload(
  shop: SandboxShop,
  id: Id,
  customer: SandboxCustomer | undefined,
  orders: readonly Id[],
  requestId: Id,
): Wire {
  return {
    ...shopRedactPayload(shop),
    customer: person(id, customer),
    orders_requested: orders.map(wireId),
    data_request: { id: wireId(requestId) },
  };
}
