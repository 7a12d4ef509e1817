/**
 * Who may call: the app's tokens per store, as Shopify gives them since 2026. Offline access tokens live one
 * hour and come with a refresh token that lives ninety days and works once (it rotates). Times are machine time.
 */
import { randomBytes } from 'node:crypto';
import { mintSessionToken, verifySessionToken } from './session-token.ts';

const ACCESS_TOKEN_SECONDS = 3600;
const REFRESH_TOKEN_SECONDS = 90 * 86_400;

export interface AccessOptions {
  apiKey: string;
  apiSecret: string;
  /** Granted at install. */
  scopes: readonly string[];
}

export interface IssuedToken {
  access_token: string;
  scope: string;
  expires_in?: number;
  refresh_token?: string;
  refresh_token_expires_in?: number;
}

interface Grant {
  domain: string;
  /** Milliseconds since the epoch; Infinity = never. */
  expiresAt: number;
}

export class Access {
  readonly #options: AccessOptions;
  #accessTokens = new Map<string, Grant>();
  #refreshTokens = new Map<string, Grant>();
  #scopes = new Map<string, string[]>();

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get apiKey(): string {
    return this.#options.apiKey;
  }

  sessionTokenFor(domain: string): string {
    return mintSessionToken({ ...this.#options, domain });
  }

  isInstalled(domain: string): boolean {
    return this.#scopes.has(domain);
  }

  scopesOf(domain: string): string[] {
    return [...(this.#scopes.get(domain) ?? this.#options.scopes)].sort();
  }

  setScopes(domain: string, scopes: readonly string[]): void {
    this.#scopes.set(domain, [...scopes]);
  }

  isThisApp(clientId: unknown, clientSecret: unknown): boolean {
    return clientId === this.#options.apiKey && clientSecret === this.#options.apiSecret;
  }

  /** @returns the store of a good session token */
  shopOfSessionToken(token: string): string | undefined {
    return verifySessionToken(token, this.#options);
  }

  /** Installs the app if it is not (managed installation), unless told not to. */
  issue(domain: string, options: { expiring: boolean; install?: boolean }): IssuedToken {
    if (options.install !== false && !this.#scopes.has(domain)) {
      this.#scopes.set(domain, [...this.#options.scopes]);
    }
    const now = Date.now();
    const access = `shpat_${randomBytes(16).toString('hex')}`;
    const scope = this.scopesOf(domain).join(',');
    if (!options.expiring) {
      this.#accessTokens.set(access, { domain, expiresAt: Infinity });
      return { access_token: access, scope };
    }
    const refresh = `shprt_${randomBytes(16).toString('hex')}`;
    this.#accessTokens.set(access, { domain, expiresAt: now + ACCESS_TOKEN_SECONDS * 1000 });
    this.#refreshTokens.set(refresh, { domain, expiresAt: now + REFRESH_TOKEN_SECONDS * 1000 });
    return {
      access_token: access,
      scope,
      expires_in: ACCESS_TOKEN_SECONDS,
      refresh_token: refresh,
      refresh_token_expires_in: REFRESH_TOKEN_SECONDS,
    };
  }

  /** Undefined when the refresh token is unknown, used, expired or another store's. */
  refresh(domain: string, refreshToken: string): IssuedToken | undefined {
    const grant = this.#refreshTokens.get(refreshToken);
    if (!grant || grant.domain !== domain || grant.expiresAt < Date.now()) return undefined;
    this.#refreshTokens.delete(refreshToken);
    return this.issue(domain, { expiring: true });
  }

  /** Undefined when the token is unknown or has expired. */
  shopOf(accessToken: string): string | undefined {
    const grant = this.#accessTokens.get(accessToken);
    if (!grant) return undefined;
    if (grant.expiresAt >= Date.now()) return grant.domain;
    this.#accessTokens.delete(accessToken);
    return undefined;
  }

  /** The access tokens end now; refresh tokens still work, unless `refreshToo`. */
  expireTokens(domain: string, options: { refreshToo?: boolean } = {}): void {
    removeOf(this.#accessTokens, domain);
    if (options.refreshToo) removeOf(this.#refreshTokens, domain);
  }

  /** Every token ends, the scopes are gone. */
  uninstall(domain: string): void {
    this.expireTokens(domain, { refreshToo: true });
    this.#scopes.delete(domain);
  }
}

function removeOf(grants: Map<string, Grant>, domain: string): void {
  for (const [token, grant] of grants) if (grant.domain === domain) grants.delete(token);
}
