/** An app that takes webhooks, with a configuration that subscribes to customers. Closed when the test ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const CONFIG = `
application_url = "https://example.com"
[access_scopes]
scopes = "read_customers,write_customers,read_orders,write_orders,read_products"
[webhooks]
api_version = "2026-10"
  [[webhooks.subscriptions]]
  topics = ["customers/create", "customers/update"]
  uri = "/webhooks"
`;

export interface AppDouble {
  url: string;
  /** Path of its shopify.app.toml. */
  config: string;
  /** What it answers with from now on. */
  status: number;
  received: { topic: string; shop: string; status: number }[];
}

export async function appDouble(): Promise<AppDouble> {
  const folder = mkdtempSync(path.join(tmpdir(), 'app-double-'));
  const config = path.join(folder, 'shopify.app.toml');
  writeFileSync(config, CONFIG);
  const server = createServer((request, response) => {
    const topic = String(request.headers['x-shopify-topic']);
    const shop = String(request.headers['x-shopify-shop-domain']);
    app.received.push({ topic, shop, status: app.status });
    request.resume().on('end', () => response.writeHead(app.status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app: AppDouble = { url, config, status: 200, received: [] };
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
    server.closeAllConnections();
    server.close();
  });
  return app;
}
