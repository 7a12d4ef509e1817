/** The web process: `node app/server/start.server.ts`. */
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { AppError } from '../app-error.ts';
import { readConfig } from '../config.server.ts';
import { buildContext } from '../context.server.ts';
import { refusePowerfulRole } from '../db/pool.server.ts';
import { untilDatabaseAnswers } from '../db/until-database-answers.server.ts';
import { createHttpApp } from './http-app.server.ts';

/** In production mode Shopify's proxies keep connections open for a minute: we keep them a little longer. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
/** When told to stop: whoever is being served has so long, then connections are cut; nothing takes longer. */
const FINISH_WITHIN_MS = 5_000;
const STOP_WITHIN_MS = 9_500;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const context = await buildContext(config, 'web');
  const { log } = context;
  let stopping = false;
  try {
    await untilDatabaseAnswers(log, () => refusePowerfulRole(context.db.pool));
    const folder = path.join(import.meta.dirname, '../../build');
    const build = (await import(pathToFileURL(path.join(folder, 'server/index.js')).href)) as ServerBuild;
    const app = createHttpApp(context, {
      pages: { build, clientFolder: path.join(folder, 'client'), context },
      draining: () => stopping,
    });
    const server = createServer(app);
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.headersTimeout = HEADERS_MS;
    server.requestTimeout = REQUEST_MS;
    await listen(server, config.port, config.host);
    log.info({ host: config.host, port: config.port }, 'web is up');

    const stop = (why: string) => {
      if (stopping) return;
      stopping = true;
      log.info({ why }, 'web is stopping');
      setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS).unref();
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      server.close(() => {
        void Promise.allSettled([context.jobs.close()])
          .then(() => context.close())
          .then(() => process.exit(0));
      });
      server.closeIdleConnections();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
    // The launcher has gone.
    process.on('disconnect', () => stop('launcher ended'));
  } catch (error) {
    await context.close();
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof AppError ? error.userMessage : String(error)}\n`);
  process.exitCode = 1;
});
