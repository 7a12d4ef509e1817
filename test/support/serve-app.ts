/** The web process's own HTTP over a sandbox and a database that a test has: the built pages, webhooks, tokens. */
import { readConfig, SANDBOX_SECRETS } from '../../app/config.server.ts';
import { buildContext, type AppContext } from '../../app/context.server.ts';
import { createHttpApp } from '../../app/server/http-app.server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { listeningServer } from './listening-server.ts';
import { builtPages, pageCalls, type PageCalls } from './page-calls.ts';
import type { TestDb } from './test-db.ts';

export interface ServedApp extends PageCalls {
  context: AppContext;
  appUrl: string;
  /** Only what was started here. */
  close(): Promise<void>;
}

export async function serveApp(sandbox: Sandbox, testDb: TestDb): Promise<ServedApp> {
  const { server, port, url: appUrl } = await listeningServer();
  const context = await buildContext(
    readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: String(port),
      DATABASE_URL: testDb.url,
      SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey,
      SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret,
      SHOPIFY_APP_URL: appUrl,
      ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey,
      REDACTION_KEY: SANDBOX_SECRETS.redactionKey,
      SANDBOX_URL: sandbox.url,
      APP_BRIDGE_URL: `${sandbox.url}/app-bridge.js`,
    }),
    'web',
  );
  server.on('request', createHttpApp(context, { pages: await builtPages(context) }));
  return {
    context,
    appUrl,
    ...pageCalls(sandbox, appUrl),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await context.jobs.close();
      await context.close();
    },
  };
}
