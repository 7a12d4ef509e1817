/**
 * The environment, read once and in one place. Every missing or malformed variable is reported in one
 * message; blank counts as missing; known default secrets are refused outside the sandbox.
 * Tests pass a plain object; nothing else in the app reads process.env.
 */
import { z } from 'zod';
import { AppError } from './app-error.ts';

/** Secrets that are published somewhere (this file included), so they protect nothing. */
export const SANDBOX_SECRETS = {
  apiKey: '0123456789abcdef0123456789abcdef',
  apiSecret: 'sandbox-secret-not-for-production-use',
  encryptionKey: 'c2FuZGJveC1lbmNyeXB0aW9uLWtleS1ub3Qtc2VjcmU=',
  redactionKey: 'c2FuZGJveC1yZWRhY3Rpb24ta2V5LW5vdC1zZWNyZXQ=',
} as const;

const KNOWN_SECRETS = new Set<string>([
  ...Object.values(SANDBOX_SECRETS),
  'secret', 'changeme', 'password', 'hush', 'shpss_xxx', 'your-api-secret',
]); // prettier-ignore

const key32 = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, {
  message: 'must be 32 bytes in base64 (make one with: openssl rand -base64 32)',
});
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .transform((url) => url.replace(/\/+$/, ''));

const schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address'),
  DIRECT_DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address').optional(),
  SHOPIFY_API_KEY: z.string(),
  SHOPIFY_API_SECRET: z.string().min(16, 'is too short to be an app secret'),
  /** While the app's secret is rotated, webhooks signed with the old one are still good. */
  SHOPIFY_API_SECRET_PREVIOUS: z.string().optional(),
  SHOPIFY_APP_URL: httpUrl,
  /** Tokens and inbox payloads at rest. */
  ENCRYPTION_KEY: key32,
  ENCRYPTION_KEY_PREVIOUS: key32.optional(),
  /** Digests of redacted customers: never rotated, or the block list is void. */
  REDACTION_KEY: key32,
  SANDBOX_URL: httpUrl.optional(),
  APP_BRIDGE_URL: httpUrl.optional(),
}); // prettier-ignore

export interface Config {
  readonly production: boolean;
  readonly logLevel: string;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly directDatabaseUrl: string;
  readonly apiKey: string;
  /** The current secret first, then the one that is being rotated out. */
  readonly apiSecrets: readonly [string, ...string[]];
  readonly appUrl: string;
  readonly encryptionKeys: readonly [Buffer, ...Buffer[]];
  readonly redactionKey: Buffer;
  /** The local Shopify; undefined means the real one. */
  readonly sandboxUrl: string | undefined;
  readonly appBridgeUrl: string | undefined;
}

/** @throws AppError 'config' that names every fault at once. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(present);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const name = issue.path.join('.');
        return present[name] === undefined ? `${name} is missing` : `${name} ${issue.message}`;
      });
  if (parsed.success) {
    const env = parsed.data;
    if (env.SANDBOX_URL && env.NODE_ENV === 'production') {
      faults.push('SANDBOX_URL is set, but a production process never talks to the sandbox: unset it');
    }
    if (!env.SANDBOX_URL) {
      for (const name of [
        'SHOPIFY_API_SECRET',
        'ENCRYPTION_KEY',
        'REDACTION_KEY',
        'SHOPIFY_API_KEY',
      ] as const) {
        if (KNOWN_SECRETS.has(env[name]))
          faults.push(`${name} is a published default: set a value of your own`);
      }
    }
  }
  if (!parsed.success || faults.length > 0) {
    throw new AppError('config', `The environment is not complete:\n- ${faults.join('\n- ')}`);
  }
  const env = parsed.data;
  const key = (text: string) => Buffer.from(text, 'base64');
  return {
    production: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    directDatabaseUrl: env.DIRECT_DATABASE_URL ?? env.DATABASE_URL,
    apiKey: env.SHOPIFY_API_KEY,
    apiSecrets: env.SHOPIFY_API_SECRET_PREVIOUS
      ? [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS]
      : [env.SHOPIFY_API_SECRET],
    appUrl: env.SHOPIFY_APP_URL,
    encryptionKeys: env.ENCRYPTION_KEY_PREVIOUS
      ? [key(env.ENCRYPTION_KEY), key(env.ENCRYPTION_KEY_PREVIOUS)]
      : [key(env.ENCRYPTION_KEY)],
    redactionKey: key(env.REDACTION_KEY),
    sandboxUrl: env.SANDBOX_URL,
    appBridgeUrl: env.APP_BRIDGE_URL,
  };
}
