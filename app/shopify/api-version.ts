/**
 * The Admin API version that everything speaks: documents, client, webhooks, generated types. A test holds
 * shopify.app.toml and the code generation to it.
 */
export const ADMIN_API_VERSION = '2026-10';
