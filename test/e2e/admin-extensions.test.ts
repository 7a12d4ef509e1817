/**
 * The two admin extensions as Shopify runs them: each bundled to one module, in a real browser, with a stand-in for
 * the `shopify` global and for the app's answers.
 */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/launch-browser.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ADDRESS = 'https://app.test';
/** Shopify's limit for a compressed UI extension. */
const MOST_BYTES = 64_000;

let browser: Browser;
let page: Page;
const bundles = new Map<string, string>();

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, 'extensions', entry)],
    tsconfig: path.join(ROOT, 'extensions/tsconfig.json'),
    bundle: true,
    write: false,
    format: 'esm',
    minify: true,
    target: 'es2020',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

beforeAll(async () => {
  bundles.set('/block.js', await bundle('customer-block/src/Block.tsx'));
  bundles.set('/templates.js', await bundle('segment-templates/src/templates.ts'));
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  page = await browser.newPage();
  await page.route(`${ADDRESS}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const script = bundles.get(pathname);
    if (script !== undefined) return route.fulfill({ contentType: 'text/javascript', body: script });
    return pathname === '/'
      ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' })
      : route.fulfill({ status: 404 });
  });
  await page.goto(ADDRESS);
});
afterEach(() => page.close());

/** How the app answers at `pathname`. */
function answer(pathname: string, reply: { status?: number; json?: unknown } | 'no connection') {
  return page.route(`${ADDRESS}${pathname}`, (route) =>
    reply === 'no connection'
      ? route.abort()
      : route.fulfill({ status: reply.status ?? 200, json: reply.json ?? {} }),
  );
}

/** Loads the module as Shopify does, and runs what it exports. In text: the browser imports it, not this process. */
const runModule = (address: string) =>
  page.evaluate(`import('${address}').then((module) => module.default())`);

async function showBlock(gid: string): Promise<void> {
  await page.evaluate(`globalThis.shopify = { data: { selected: [{ id: '${gid}' }] } }`);
  await runModule('/block.js');
}

const text = () => page.locator('s-admin-block').innerText();

describe('the block on the page of a customer', () => {
  it('shows life-cycle, spent, segments with why, and the way to the app', async () => {
    await answer('/api/customers/160', {
      json: {
        lifeCycle: 'Best away',
        spent: '1,200.00 EUR',
        orders: 3,
        segments: [
          {
            name: 'VIP',
            since: 'since 22 November 2026, because of the date',
            why: ['Spent in the last 365 days: 1,200.00 EUR'],
          },
        ],
      },
    });
    await showBlock('gid://shopify/Customer/160');
    await page.locator('s-badge').waitFor({ state: 'attached' });
    const shown = await text();
    for (const words of [
      'Best away',
      '1,200.00 EUR spent in 3 orders',
      'VIP',
      'because of the date',
      'Spent in the last 365 days: 1,200.00 EUR',
    ]) {
      expect(shown).toContain(words);
    }
    expect(await page.locator('s-link').getAttribute('href')).toBe('app:customers/160');
    expect(await page.locator('s-admin-block').getAttribute('heading')).toBe('Segments');
  });

  it('says one order, and that there is no segment', async () => {
    await answer('/api/customers/7', {
      json: { lifeCycle: null, spent: '5.00 EUR', orders: 1, segments: [] },
    });
    await showBlock('gid://shopify/Customer/7');
    await page.getByText('In none of the segments').waitFor({ state: 'attached' });
    expect(await text()).toContain('5.00 EUR spent in 1 order');
    expect(await page.locator('s-badge').count()).toBe(0);
  });

  it.each([
    ['a customer that is not read yet', { status: 404 }, 'has not read this customer yet'],
    ['a fault of the app', { status: 500 }, 'could not be read just now'],
    ['no connection', 'no connection' as const, 'could not be read just now'],
  ])('%s', async (_, reply, words) => {
    await answer('/api/customers/8', reply);
    await showBlock('gid://shopify/Customer/8');
    await page.getByText(words).waitFor({ state: 'attached' });
  });

  it('shows that it is loading until the app answers', async () => {
    let go: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (go = resolve));
    await page.route(`${ADDRESS}/api/customers/9`, async (route) => {
      await answered;
      await route.fulfill({ json: { lifeCycle: null, spent: '0.00 EUR', orders: 0, segments: [] } });
    });
    await showBlock('gid://shopify/Customer/9');
    expect(await page.locator('s-spinner').getAttribute('accessibilityLabel')).toBe('Loading segments');
    go();
    await page.getByText('In none of the segments').waitFor({ state: 'attached' });
    expect(await page.locator('s-spinner').count()).toBe(0);
    expect(await text()).toContain('0.00 EUR spent in 0 orders');
  });

  it('shows long names whole, many segments, and two of the same name', async () => {
    const name = 'A segment with a name as long as Shopify takes it '.repeat(5).trim();
    const segments = Array.from({ length: 30 }, (_, i) => ({
      name: i < 2 ? name : `Segment ${i}`,
      since: 'since today',
      why: ['<b>no</b> markup'],
    }));
    await answer('/api/customers/10', {
      json: { lifeCycle: 'Best away', spent: '1.00 EUR', orders: 2, segments },
    });
    await showBlock('gid://shopify/Customer/10');
    await page.getByText('Segment 29').waitFor({ state: 'attached' });
    const shown = await text();
    expect(shown.split(name).length - 1).toBe(2);
    expect(shown).toContain('<b>no</b> markup');
    expect(await page.locator('s-admin-block').getAttribute('collapsedSummary')).toBe('Best away, 1.00 EUR');
  });

  it('asks nothing for an id that is not of a customer', async () => {
    let asked = 0;
    await page.route(`${ADDRESS}/api/**`, (route) => ((asked += 1), route.abort()));
    await showBlock('gid://shopify/Order/8');
    await page.getByText('has not read this customer yet').waitFor({ state: 'attached' });
    expect(asked).toBe(0);
  });
});

describe('the templates of the segment editor', () => {
  const templates = () => runModule('/templates.js');

  it('are what the app says', async () => {
    const one = {
      title: 'VIP',
      description: 'Spent 1,000',
      query: "customer_tags CONTAINS 'regulars-vip'",
      queryToInsert: "customer_tags CONTAINS 'regulars-vip'",
      createdOn: '2026-11-22T00:00:00.000Z',
    };
    await answer('/api/segment-templates', { json: { templates: [one] } });
    expect(await templates()).toEqual({ templates: [one] });
  });

  it('are none while no segment is on', async () => {
    await answer('/api/segment-templates', { json: { templates: [] } });
    expect(await templates()).toEqual({ templates: [] });
  });

  it.each([{ status: 500 }, 'no connection' as const])('are none after %j', async (reply) => {
    await answer('/api/segment-templates', reply);
    expect(await templates()).toEqual({ templates: [] });
  });
});

it('both are within Shopify’s limit of size', () => {
  for (const script of bundles.values()) expect(gzipSync(script).length).toBeLessThan(MOST_BYTES);
  expect(bundles.size).toBe(2);
});
