/**
 * The Admin API version that everything speaks: documents, client, webhooks, generated types. A test holds
 * shopify.app.toml and the code generation to it.
 */
export const ADMIN_API_VERSION = '2026-10';

/** The version of Shopify's UI extensions that extensions/ is written for (a test holds their toml files to it). */
export const UI_EXTENSIONS_API_VERSION = '2026-07';
