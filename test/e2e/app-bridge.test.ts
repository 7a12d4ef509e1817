/**
 * The App Bridge stand-in and the admin frame in a real browser, with the smallest app that uses them: no part
 * of Regulars is involved, so a failure here is the sandbox's.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCollection } from '../../sandbox/acts/change-collection.ts';
import { createProduct } from '../../sandbox/acts/change-product.ts';
import { addTags } from '../../sandbox/acts/change-tags.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { launchBrowser } from './support/launch-browser.ts';

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

/** Each button does one thing, and writes what came of it into #said. */
const appPage = (bridge: string, path: string) => `<!doctype html><html><head>
  <meta name="shopify-api-key" content="key"><script src="${bridge}"></script></head><body>
  <ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/segments">Segments</a></ui-nav-menu>
  <ui-title-bar title="Overview">
    <button variant="primary" onclick="shopify.toast.show('Done it', { action: 'Undo', onAction: () => say('undone') })">Do it</button>
    <button disabled>Not yet</button>
  </ui-title-bar>
  <ui-save-bar id="bar"><button variant="primary" onclick="say('saved');bar.hide()">s</button></ui-save-bar>
  <ui-modal id="plain"><p>Really delete it?</p>
    <ui-title-bar title="Delete"><button variant="primary" onclick="say('deleted');shopify.modal.hide('plain')">Delete it</button></ui-title-bar>
  </ui-modal>
  <ui-modal id="paged" src="/inner" variant="large">
    <ui-title-bar title="A page"><button onclick="say('from the bar')">Use it</button></ui-title-bar>
  </ui-modal>
  <h1>App at ${path}</h1><p id="said"></p><p id="events"></p>
  <form data-save-bar data-discard-confirmation onsubmit="event.preventDefault();say('sent ' + this.name.value)" onreset="say('discarded')">
    <label>Name <input name="name" value="old"></label>
  </form>
  <button onclick="shopify.saveBar.show('bar')">Change</button>
  <button onclick="fetch('/data',{method:'POST',body:'abc'}).then(r=>r.text()).then(say)">Load</button>
  <button onclick="try{shopify.reviews.request()}catch(e){say(e.message)}">Review</button>
  <button onclick="window.open('shopify://admin/customers','_top')">Customers</button>
  <button onclick="shopify.modal.show('plain')">Ask</button>
  <button onclick="paged.show().then(() => say('opened ' + paged.contentWindow.document.title))">Open page</button>
  <button onclick="paged.contentWindow.postMessage('hello from the app', location.origin)">Send</button>
  <button onclick="shopify.loading(true)">Busy</button>
  <button onclick="shopify.loading(false)">Idle</button>
  <button onclick="shopify.scopes.query().then((scopes) => say(JSON.stringify(scopes)))">Scopes</button>
  <button onclick="pick({ type: 'product', multiple: 2, filter: { query: 'vendor:Leaf' } })">Pick products</button>
  <button onclick="pick({ type: 'collection', action: 'select', selectionIds: [{ id: '${collectionId()}' }] })">Pick a collection</button>
  <button onclick="pick({ type: 'variant' })">Pick a variant</button>
  <button onclick="pick({ type: 'customer' })">Pick a customer</button>
  <script>
    const say = (text) => { said.textContent = text; };
    const pick = (options) => shopify.resourcePicker(options).then(
      (got) => say(got ? got.map((one) => one.title).join(', ') + ' / ' + got.selection.length : 'nothing'),
      (error) => say(error.message));
    for (const type of ['show', 'hide']) for (const one of [bar, plain, paged])
      one.addEventListener(type, () => { events.textContent += one.id + ' ' + type + '; '; });
    addEventListener('message', (event) => { if (event.origin === location.origin) say(event.data); });
    addEventListener('shopify:navigate', (event) => {
      history.pushState(null, '', event.target.getAttribute('href'));
      document.querySelector('h1').textContent = 'App at ' + location.pathname;
    });
  </script></body></html>`;

const innerPage = (bridge: string) => `<!doctype html><html><head><title>Inner</title>
  <meta name="shopify-api-key" content="key"><script src="${bridge}"></script></head><body>
  <h1>Inside</h1><p id="said"></p>
  <button onclick="fetch('/data',{method:'POST',body:'inner'}).then(r=>r.text()).then(t=>said.textContent=t)">Load inside</button>
  <script>addEventListener('message', (event) => {
    if (event.origin === location.origin) said.textContent = event.data;
  });</script></body></html>`;

