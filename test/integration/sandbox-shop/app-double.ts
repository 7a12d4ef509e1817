/** The smallest app: it takes webhooks and keeps them. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  topic: string;
  headers: IncomingHttpHeaders;
  raw: string;
  body: Record<string, unknown>;
}

export async function startAppDouble() {
  const webhooks: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      if (request.url === '/webhooks') {
        webhooks.push({
          topic: String(request.headers['x-shopify-topic']),
          headers: request.headers,
          raw,
          body: JSON.parse(raw) as Record<string, unknown>,
        });
      }
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    webhooks,
    /** What has come since the last time, sorted by topic. */
    take: () => webhooks.splice(0).sort((one, other) => (one.topic < other.topic ? -1 : 1)),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
