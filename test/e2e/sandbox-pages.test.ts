/** The sandbox's own pages in a real browser: no serious findings of axe, nothing wider than 375 px, keyboard alone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiscount } from '../../sandbox/acts/change-discount.ts';
import { makeSegment } from '../../sandbox/acts/change-segment.ts';
import { createCollection } from '../../sandbox/acts/change-collection.ts';
import { refundOrder } from '../../sandbox/acts/refund-order.ts';
import { placeOrder } from '../../sandbox/acts/place-order.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Store } from '../../sandbox/store/store.ts';
import { webhooksOf } from '../../sandbox/webhooks/webhooks.ts';
import { launchBrowser } from './support/launch-browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const base = '/store/looks';
let sandbox: Sandbox;
let store: Store;
let browser: Browser;
let page: Page;
let paths: string[];

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'the-secret-of-this-test',
    // Nobody listens there: deliveries wait for their retry.
    appUrl: 'http://localhost:9',
    appConfig: fileURLToPath(new URL('../../shopify.app.toml', import.meta.url)),
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      { domain: 'looks.myshopify.com', currency: 'EUR', seed: { customers: 80, seed: 4 } },
      { domain: 'looks-two.myshopify.com', seed: { empty: true } },
    ],
  });
  store = sandbox.stores.get('looks.myshopify.com') as Store;
  const token = sandbox.accessTokenFor(store.shop.domain);
  const [customer] = store.customers();
  const [product] = store.products();
  const collection = createCollection(store, { title: 'Best sellers', products: [product?.id ?? ''] });
  const order = placeOrder(store, {
    customer: customer?.id,
    lines: [
      { product: product?.id, quantity: 2 },
      { title: 'A custom item with a rather long name', price: '9' },
    ],
  });
  const segment = makeSegment(store, { name: 'Buyers', query: 'number_of_orders > 0' });
  createDiscount(store, { title: 'Buyers 5 %', percent: 5, segment: segment.id });
  refundOrder(store, { order: order.id, amount: '1', note: 'a gesture' });
  sandbox.faults.arm('server-error', { count: 3 });
  for (let call = 0; call < 4; call += 1) {
    await fetch(`${sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': token },
      body: '{"query":"{ shop { name } }"}',
    });
  }
  sandbox.control.snapshot('before', store.shop.domain);
  sandbox.control.startStorm(store.shop.domain, { orders: 3, seconds: 0, seed: 1 });
  webhooksOf(sandbox).queue.setFaults({ drop: 0.5, topics: ['orders/create'] });
  await webhooksOf(sandbox).queue.settled();
  const [delivery] = webhooksOf(sandbox).queue.recent(store.shop.domain);
  paths = [
    '/stores', base, `${base}/customers`, `${base}/customers?q=no_such:1`, `${base}/customers/${customer?.id}`,
    `${base}/orders`, `${base}/orders/new`, `${base}/orders/${order.id}`, `${base}/products`,
    `${base}/products/${product?.id}`, `${base}/collections`, `${base}/collections/${collection.id}`,
    `${base}/segments`, `${base}/segments/${segment.id}`, `${base}/discounts`,
    `${base}/checkout?line-product=${product?.id}&line-quantity=2&code=WELCOME10&shipping=5`,
    `${base}/panel`, `${base}/panel/deliveries/${delivery?.number}`, `${base}/customers/1`,
  ]; // prettier-ignore
  browser = await launchBrowser();
  page = await (await browser.newContext({ baseURL: sandbox.url })).newPage();
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
});

interface Findings {
  violations: { id: string; impact: string | null; nodes: { html: string }[] }[];
}

async function seriousFindings(): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    "axe.run({ iframes: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })",
  )) as Findings;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

it('has no serious finding of axe, wide or narrow, and never scrolls sideways', async () => {
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths) {
      await page.goto(path);
      for (const details of await page.locator('details').all()) await details.evaluate((one) => one.setAttribute('open', '')); // prettier-ignore
      // Narrow, the pages differ only in their layout: the fullest ones stand for all.
      if (width > 400 || /panel$|orders\/\d/.test(path)) {
        expect([path, width, await seriousFindings()]).toEqual([path, width, []]);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, wide <= width], `${path} is ${wide} px wide`).toEqual([path, true]);
      expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1);
    }
  }
});

it('is used with the keyboard alone: skip link, search, an order, its refund', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${base}/customers`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  for (let press = 0; press < 3 && !(await inSearch()); press += 1) await page.keyboard.press('Tab');
  const [customer] = store.customers();
  await page.keyboard.type(`id:${customer?.id}`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=id/);
  await expect.poll(() => page.getByTestId('customer-row').count()).toBe(1);

  await page.goto(`${base}/orders/new?customer=${customer?.id}`);
  const first = page.getByRole('group', { name: 'Line 1' });
  await first.getByLabel('Custom item').focus();
  await page.keyboard.type('Teapot');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('40');
  await page.getByRole('button', { name: 'Create order' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(/Order #\d+ placed\./).waitFor();
  const order = store.ordersOf(customer?.id ?? '').at(-1);
  expect(order).toMatchObject({ totalMinor: 4000, lines: [{ title: 'Teapot' }] });

  await page.goto(`${base}/orders/${order?.id}`);
  await page.getByLabel('Refund amount').focus();
  await page.keyboard.type('15');
  await page.keyboard.press('Enter');
  await page.getByText('refunded.').waitFor();
  expect(store.order(order?.id ?? '')).toMatchObject({ refundedMinor: 1500 });
});

const inSearch = () => page.evaluate(() => document.activeElement?.getAttribute('type') === 'search');

it('follows what happens on the panel, without a reload', async () => {
  await page.goto(`${base}/panel`);
  await page.getByLabel('Orders', { exact: true }).fill('30');
  await page.getByLabel('Seconds', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Start the storm' }).click();
  await page.getByText('it has begun').waitFor();
  await page.getByText('30 placed, done').waitFor();
  await page.getByRole('button', { name: 'Advance' }).click();
  await page.getByText('It is 23 Nov 2026').first().waitFor();
  await expect.poll(() => page.locator('#business-clock').textContent()).toContain('23 Nov 2026');
  await page.getByLabel('Stale copy after 4 hours').fill('0.5');
  await page.getByRole('button', { name: 'Let webhooks go wrong' }).click();
  await page.getByText('Armed: stale 50 %.').waitFor();
});
