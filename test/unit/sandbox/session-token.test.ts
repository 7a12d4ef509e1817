import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintSessionToken, verifySessionToken } from '../../../sandbox/access/session-token.ts';

const app = { apiKey: 'key', apiSecret: 'a secret of the app' };
const domain = 'demo.myshopify.com';
const now = new Date('2026-11-22T12:00:00Z');
const token = mintSessionToken({ ...app, domain, now });
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function forge(
  claims: object,
  header: object = { alg: 'HS256', typ: 'JWT' },
  secret = app.apiSecret,
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('session tokens', () => {
  it("carry Shopify's claims", () => {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(claims).toMatchObject({
      iss: `https://${domain}/admin`,
      dest: `https://${domain}`,
      aud: 'key',
      sub: '1',
      iat: now.getTime() / 1000,
      nbf: now.getTime() / 1000,
      exp: now.getTime() / 1000 + 60,
    });
    expect(claims['jti']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are good for a minute', () => {
    expect(verifySessionToken(token, { ...app, now })).toBe(domain);
    expect(verifySessionToken(token, { ...app, now: at(59) })).toBe(domain);
    expect(verifySessionToken(token, { ...app, now: at(66) })).toBeUndefined();
    expect(verifySessionToken(token, { ...app, now: at(-6) })).toBeUndefined();
  });

  it('are refused when anything is wrong', () => {
    const seconds = now.getTime() / 1000;
    const good = {
      iss: `https://${domain}/admin`,
      dest: `https://${domain}`,
      aud: 'key',
      exp: seconds + 60,
      nbf: seconds,
    };
    expect(verifySessionToken(forge(good), { ...app, now })).toBe(domain);
    const bad = [
      forge({ ...good, aud: 'other' }),
      forge({ ...good, iss: 'https://evil.example/admin' }),
      forge({ ...good, exp: undefined }),
      forge(good, { alg: 'none' }),
      forge(good, { alg: 'HS256' }, 'another secret'),
      `${token}x`,
      token.split('.').slice(0, 2).join('.'),
      '',
      '..',
    ];
    for (const text of bad) expect(verifySessionToken(text, { ...app, now })).toBeUndefined();
  });
});
