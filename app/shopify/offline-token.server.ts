/**
 * The shop's offline access token, good for the next minutes. Access tokens live an hour; refresh tokens
 * rotate, so a second refresh with the same one would lock the shop out: refreshes of one shop happen one
 * after the other, under a row lock that holds across processes, and who waited finds the new token there.
 *
 * The lock lives in a transaction that spans one call to Shopify, so that call has a shorter time limit than
 * the database's limit on idle transactions.
 */
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import type { Cipher } from '../cipher.server.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, Queryable } from '../db/tenancy.server.ts';
import type { Fetch } from './sandbox-hook.server.ts';
import { openToken, sealToken } from './token-seal.server.ts';

/** A token that ends sooner is refreshed first: a request must outlive its own retries. */
const MARGIN_MS = 5 * 60_000;
const REFRESH_TIMEOUT_MS = 8_000;

export interface OfflineTokens {
  /**
   * @param rejected a token that Shopify has just refused: it is not given out again
   * @throws AppError 'shopify_access' when only a person can help (open the app in the admin),
   *   'shopify_unavailable' when the refresh got no answer
   */
  accessToken(shop: string, rejected?: string): Promise<string>;
}

interface TokenContext {
  config: Pick<Config, 'apiKey' | 'apiSecrets'>;
  db: Db;
  cipher: Cipher;
  clock: Clock;
  fetch: Fetch;
}

interface SessionRow extends Record<string, unknown> {
  accessToken: string;
  refreshToken: string | null;
  expires: Date | null;
  refreshTokenExpires: Date | null;
}

interface Tokens {
  access: string;
  refresh: string | null;
  expires: Date | null;
  refreshExpires: Date | null;
}

export function offlineSessionId(shop: string): string {
  return `offline_${shop}`;
}

export function createOfflineTokens(ctx: TokenContext): OfflineTokens {
  const held = new Map<string, Tokens>();
  const good = (tokens: Tokens | undefined, rejected: string | undefined): tokens is Tokens =>
    tokens !== undefined &&
    tokens.access !== '' &&
    tokens.access !== rejected &&
    (tokens.expires === null || tokens.expires.getTime() - MARGIN_MS > ctx.clock.machineNow().getTime());

  /** One look at the table a shop and process at a time: waiting for the lock takes one connection, not many. */
  const looking = new Map<string, Promise<Tokens>>();
  function look(shop: string, rejected: string | undefined): Promise<Tokens> {
    const key = `${shop} ${rejected ?? ''}`;
    const known = looking.get(key);
    if (known) return known;
    const began = ctx.db
      .outsideShops(async (tx) => {
        const stored = await readTokens(ctx, tx, shop);
        return good(stored, rejected) ? stored : refreshTokens(ctx, tx, shop, rejected, good);
      })
      .finally(() => looking.delete(key));
    looking.set(key, began);
    return began;
  }

  return {
    async accessToken(shop, rejected) {
      const cached = held.get(shop);
      if (good(cached, rejected)) return cached.access;
      const tokens = await look(shop, rejected);
      held.set(shop, tokens);
      return tokens.access;
    },
  };
}

async function readTokens(ctx: TokenContext, tx: Queryable, shop: string, lock = false): Promise<Tokens> {
  const columns = sql`SELECT "accessToken", "refreshToken", expires, "refreshTokenExpires" FROM session`;
  const { rows } = await tx.query<SessionRow>(
    lock
      ? sql`${columns} WHERE id = ${offlineSessionId(shop)} FOR UPDATE`
      : sql`${columns} WHERE id = ${offlineSessionId(shop)}`,
  );
  const row = rows[0];
  if (!row) throw openTheApp('no session');
  return {
    access: openToken(ctx.cipher, shop, row.accessToken),
    refresh: row.refreshToken === null ? null : openToken(ctx.cipher, shop, row.refreshToken),
    expires: row.expires,
    refreshExpires: row.refreshTokenExpires,
  };
}

async function refreshTokens(
  ctx: TokenContext,
  tx: Queryable,
  shop: string,
  rejected: string | undefined,
  good: (tokens: Tokens, rejected: string | undefined) => boolean,
): Promise<Tokens> {
  const stored = await readTokens(ctx, tx, shop, true);
  if (good(stored, rejected)) return stored; // somebody else was quicker
  if (!stored.refresh) throw openTheApp('no refresh token');
  if (stored.refreshExpires && stored.refreshExpires <= ctx.clock.machineNow()) {
    throw openTheApp('refresh token expired');
  }
  const issued = await askForTokens(ctx, shop, stored.refresh);
  const now = ctx.clock.machineNow().getTime();
  const after = (seconds: number | undefined) =>
    seconds === undefined ? null : new Date(now + seconds * 1000);
  const tokens: Tokens = {
    access: issued.access_token,
    refresh: issued.refresh_token ?? stored.refresh,
    expires: after(issued.expires_in),
    refreshExpires: after(issued.refresh_token_expires_in) ?? stored.refreshExpires,
  };
  await tx.query(sql`
    UPDATE session
       SET "accessToken" = ${sealToken(ctx.cipher, shop, tokens.access)},
           "refreshToken" = ${tokens.refresh === null ? null : sealToken(ctx.cipher, shop, tokens.refresh)},
           expires = ${tokens.expires}, "refreshTokenExpires" = ${tokens.refreshExpires},
           scope = coalesce(${issued.scope ?? null}, scope)
     WHERE id = ${offlineSessionId(shop)}`);
  return tokens;
}

const answerSchema = z.object({
  access_token: z.string().min(1),
  scope: z.string().optional(),
  expires_in: z.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.number().positive().optional(),
});

async function askForTokens(
  ctx: TokenContext,
  shop: string,
  refreshToken: string,
): Promise<z.infer<typeof answerSchema>> {
  let response: Response;
  let text: string;
  try {
    response = await ctx.fetch(`https://${shop}/admin/oauth/access_token`, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        client_id: ctx.config.apiKey,
        client_secret: ctx.config.apiSecrets[0],
        refresh_token: refreshToken,
        grant_type: 'refresh_token',
      }),
      signal: AbortSignal.timeout(REFRESH_TIMEOUT_MS),
    });
    text = await response.text();
  } catch {
    // The cause is left out: it can carry the request.
    throw unavailable({ reason: 'no answer' });
  }
  if (response.status >= 500 || response.status === 429) throw unavailable({ status: response.status });
  if (!response.ok) throw openTheApp('refresh refused', { status: response.status });
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) throw unavailable({ reason: 'not an answer' });
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unavailable(context: Record<string, unknown>): AppError {
  return new AppError('shopify_unavailable', 'Shopify did not renew our access just now.', {
    context,
    retryable: true,
  });
}

function openTheApp(reason: string, context: Record<string, unknown> = {}): AppError {
  return new AppError(
    'shopify_access',
    'This app has no access to the store at present. Open it once in Shopify’s admin.',
    { context: { reason, ...context } },
  );
}
