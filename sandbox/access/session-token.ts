/**
 * Session tokens: the HS256 JSON Web Tokens that the admin gives to an embedded app, signed with the app's own
 * secret. They live one minute, by the machine's clock.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

const LIFETIME_SECONDS = 60;
/** What a verifier forgives a clock that is not quite right. */
const LEEWAY_SECONDS = 5;

export interface SessionTokenInput {
  apiKey: string;
  apiSecret: string;
  /** "NAME.myshopify.com" */
  domain: string;
  userId?: string;
  now?: Date;
}

export function mintSessionToken(input: SessionTokenInput): string {
  const issuedAt = Math.floor((input.now ?? new Date()).getTime() / 1000);
  const claims = {
    iss: `https://${input.domain}/admin`,
    dest: `https://${input.domain}`,
    aud: input.apiKey,
    sub: input.userId ?? '1',
    exp: issuedAt + LIFETIME_SECONDS,
    nbf: issuedAt,
    iat: issuedAt,
    jti: randomUUID(),
    sid: randomUUID(),
  };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign(signed, input.apiSecret)}`;
}

/** @returns the shop's domain, or undefined when the token is not ours, is for another app, or has expired */
export function verifySessionToken(
  token: string,
  app: { apiKey: string; apiSecret: string; now?: Date },
): string | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return undefined;
  const expected = Buffer.from(sign(`${header}.${payload}`, app.apiSecret));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const head = decode(header);
  const claims = decode(payload);
  const now = (app.now ?? new Date()).getTime() / 1000;
  const { iss, dest, aud, exp, nbf } = claims;
  if (head['alg'] !== 'HS256' || aud !== app.apiKey) return undefined;
  if (typeof exp !== 'number' || typeof nbf !== 'number') return undefined;
  if (now > exp + LEEWAY_SECONDS || now < nbf - LEEWAY_SECONDS) return undefined;
  if (typeof dest !== 'string' || iss !== `${dest}/admin`) return undefined;
  return dest.replace(/^https:\/\//, '');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
