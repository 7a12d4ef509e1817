import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  allowSandboxFrame,
  withFrameAncestor,
  withoutShopifyPreload,
} from '../../../app/server/security-headers.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { send, startWeb } from './web-for-tests.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('health, readiness, security headers, and 404 for what is not there', async () => {
  let draining = false;
  const web = await startWeb(t.db, { draining: () => draining });
  const get = (path: string) => send(web, { method: 'GET', path });
  expect((await get('/healthz')).status).toBe(200);
  const ready = await get('/readyz');
  expect(ready).toMatchObject({
    status: 200,
    headers: { 'x-content-type-options': 'nosniff', 'referrer-policy': 'strict-origin-when-cross-origin' },
  });
  expect(ready.headers).not.toHaveProperty('x-powered-by');
  expect(ready.headers).not.toHaveProperty('strict-transport-security');
  expect((await get('/nowhere')).status).toBe(404);
  draining = true;
  expect((await get('/readyz')).status).toBe(503);
  await web.close();
  const production = await startWeb(t.db, { env: { NODE_ENV: 'production' } });
  const answer = await send(production, { method: 'GET', path: '/healthz' });
  expect(answer.headers).toHaveProperty('strict-transport-security');
  await production.close();
});

test('the sandbox is added to who may frame us, once', () => {
  const policy = 'frame-ancestors https://a.myshopify.com https://admin.shopify.com; default-src x';
  const widened = withFrameAncestor(policy, 'http://localhost:4600');
  expect(widened).toBe(
    'frame-ancestors https://a.myshopify.com https://admin.shopify.com http://localhost:4600; default-src x',
  );
  expect(withFrameAncestor(widened, 'http://localhost:4600')).toBe(widened);
  expect(withFrameAncestor(`frame-ancestors 'none'`, 'http://x')).toBe('frame-ancestors http://x');
  expect(withFrameAncestor('default-src x', 'http://x')).toBe('default-src x');
});

test('preloads from Shopify are dropped, others kept', () => {
  const ours = '</assets/a.js>; rel=modulepreload';
  const theirs = '<https://cdn.shopify.com/shopifycloud/app-bridge.js>; rel="preload"; as="script";';
  expect(withoutShopifyPreload(theirs)).toBe('');
  expect(withoutShopifyPreload(`${ours}, ${theirs}`)).toBe(ours);
});

test('both on every answer, however it is written', async () => {
  const app = express();
  app.use(allowSandboxFrame('http://localhost:4600/'));
  app.get('/', (_request, response) => {
    response.setHeader('content-security-policy', 'frame-ancestors https://admin.shopify.com');
    response.append('link', '<https://cdn.shopify.com/shopifycloud/app-bridge.js>; rel=preload');
    response.append('link', '</own.css>; rel=preload');
    response.status(200).send('hello');
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(answer.headers.get('content-security-policy')).toBe(
    'frame-ancestors https://admin.shopify.com http://localhost:4600',
  );
  expect(answer.headers.get('link')).toBe('</own.css>; rel=preload');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
