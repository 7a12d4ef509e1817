/**
 * The library's app object: embedded pages by token exchange, expiring offline tokens. The only place that
 * configures it. Its log lines pass through ours with tokens taken out, because one of its messages holds one.
 */
import '@shopify/shopify-app-remix/server/adapters/node';
import { ApiVersion, LogSeverity } from '@shopify/shopify-api';
import type { SessionStorage } from '@shopify/shopify-app-session-storage';
import { AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';
import type { Config } from '../config.server.ts';
import type { Log } from '../log.server.ts';
import { withoutTokens } from './without-tokens.ts';
import { redirectLibrary, type Fetch } from './sandbox-hook.server.ts';

export interface ShopifyAppOptions {
  sessionStorage: SessionStorage;
  log: Log;
  /**
   * After a token exchange: may run repeatedly and in parallel for one shop, so it must be idempotent.
   * `scope`: comma-separated scopes that were granted.
   */
  afterAuth(shop: { domain: string; scope: string }): Promise<void>;
  /** For tests. */
  fetch?: Fetch;
}

export function createShopifyApp(config: Config, options: ShopifyAppOptions) {
  redirectLibrary(config, options.fetch);
  return shopifyApp({
    apiKey: config.apiKey,
    apiSecretKey: config.apiSecrets[0],
    appUrl: config.appUrl,
    apiVersion: ApiVersion.October26,
    distribution: AppDistribution.AppStore,
    isEmbeddedApp: true,
    authPathPrefix: '/auth',
    sessionStorage: options.sessionStorage,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    hooks: {
      afterAuth: ({ session }) => options.afterAuth({ domain: session.shop, scope: session.scope ?? '' }),
    },
    logger: {
      level: LogSeverity.Warning,
      log: async (severity: LogSeverity, message: string) => {
        const words = { library: withoutTokens(message).slice(0, 500) };
        if (severity === LogSeverity.Error) options.log.error(words, 'shopify library');
        else options.log.warn(words, 'shopify library');
      },
    },
  });
}

export type ShopifyApp = ReturnType<typeof createShopifyApp>;
