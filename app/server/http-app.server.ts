/**
 * The web process's HTTP: webhooks and Flow's action first and plain, then health, static files, and Remix behind them.
 */
import path from 'node:path';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type Express, type Request, type Response } from 'express';
import type { AppContext } from '../context.server.ts';
import { createInboxAppender } from '../intake/inbox/append.server.ts';
import { createNotifier } from '../intake/inbox/notifier.server.ts';
import { createShopFinder } from '../intake/inbox/shop-finder.server.ts';
import { createFlowEndpoint } from './flow-endpoint.server.ts';
import { healthz, readyz } from './health.server.ts';
import { allowSandboxFrame, securityHeaders } from './security-headers.server.ts';
import { createWebhookEndpoint, WEBHOOK_LIMITS } from './webhook-endpoint.server.ts';

export interface HttpAppOptions {
  /** What Remix built; without it there are no pages (tests of the endpoints). */
  pages?: { build: ServerBuild; clientFolder: string; context: AppContext };
  /** The process is stopping: it is not ready for more. */
  draining?: () => boolean;
  webhookLimits?: typeof WEBHOOK_LIMITS;
}

export function createHttpApp(
  { config, db, log, cipher, clock }: Pick<AppContext, 'config' | 'db' | 'log' | 'cipher' | 'clock'>,
  options: HttpAppOptions = {},
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  const notifier = createNotifier(db.pool);
  const shops = createShopFinder(db);
  const endpoint = createWebhookEndpoint(
    {
      secrets: config.apiSecrets,
      shops,
      inbox: createInboxAppender({ db, cipher, log, notifier }),
      clock,
      log,
    },
    options.webhookLimits,
  );
  app.all('/webhooks', (request, response, next) => {
    endpoint(request, response).catch(next);
  });

  const flowAction = createFlowEndpoint({
    secrets: config.apiSecrets,
    shops,
    db,
    clock,
    log,
    redactionKey: config.redactionKey,
  });
  app.all('/flow/check-segments', (request, response, next) => {
    flowAction(request, response).catch(next);
  });

  app.use(securityHeaders({ production: config.production }));
  app.get('/healthz', healthz);
  app.get('/readyz', readyz({ db, log, draining: options.draining ?? (() => false) }));
  if (config.sandboxUrl) app.use(allowSandboxFrame(config.sandboxUrl));
  if (options.pages) servePages(app, options.pages);
  app.use((_request: Request, response: Response) => {
    response.status(404).type('text/plain').send('Not found');
  });
  app.use((error: unknown, _request: Request, response: Response, _next: express.NextFunction) => {
    log.error({ err: error }, 'request failed');
    if (response.headersSent) response.destroy();
    else response.status(500).type('text/plain').send('Something went wrong');
  });
  return app;
}

function servePages(
  app: Express,
  { build, clientFolder, context }: NonNullable<HttpAppOptions['pages']>,
): void {
  app.use(compression());
  const assets = path.join(clientFolder, 'assets');
  // Names of built files hold a hash of their content.
  app.use('/assets', express.static(assets, { immutable: true, maxAge: '1y', fallthrough: false }));
  app.use(express.static(clientFolder, { maxAge: '1h', index: false }));
  app.all(
    '*',
    createRequestHandler({
      build,
      mode: context.config.production ? 'production' : 'development',
      getLoadContext: () => ({ regulars: context }),
    }),
  );
}
