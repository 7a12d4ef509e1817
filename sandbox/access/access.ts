/**
 * Who may call: the app's tokens per store, as Shopify gives them since 2026. Offline access tokens live one
 * hour and come with a refresh token that lives ninety days and works once (it rotates). Times are machine time.
 */
import { randomBytes } from 'node:crypto';
import type { BusinessClock } from '../clock.ts';
import type { Permissions } from './permissions.ts';
import { withReadScopes } from './required-scopes.ts';
import { mintSessionToken, verifySessionToken } from './session-token.ts';
import { DEFAULT_SWITCHES } from './switches.ts';
import type { Switches } from './switches.ts';

const ACCESS_TOKEN_SECONDS = 3600;
const REFRESH_TOKEN_SECONDS = 90 * 86_400;
/** Without read_all_orders an app sees the orders of so many days. */
const ORDER_DAYS = 60;

export interface AccessOptions {
  apiKey: string;
  apiSecret: string;
  /** Granted at install. */
  scopes: readonly string[];
  /** For the days of orders that an app may see; without it all of them. */
  clock?: BusinessClock;
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
  /** Milliseconds since the epoch; null = never. */
  expiresAt: number | null;
  /** A token for scripts: every scope there is, whatever was granted. */
  allScopes?: boolean;
}

/** Everything of one store, as plain data. */
export interface AccessState {
  accessTokens: [string, Grant][];
  refreshTokens: [string, Grant][];
  scopes: string[] | null;
  switches: Switches;
}

export class Access {
  readonly #options: AccessOptions;
  #accessTokens = new Map<string, Grant>();
  #refreshTokens = new Map<string, Grant>();
  #scopes = new Map<string, string[]>();
  #switches = new Map<string, Switches>();

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

  switchesOf(domain: string): Switches {
    return { ...DEFAULT_SWITCHES, ...this.#switches.get(domain) };
  }

  /** Only what is given changes. */
  setSwitches(domain: string, change: Partial<Switches>): Switches {
    const switches = { ...this.switchesOf(domain), ...change };
    this.#switches.set(domain, switches);
    return { ...switches };
  }

  resetSwitches(domain: string): void {
    this.#switches.delete(domain);
  }

  isThisApp(clientId: unknown, clientSecret: unknown): boolean {
    return clientId === this.#options.apiKey && clientSecret === this.#options.apiSecret;
  }

  /** @returns the store of a good session token */
  shopOfSessionToken(token: string): string | undefined {
    return verifySessionToken(token, this.#options);
  }

  /**
   * Installs the app if it is not (managed installation), unless told not to. `allScopes`: a token for scripts,
   * which may do everything and does not count as an installation's.
   */
  issue(domain: string, options: { expiring: boolean; install?: boolean; allScopes?: boolean }): IssuedToken {
    if (options.install !== false && !this.#scopes.has(domain)) {
      this.#scopes.set(domain, [...this.#options.scopes]);
    }
    const now = Date.now();
    const access = `shpat_${randomBytes(16).toString('hex')}`;
    const scope = this.scopesOf(domain).join(',');
    const scopes = options.allScopes ? { allScopes: true } : {};
    if (!options.expiring) {
      this.#accessTokens.set(access, { domain, expiresAt: null, ...scopes });
      return { access_token: access, scope };
    }
    const refresh = `shprt_${randomBytes(16).toString('hex')}`;
    this.#accessTokens.set(access, { domain, expiresAt: now + ACCESS_TOKEN_SECONDS * 1000, ...scopes });
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
    if (!grant || grant.domain !== domain || hasExpired(grant)) return undefined;
    this.#refreshTokens.delete(refreshToken);
    return this.issue(domain, { expiring: true });
  }

  /** Undefined when the token is unknown or has expired. */
  shopOf(accessToken: string): string | undefined {
    return this.#grantOf(accessToken)?.domain;
  }

  /** What the holder of the token may do in its store; undefined when the token is not good. */
  permissionsOf(accessToken: string): Permissions | undefined {
    const grant = this.#grantOf(accessToken);
    if (!grant) return undefined;
    const switches = this.switchesOf(grant.domain);
    const scopes = grant.allScopes ? 'all' : withReadScopes(this.scopesOf(grant.domain));
    const listed = switches.ipAllowlist === 'ok';
    const { clock } = this.#options;
    const recent = scopes === 'all' || scopes.has('read_all_orders') || !clock;
    return {
      scopes,
      protectedData: switches.protectedData,
      bulkQueries: switches.bulkQueries && listed,
      bulkMutations: switches.bulkMutations && listed,
      ordersFrom: recent
        ? undefined
        : new Date(clock.now().getTime() - ORDER_DAYS * 86_400_000).toISOString(),
    };
  }

  /** One access token ends now. False when it is unknown. */
  revoke(accessToken: string): boolean {
    return this.#accessTokens.delete(accessToken);
  }

  /**
   * The access tokens of the app end now; refresh tokens still work, unless `refreshToo`. A script's token with
   * all scopes goes on.
   * @returns how many ended
   */
  expireTokens(domain: string, options: { refreshToo?: boolean } = {}): number {
    const ended = removeOf(this.#accessTokens, domain);
    return options.refreshToo ? ended + removeOf(this.#refreshTokens, domain) : ended;
  }

  /** Every token of the app ends, the scopes are gone. */
  uninstall(domain: string): void {
    this.expireTokens(domain, { refreshToo: true });
    this.#scopes.delete(domain);
  }

  dump(domain: string): AccessState {
    const of = (grants: Map<string, Grant>) => [...grants].filter(([, grant]) => grant.domain === domain);
    return structuredClone({
      accessTokens: of(this.#accessTokens),
      refreshTokens: of(this.#refreshTokens),
      scopes: this.#scopes.get(domain) ?? null,
      switches: this.switchesOf(domain),
    });
  }

  /** Tokens that were issued since are gone. */
  load(domain: string, state: AccessState): void {
    const { accessTokens, refreshTokens, scopes, switches } = structuredClone(state);
    for (const grants of [this.#accessTokens, this.#refreshTokens]) {
      for (const [token, grant] of grants) if (grant.domain === domain) grants.delete(token);
    }
    for (const [token, grant] of accessTokens) this.#accessTokens.set(token, grant);
    for (const [token, grant] of refreshTokens) this.#refreshTokens.set(token, grant);
    if (scopes) this.#scopes.set(domain, scopes);
    else this.#scopes.delete(domain);
    this.#switches.set(domain, switches);
  }

  #grantOf(accessToken: string): Grant | undefined {
    const grant = this.#accessTokens.get(accessToken);
    if (!grant) return undefined;
    if (!hasExpired(grant)) return grant;
    this.#accessTokens.delete(accessToken);
    return undefined;
  }
}

function hasExpired(grant: Grant): boolean {
  return grant.expiresAt !== null && grant.expiresAt < Date.now();
}

function removeOf(grants: Map<string, Grant>, domain: string): number {
  let removed = 0;
  for (const [token, grant] of grants) {
    if (grant.domain !== domain || grant.allScopes) continue;
    grants.delete(token);
    removed += 1;
  }
  return removed;
}