const collectionId = () => {
  const all = [...(sandbox.stores.get('bridge.myshopify.com')?.collections.all() ?? [])];
  return `gid://shopify/Collection/${all.find(({ title }) => title === 'Teas')?.id}`;
};

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
      return void html(url.pathname === '/inner' ? innerPage(bridge) : appPage(bridge, url.pathname));
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
  const [shop] = sandbox.stores.values();
  sandbox.accessTokenFor(shop!.shop.domain);
  const teas = ['Assam', 'Bancha', 'Ceylon'].map((title) => createProduct(shop!, { title, vendor: 'Leaf' }));
  createProduct(shop!, { title: 'Assam cup', vendor: 'Clay' });
  createCollection(shop!, { title: 'Teas', products: teas.map(({ id }) => id) });
  createCollection(shop!, { title: 'Winter' });
  browser = await launchBrowser();
  page = await (await browser.newContext({ baseURL: sandbox.url })).newPage();
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const app = () => page.frameLocator('#app');
const button = (name: string) => app().getByRole('button', { name, exact: true });
const said = () => app().locator('#said').textContent();
const pathOf = () => new URL(page.url()).pathname;
const saveBar = () => page.getByRole('region', { name: 'Unsaved changes' });

it('embeds the app, puts its menu and title into the admin, and follows where it goes', async () => {
  await page.goto(`${store}/apps/regulars/app`);
  await app().getByText('App at /app', { exact: true }).waitFor();
  await page.getByRole('list', { name: 'Apps' }).getByRole('link', { name: 'Segments' }).click();
  await app().getByText('App at /app/segments').waitFor();
  await expect.poll(pathOf).toBe(`${store}/apps/regulars/app/segments`);
  await expect.poll(() => page.title()).toContain('Overview');
  expect(await page.getByRole('button', { name: 'Not yet' }).isDisabled()).toBe(true);
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
  await button('Load').click();
  await app().getByText('body abc').waitFor();
  expect(seen).toEqual([
    { path: '/data', authorised: true, idToken: false },
    { path: '/data', authorised: true, idToken: false },
  ]);
});

it('shows toast and loading, runs the title bar’s action, and is loud about what it lacks', async () => {
  await page.getByRole('button', { name: 'Do it' }).click();
  const toast = page.getByRole('status').getByText('Done it');
  await toast.waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(said).toBe('undone');
  await button('Busy').click();
  await page.getByRole('progressbar', { name: 'The app is loading' }).waitFor();
  await button('Idle').click();
  await page.getByRole('progressbar', { name: 'The app is loading' }).waitFor({ state: 'hidden' });
  await button('Review').click();
  await app().getByText('shopify.reviews.request() is not part of the sandbox').waitFor();
});

it('shows the save bar of an element, and calls back', async () => {
  await button('Change').click();
  await saveBar().getByRole('button', { name: 'Save' }).click();
  await app().getByText('saved').waitFor();
  await saveBar().waitFor({ state: 'hidden' });
  await expect.poll(() => app().locator('#events').textContent()).toContain('bar show; bar hide;');
});

it('shows the save bar for a changed form: save sends it, discard asks first, leaving is blocked', async () => {
  const field = app().getByLabel('Name');
  await field.fill('new');
  await saveBar().getByRole('button', { name: 'Save' }).click();
  await expect.poll(said).toBe('sent new');
  await saveBar().waitFor({ state: 'hidden' });

  const answers: { message: string; accept: boolean }[] = [];
  let accept = false;
  page.on('dialog', (dialog) => {
    answers.push({ message: dialog.message(), accept });
    void (accept ? dialog.accept() : dialog.dismiss());
  });
  await field.fill('newer');
  await saveBar().getByRole('button', { name: 'Discard' }).click();
  expect(await field.inputValue()).toBe('newer');
  const before = pathOf();
  await page.getByRole('list', { name: 'Apps' }).getByRole('link', { name: 'Segments' }).click();
  expect(pathOf()).toBe(before);
  await saveBar().waitFor();
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await expect.poll(() => answers.length).toBe(3);
  expect(pathOf()).toBe(before);
  accept = true;
  await saveBar().getByRole('button', { name: 'Discard' }).click();
  await expect.poll(said).toBe('discarded');
  expect(await field.inputValue()).toBe('old');
  await saveBar().waitFor({ state: 'hidden' });
  expect(answers.map(({ message }) => message)).toEqual([
    'Discard all unsaved changes?',
    'Leave without saving?',
    '',
    'Discard all unsaved changes?',
  ]);
  page.removeAllListeners('dialog');
});

