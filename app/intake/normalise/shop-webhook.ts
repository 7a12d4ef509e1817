/**
 * Topics about the shop, the app and people's rights: they ask for acts. Where the body names a shop it must
 * be the one that the header names, for the signature covers the body only.
 */
import { z } from 'zod';
import type { Normalised, WebhookAct } from './outcome.ts';
import { numericId, text, unreadableReason } from './wire.ts';

export const SHOP_FIELDS = ['id', 'myshopify_domain', 'currency', 'iana_timezone', 'updated_at'] as const;
export const UNINSTALLED_FIELDS = ['id', 'myshopify_domain', 'updated_at'] as const;
export const SCOPES_FIELDS = ['id', 'shop_id', 'previous', 'current', 'updated_at'] as const;
export const BULK_FINISHED_FIELDS = [
  'admin_graphql_api_id', 'status', 'type', 'error_code', 'created_at', 'completed_at', 'updated_at',
] as const; // prettier-ignore

function act<S extends z.ZodType>(
  what: string,
  schema: S,
  body: unknown,
  shop: string,
  make: (wire: z.output<S>) => { names?: string | null | undefined; act: WebhookAct },
): Normalised {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return { outcome: 'unreadable', reason: unreadableReason(what, parsed.error) };
  const made = make(parsed.data);
  if ((made.names ?? shop).toLowerCase() !== shop) {
    return { outcome: 'unreadable', reason: `${what}: names another shop` };
  }
  return { outcome: 'act', act: made.act };
}

const shopSchema = z.object({ myshopify_domain: z.string().nullish() });

/** app/uninstalled */
export const uninstalledFromWebhook = (body: unknown, shop: string): Normalised =>
  act('app uninstalled', shopSchema, body, shop, (wire) => ({
    names: wire.myshopify_domain,
    act: { act: 'app_uninstalled' },
  }));

/** shop/update: what it says may be old by now, so the settings are read again. */
export const shopFromWebhook = (body: unknown, shop: string): Normalised =>
  act('shop', shopSchema, body, shop, (wire) => ({
    names: wire.myshopify_domain,
    act: { act: 'shop_changed' },
  }));

const scopesSchema = z.object({ current: z.array(text) });

/** app/scopes_update */
export const scopesFromWebhook = (body: unknown, shop: string): Normalised =>
  act('scopes', scopesSchema, body, shop, (wire) => ({
    act: { act: 'scopes_changed', scopes: wire.current },
  }));

const bulkFinishedSchema = z.object({
  admin_graphql_api_id: z.string().regex(/^gid:\/\/shopify\/BulkOperation\/\d+$/),
});

/** bulk_operations/finish: may be lost, so it only shortens the wait of whoever polls. */
export const bulkFinishedFromWebhook = (body: unknown, shop: string): Normalised =>
  act('bulk operation', bulkFinishedSchema, body, shop, () => ({
    act: { act: 'bulk_finished' },
  }));

const person = z.object({ id: numericId.nullish() }).nullish();

const dataRequestSchema = z.object({ shop_domain: z.string(), customer: person });

/** customers/data_request */
export const dataRequestFromWebhook = (body: unknown, shop: string): Normalised =>
  act('data request', dataRequestSchema, body, shop, (wire) => ({
    names: wire.shop_domain,
    act: {
      act: 'data_request',
      customerId: wire.customer?.id ?? null,
    },
  }));

const customerRedactSchema = z.object({ shop_domain: z.string(), customer: person });

/** customers/redact */
export const customerRedactFromWebhook = (body: unknown, shop: string): Normalised =>
  act('customer redaction', customerRedactSchema, body, shop, (wire) => ({
    names: wire.shop_domain,
    act: {
      act: 'customer_redact',
      customerId: wire.customer?.id ?? null,
    },
  }));

const shopRedactSchema = z.object({ shop_domain: z.string() });

/** shop/redact */
export const shopRedactFromWebhook = (body: unknown, shop: string): Normalised =>
  act('shop redaction', shopRedactSchema, body, shop, (wire) => ({
    names: wire.shop_domain,
    act: { act: 'shop_redact' },
  }));
