/**
 * The App Bridge stand-in and the admin frame in a real browser, with the smallest app that uses them: no part
 * of Regulars is involved, so a failure here is the sandbox's.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findChromium } from '../../scripts/browser.ts';
import { addTags } from '../../sandbox/acts/change-tags.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';

interface Seen {
  path: string;
  authorised: boolean;
  idToken: boolean;
}

let seen: Seen[] = [];
let refusals = 0;
let server: Server;
let sandbox: Sandbox;
let browser: Browser;
let page: Page;
const store = '/store/bridge';

const appPage = (bridge: string, path: string) => `<!doctype html><html><head>
  <meta name="shopify-api-key" content="key"><script src="${bridge}"></script></head><body>
  <ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/segments">Segments</a></ui-nav-menu>
  <ui-title-bar title="Overview"><button variant="primary" onclick="shopify.toast.show('Done it')">Do it</button></ui-title-bar>
  <ui-save-bar id="bar"><button variant="primary" onclick="said.textContent='saved';bar.hide()">s</button></ui-save-bar>
  <h1>App at ${path}</h1><p id="said"></p>
  <button onclick="shopify.saveBar.show('bar')">Change</button>
  <button onclick="fetch('/data',{method:'POST',body:'abc'}).then(r=>r.text()).then(t=>said.textContent=t)">Load</button>
  <button onclick="try{shopify.resourcePicker({})}catch(e){said.textContent=e.message}">Pick</button>
  <button onclick="window.open('shopify://admin/customers','_top')">Customers</button>
  <script>addEventListener('shopify:navigate', (event) => {
    history.pushState(null, '', event.target.getAttribute('href'));
    document.querySelector('h1').textContent = 'App at ' + location.pathname;
  });</script></body></html>`;

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const bridge = `${sandbox.url}/app-bridge.js`;
    const authorised = request.headers.authorization?.startsWith('Bearer ') ?? false;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ path: url.pathname, authorised, idToken: url.searchParams.has('id_token') });
      const html = (text: string) => response.writeHead(200, { 'content-type': 'text/html' }).end(text);
      if (url.pathname === '/data') {
        if (refusals > 0) {
          refusals -= 1;
          return void response.writeHead(401, { 'x-shopify-retry-invalid-session-request': '1' }).end();
        }
        return void response.end(`body ${Buffer.concat(chunks).toString()}`);
      }
      if (url.pathname === '/auth/session-token') return void html(`<script src="${bridge}"></script>`);
      if (!url.searchParams.has('id_token') || url.searchParams.has('stale')) {
        const again = new URLSearchParams(url.searchParams);
        again.delete('id_token');
        again.delete('stale');
        const back = `${sandbox.appUrl}${url.pathname}?${again.toString()}`;
        again.set('shopify-reload', back);
        return void response.writeHead(302, { location: `/auth/session-token?${again.toString()}` }).end();
      }
      return void html(appPage(bridge, url.pathname));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'the-secret-of-this-test',
    appUrl: `http://localhost:${(server.address() as AddressInfo).port}`,
    fast: true,
    stores: [{ domain: 'bridge.myshopify.com', seed: { customers: 20, seed: 1 } }],
  });
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { executablePath, args, env } = await findChromium(root, () => undefined);
  browser = await chromium.launch({
    executablePath,
    args,
    env: { ...(process.env as Record<string, string>), ...env },
  });
  page = await (await browser.newContext({ baseURL: sandbox.url })).newPage();
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const app = () => page.frameLocator('#app');
const pathOf = () => new URL(page.url()).pathname;

it('embeds the app, puts its menu and title into the admin, and follows where it goes', async () => {
  await page.goto(`${store}/apps/regulars/app`);
  await app().getByText('App at /app', { exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Store' }).getByRole('link', { name: 'Segments' }).click();
  await app().getByText('App at /app/segments').waitFor();
  await expect.poll(pathOf).toBe(`${store}/apps/regulars/app/segments`);
  await expect.poll(() => page.title()).toContain('Overview');
  await page.reload();
  await app().getByText('App at /app/segments').waitFor();
});

it('gives a page without a good token a new one, and brings it back', async () => {
  seen = [];
  await page.goto(`${store}/apps/regulars/app?stale=1`);
  await app().getByText('App at /app', { exact: true }).waitFor();
  expect(seen.map(({ path }) => path)).toEqual(['/app', '/auth/session-token', '/app']);
  expect(seen.at(-1)?.idToken).toBe(true);
  expect(page.url()).not.toContain('id_token');
});

it('sends the session token with fetch, and once more after a refusal that asks for it', async () => {
  seen = [];
  refusals = 1;
  await app().getByRole('button', { name: 'Load' }).click();
  await app().getByText('body abc').waitFor();
  expect(seen).toEqual([
    { path: '/data', authorised: true, idToken: false },
    { path: '/data', authorised: true, idToken: false },
  ]);
});

it('shows toast and save bar, runs the title bar’s action, and is loud about what it lacks', async () => {
  await page.getByRole('button', { name: 'Do it' }).click();
  await page.getByRole('status').getByText('Done it').waitFor();
  await app().getByRole('button', { name: 'Change' }).click();
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
  await app().getByText('saved').waitFor();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'hidden' });
  await app().getByRole('button', { name: 'Pick' }).click();
  await app().getByText('resourcePicker() is not part of the sandbox').waitFor();
});

it('shows a customer’s tags as they are written, beside an order placed from the panel', async () => {
  await app().getByRole('button', { name: 'Customers' }).click();
  await page.waitForURL(`**${store}/customers`);
  await page.getByTestId('customer-row').first().getByRole('link').first().click();
  await page.getByLabel('Amount', { exact: true }).fill('50.00');
  await page.getByRole('button', { name: 'Place order' }).press('Enter');
  await page.getByText(/Order #\d+ placed\./).waitFor();
  const [shop] = sandbox.stores.values();
  addTags(shop!, page.url().split('/').at(-1) ?? '', ['just-written']);
  await page.getByRole('list', { name: 'Tags' }).getByText('just-written').waitFor();
});
