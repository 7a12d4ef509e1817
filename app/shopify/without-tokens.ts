/** Text of others without what opens doors: Shopify's tokens and secrets, JSON Web Tokens, e-mail addresses. */
const SECRET_SHAPES = [
  /shp[a-z]{2,3}_[A-Za-z0-9_-]+/g,
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  /\b(?:id_token|hmac|access_token|refresh_token|client_secret)("?\s*[=:]\s*"?)[^&\s"]+/g,
  /[^\s@"'<>]+@[^\s@"'<>]+\.[^\s@"'<>]+/g,
];

export function withoutTokens(text: string): string {
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(shape, '[removed]'), text);
}