it('shows a modal with content: its title, its buttons, closed by Escape', async () => {
  await button('Ask').click();
  const dialog = app().getByRole('dialog', { name: 'Delete' });
  await dialog.getByText('Really delete it?').waitFor();
  await dialog.getByRole('button', { name: 'Delete it' }).click();
  await expect.poll(said).toBe('deleted');
  await dialog.waitFor({ state: 'hidden' });
  await button('Ask').click();
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect
    .poll(() => app().locator('#events').textContent())
    .toContain('plain show; plain hide; plain show; plain hide;');
});

it('shows a modal with a page of the app, drawn by the admin, with a bridge of its own', async () => {
  seen = [];
  await button('Open page').click();
  await expect.poll(said).toBe('opened Inner');
  expect(seen[0]).toEqual({ path: '/inner', authorised: false, idToken: true });
  const dialog = page.getByRole('dialog', { name: 'A page' });
  const inner = dialog.frameLocator('iframe');
  await inner.getByRole('button', { name: 'Load inside' }).click();
  await inner.getByText('body inner').waitFor();
  expect(seen.at(-1)).toEqual({ path: '/data', authorised: true, idToken: false });
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await expect.poll(said).toBe('from the bar');
  const main = page.frame({ name: 'app-iframe' });
  await main?.getByRole('button', { name: 'Send', exact: true, includeHidden: true }).dispatchEvent('click');
  await inner.getByText('hello from the app').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => app().locator('#events').textContent()).toContain('paged show; paged hide;');
});

it('picks products by the app’s filter and the merchant’s words, as many as are allowed, with the keyboard', async () => {
  await button('Pick products').click();
  const dialog = page.getByRole('dialog', { name: 'Add products' });
  await expect.poll(() => dialog.getByRole('checkbox').count()).toBe(3);
  await dialog.getByLabel(/^Assam/).press('Space');
  await dialog.getByLabel(/^Ceylon/).press('Space');
  expect(await dialog.getByLabel(/^Bancha/).isDisabled()).toBe(true);
  await dialog.getByLabel('Search products').fill('bancha');
  await expect.poll(() => dialog.getByRole('checkbox').count()).toBe(1);
  await dialog.getByRole('button', { name: 'Add' }).press('Enter');
  await expect.poll(said).toBe('Assam, Ceylon / 2');
  await button('Pick products').click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(said).toBe('nothing');
});

it('picks one collection or variant; what Shopify’s picker has not, it has not', async () => {
  await button('Pick a collection').click();
  const dialog = page.getByRole('dialog', { name: 'Select collections' });
  expect(await dialog.getByLabel(/^Teas/).isChecked()).toBe(true);
  await dialog.getByLabel(/^Winter/).check();
  expect(await dialog.getByLabel(/^Teas/).isChecked()).toBe(false);
  await dialog.getByRole('button', { name: 'Select' }).click();
  await expect.poll(said).toBe('Winter / 1');
  await button('Pick a variant').click();
  const variants = page.getByRole('dialog', { name: 'Add variants' });
  await variants.getByLabel('Search variants').fill('cup');
  await variants.getByLabel(/^Assam cup/).check();
  await variants.getByRole('button', { name: 'Add' }).click();
  await expect.poll(said).toBe('Default Title / 1');
  await button('Pick a customer').click();
  await expect.poll(said).toContain('type must be product, variant, collection, not customer');
});

it('knows the scopes that were granted', async () => {
  await button('Scopes').click();
  await expect.poll(said).toContain('"granted":[');
  const [shop] = sandbox.stores.values();
  expect(JSON.parse((await said()) ?? '')).toEqual({
    granted: sandbox.access.scopesOf(shop!.shop.domain),
    required: [],
    optional: [],
  });
});

it('shows a customer’s tags as they are written, beside an order placed from the panel', async () => {
  await button('Customers').click();
  await page.waitForURL(`**${store}/customers`);
  await page.getByTestId('customer-row').first().getByRole('link').first().click();
  await page.getByLabel('Amount', { exact: true }).fill('50.00');
  await page.getByRole('button', { name: 'Place order' }).press('Enter');
  await page.getByText(/Order #\d+ placed\./).waitFor();
  const [shop] = sandbox.stores.values();
  addTags(shop!, page.url().split('/').at(-1) ?? '', ['just-written']);
  await page.getByRole('list', { name: 'Tags' }).getByText('just-written').waitFor();
  await page.getByRole('list', { name: 'Timeline' }).getByText('Tags added: just-written').waitFor();
});
