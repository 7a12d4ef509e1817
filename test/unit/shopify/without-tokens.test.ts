import { describe, expect, it } from 'vitest';
import { withoutTokens } from '../../../app/shopify/without-tokens.ts';

describe('what a log may show of the library’s words', () => {
  it.each([
    ['Failed with shpat_0123456789abcdef0123456789abcdef today', 'Failed with [removed] today'],
    ['refresh shprt_abc-DEF_9', 'refresh [removed]'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwcyJ9.c2ln bad', 'token [removed] bad'],
    ['GET /app?hmac=abcdef&shop=a.myshopify.com', 'GET /app?[removed]&shop=a.myshopify.com'],
    ['{"access_token":"secret-canary","scope":"x"}', '{"[removed]","scope":"x"}'],
    ['user ann@example.com signed in', 'user [removed] signed in'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s', (text, expected) => {
    expect(withoutTokens(text)).toBe(expected);
  });
});
