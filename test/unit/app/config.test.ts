import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readConfig, SANDBOX_SECRETS } from '../../../app/config.server.ts';

const key = () => randomBytes(32).toString('base64');
const good = () => ({
  DATABASE_URL: 'postgresql://app@db/regulars',
  SHOPIFY_API_KEY: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  SHOPIFY_API_SECRET: 'a-secret-of-our-own-that-is-long',
  SHOPIFY_APP_URL: 'https://app.example.com/',
  ENCRYPTION_KEY: key(),
  REDACTION_KEY: key(),
});

test('every missing and malformed variable is named in one message; blank is missing', () => {
  let said = '';
  try {
    readConfig({
      ...good(),
      DATABASE_URL: ' ',
      SHOPIFY_APP_URL: 'ftp://x',
      ENCRYPTION_KEY: 'short',
      PORT: '99999',
      REDACTION_KEY: undefined,
    });
  } catch (error) {
    said = String(error);
  }
  for (const name of [
    'DATABASE_URL is missing',
    'SHOPIFY_APP_URL',
    'ENCRYPTION_KEY must be 32 bytes',
    'PORT',
    'REDACTION_KEY is missing',
  ]) {
    expect(said).toContain(name);
  }
});

test('a complete environment is read, and the trailing slash of the address goes', () => {
  const config = readConfig({ ...good(), SHOPIFY_API_SECRET_PREVIOUS: 'the-old-one-that-is-still-good' });
  expect(config.appUrl).toBe('https://app.example.com');
  expect(config.apiSecrets).toHaveLength(2);
  expect(config.directDatabaseUrl).toBe(config.databaseUrl);
});

test.each(['SHOPIFY_API_SECRET', 'SHOPIFY_API_KEY', 'ENCRYPTION_KEY', 'REDACTION_KEY'] as const)(
  'the published default of %s is refused outside the sandbox, and taken inside',
  (name) => {
    const known = { SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret, SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey, ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey, REDACTION_KEY: SANDBOX_SECRETS.redactionKey }; // prettier-ignore
    expect(() => readConfig({ ...good(), [name]: known[name] })).toThrow(`${name} is a published default`);
    expect(
      readConfig({ ...good(), [name]: known[name], SANDBOX_URL: 'http://localhost:4600' }).sandboxUrl,
    ).toBe('http://localhost:4600');
  },
);

test('a production process never talks to the sandbox', () => {
  expect(() =>
    readConfig({ ...good(), NODE_ENV: 'production', SANDBOX_URL: 'http://localhost:4600' }),
  ).toThrow(/production/);
});
