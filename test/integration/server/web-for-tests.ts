/** The web process's HTTP, without pages, on a free port; and a sender that signs as Shopify does. */
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCipher } from '../../../app/cipher.server.ts';
import { systemClock } from '../../../app/clock.ts';
import { readConfig } from '../../../app/config.server.ts';
import type { Db } from '../../../app/db/tenancy.server.ts';
import { createHttpApp, type HttpAppOptions } from '../../../app/server/http-app.server.ts';
import { silentLog } from '../../support/silent-log.ts';

export const SECRET = 'the app’s secret, long enough';
export const OLD_SECRET = 'the secret before it, long enough';
export const cipher = createCipher([Buffer.alloc(32, 1)]);

export interface TestWeb {
  url: string;
  server: Server;
  close(): Promise<void>;
}

export async function startWeb(
  db: Db,
  options: HttpAppOptions & { env?: Record<string, string> } = {},
): Promise<TestWeb> {
  const config = readConfig({
    DATABASE_URL: 'postgresql://nobody@localhost/none',
    SHOPIFY_API_KEY: 'a key of our own',
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_API_SECRET_PREVIOUS: OLD_SECRET,
    SHOPIFY_APP_URL: 'https://app.example.com',
    ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
    REDACTION_KEY: Buffer.alloc(32, 2).toString('base64'),
    ...options.env,
  });
  const app = createHttpApp({ config, db, log: silentLog(), cipher, clock: systemClock }, options);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
}

export const sign = (body: string | Buffer, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('base64');

/** Headers of a good delivery. */
export function headersFor(domain: string, body: string | Buffer, more: Record<string, string> = {}) {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/updated',
    'x-shopify-hmac-sha256': sign(body),
    'x-shopify-shop-domain': domain,
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-event-id': randomUUID(),
    'x-shopify-triggered-at': '2026-11-22T10:00:00.123456789Z',
    ...more,
  };
}

/** Sends one request. `write` may send the body in its own way (and time) instead. */
export function send(
  web: TestWeb,
  options: {
    method?: string;
    path?: string;
    headers?: Record<string, string | string[]>;
    body?: string | Buffer;
    write?: (request: ReturnType<typeof httpRequest>) => void;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${web.url}${options.path ?? '/webhooks'}`, {
      method: options.method ?? 'POST',
      headers: options.headers,
      agent: false,
    });
    request.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    request.on('error', reject);
    if (options.write) options.write(request);
    else request.end(options.body);
  });
}

export const deliver = (web: TestWeb, domain: string, body: string, more: Record<string, string> = {}) =>
  send(web, { headers: headersFor(domain, body, more), body });
