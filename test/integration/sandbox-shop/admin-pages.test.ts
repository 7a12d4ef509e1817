/** The admin over HTTP, without a browser: what it shows, what its forms do, what it refuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { createCollection } from '../../../sandbox/acts/change-collection.ts';
import { createProduct } from '../../../sandbox/acts/change-product.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import type { SandboxCustomer } from '../../../sandbox/store/model.ts';
import type { Store } from '../../../sandbox/store/store.ts';

const APP = 'http://localhost:59999';
const NASTY = `"><script>alert(1)</script>&'`;
let sandbox: Sandbox;
let store: Store;
let nasty: SandboxCustomer;
const base = '/store/pages-test';

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'the-secret-of-this-test',
    appUrl: APP,
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      {
        domain: 'pages-test.myshopify.com',
        currency: 'EUR',
        timeZone: 'Europe/Berlin',
        seed: { customers: 130, seed: 3 },
      },
    ],
  });
  store = [...sandbox.stores.values()][0] as Store;
  nasty = createCustomer(store, { firstName: NASTY, email: 'nasty@example.com', tags: [NASTY] });
  placeOrder(store, { customer: nasty.id, lines: [{ title: NASTY, price: '5' }] });
});

afterAll(() => sandbox.close());

async function get(path: string) {
  const response = await fetch(sandbox.url + path, { redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function post(act: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${sandbox.url}${base}/acts/${act}`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams(fields),
  });
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    text: await response.text(),
  };
}

describe('pages', () => {
  it('begin at the first store', async () => {
    const { status, headers } = await get('/');
    expect([status, headers.get('location')]).toEqual([302, base]);
  });

  it('show nothing as markup that a customer, a tag or a line brought along', async () => {
    const [order] = store.ordersOf(nasty.id);
    const product = createProduct(store, { title: NASTY, vendor: NASTY, tags: [NASTY] });
    const collection = createCollection(store, { title: NASTY, products: [product.id] });
    const paths = [
      `/customers?q=nasty`,
      `/customers?q=${encodeURIComponent(NASTY)}`,
      `/customers?tag=${encodeURIComponent(NASTY)}`,
      `/customers/${nasty.id}`,
      `/customers/${nasty.id}?form=place-order&error=${encodeURIComponent(NASTY)}`,
      `/orders?q=${encodeURIComponent(NASTY)}`,
      `/orders/${order?.id}`,
      `/orders/new?customer=${nasty.id}`,
      `/products?q=${encodeURIComponent(NASTY)}`,
      `/products/${product.id}`,
      `/collections`,
      `/collections/${collection.id}`,
      `/panel`,
      `/panel?form=storm&said=${encodeURIComponent(NASTY)}`,
      `/apps/regulars/${encodeURIComponent(NASTY)}?x=${encodeURIComponent(NASTY)}`,
    ];
    for (const path of paths) {
      const { status, text, headers } = await get(base + path);
      expect([path, status]).toEqual([path, 200]);
      expect(text.includes('<script>alert'), path).toBe(false);
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(text).not.toMatch(/<script(?![^>]*src=)/);
    }
  });

  it('find customers by words, by tag and by the filters of the API', async () => {
    const rows = async (query: string) =>
      (await get(`${base}/customers?${query}`)).text.match(/data-testid="customer-row"/g)?.length ?? 0;
    expect(await rows('q=NASTY@example.com')).toBe(1);
    expect(await rows(`q=${encodeURIComponent('email:nasty@example.com orders_count:1')}`)).toBe(1);
    expect(await rows(`q=${encodeURIComponent('email:nasty@example.com orders_count:>1')}`)).toBe(0);
    expect(await rows(`tag=${encodeURIComponent(NASTY)}`)).toBe(1);
    expect((await get(`${base}/customers?tag=no-such`)).text).toContain('No customer fits.');
    expect((await get(`${base}/customers?q=${encodeURIComponent('no_such_filter:1')}`)).text).toMatch(
      /role="alert">no_such_filter: Invalid/,
    );
    expect((await get(`${base}/customers?q=%28`)).text).toContain('role="alert"');
    expect((await get(`${base}/orders?q=${encodeURIComponent('financial_status:refunded')}`)).status).toBe(
      200,
    );
    expect((await get(`${base}/orders?q=nasty@example.com`)).text).toContain('nasty@example.com</a');
  });

  it('go through all records page by page, forwards and back', async () => {
    const walk = async (from: string, rel: string) => {
      const pages: string[][] = [];
      let next: string | undefined = from;
      while (next !== undefined) {
        const { text }: { text: string } = await get(next);
        pages.push([...text.matchAll(/<a href="[^"]*\/customers\/(\d+)"/g)].map(([, id = '']) => id));
        const link: string | undefined = new RegExp(`rel="${rel}" href="([^"]*)"`).exec(text)?.[1];
        next = link?.replaceAll('&amp;', '&');
        if (next === undefined) return { pages, last: text };
      }
      throw new Error('no page');
    };
    const { pages, last } = await walk(`${base}/customers`, 'next');
    expect(pages.map((page) => page.length)).toEqual([50, 50, store.customerCount() - 100]);
    expect(new Set(pages.flat()).size).toBe(store.customerCount());
    const previous = /rel="prev" href="([^"]*)"/.exec(last)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const back = await walk(previous, 'prev');
    expect(back.pages).toEqual([pages[1], pages[0]]);
    expect((await get(`${base}/customers?after=nonsense`)).text).toContain('customer-row');
  });

  it('say what is not there', async () => {
    expect((await get(`${base}/customers/1`)).status).toBe(404);
    expect((await get(`${base}/customers/1/live`)).status).toBe(404);
    expect((await get(`${base}/orders/1`)).status).toBe(404);
    for (const path of ['products/1', 'collections/1', 'panel/deliveries/1', 'pick/planets']) {
      expect([path, (await get(`${base}/${path}`)).status]).toEqual([path, 404]);
    }
    expect((await get(`/store/nowhere`)).status).toBe(404);
  });

  it('send the parts of a customer that change', async () => {
    const live = async () =>
      JSON.parse((await get(`${base}/customers/${nasty.id}/live`)).text) as {
        tags: string[];
        parts: Record<string, string>;
      };
    expect((await live()).tags).toHaveLength(1);
    nasty.tags = ['regulars-new'];
    store.putCustomer(nasty);
    const after = await live();
    expect(JSON.stringify(after.parts)).not.toContain('<script>');
    expect(after.parts['live-tags']).toContain('<li>regulars-new</li>');
    expect(after.parts['live-tags']).toContain('aria-label="Tags"');
  });
});

describe('forms', () => {
  it('place an order and come back to the page with a sentence', async () => {
    const back = `${base}/customers/${nasty.id}`;
    const fields = {
      customer: nasty.id,
      amount: '12,50',
      status: 'authorised',
      daysAgo: '3',
      _back: back,
      _form: 'place-order',
    };
    const { status, location } = await post('place-order', fields);
    expect(status).toBe(303);
    expect(location.startsWith(`${back}?form=place-order&said=Order`)).toBe(true);
    const order = store.ordersOf(nasty.id).at(-1);
    expect(order).toMatchObject({
      totalMinor: 1250,
      financialStatus: 'AUTHORIZED',
      processedAt: '2026-11-19T11:00:00.000Z',
    });
    expect((await get(location)).text).toContain(`Order ${order?.name} placed.`);
  });

  it('answer a script with JSON, and a refusal with its sentence', async () => {
    const accept = { accept: 'application/json' };
    const { status, text } = await post('place-order', { customer: nasty.id, amount: 'much' }, accept);
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { error: 'price must be an amount such as 12.50', back: base },
    ]);
    const plain = await post('place-order', { amount: '', _form: 'place-order', _back: `${base}/orders` });
    expect(plain.location).toContain(`${base}/orders?form=place-order&error=An+order+needs`);
  });

  it('advance the business clock by whole days', async () => {
    await post('advance-clock', { days: '2' });
    expect(sandbox.clock.now().toISOString()).toBe('2026-11-24T11:00:00.000Z');
    const { location } = await post('advance-clock', { days: '-1', _form: 'advance-clock' });
    expect(location).toContain('error=');
    expect(sandbox.clock.now().toISOString()).toBe('2026-11-24T11:00:00.000Z');
  });

  it('refuse other sites, unknown acts and a way back to elsewhere', async () => {
    const before = store.orderCount();
    const stranger = await post('place-order', { amount: '5' }, { origin: 'https://evil.example' });
    expect([stranger.status, store.orderCount()]).toEqual([403, before]);
    expect((await post('place-order', { amount: '5' }, { origin: 'null' })).status).toBe(403);
    expect((await post('place-order', { amount: '5' }, { origin: sandbox.url })).status).toBe(303);
    expect((await post('constructor', {})).status).toBe(404);
    const { location } = await post('place-order', { amount: '5', _back: 'https://evil.example/' });
    expect(location.startsWith(`${base}?`)).toBe(true);
  });
});

describe('the frame', () => {
  const frameOf = (text: string) =>
    new URL((/<iframe[^>]*src="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&'));

  it('opens the app with what Shopify gives', async () => {
    const { text, headers } = await get(`${base}/apps/regulars/app/segments?sort=size`);
    const address = frameOf(text);
    expect(address.origin + address.pathname).toBe(`${APP}/app/segments`);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      sort: 'size',
      embedded: '1',
      shop: 'pages-test.myshopify.com',
      locale: 'en',
    });
    const host = Buffer.from(address.searchParams.get('host') ?? '', 'base64').toString();
    expect(host).toBe('admin.shopify.com/store/pages-test');
    expect(sandbox.access.shopOfSessionToken(address.searchParams.get('id_token') ?? '')).toBe(
      'pages-test.myshopify.com',
    );
    expect(headers.get('content-security-policy')).toContain(`frame-src ${APP}`);
    expect(frameOf((await get(`${base}/apps/regulars`)).text).pathname).toBe('/');
  });

  it('never frames another site, whatever the path', async () => {
    for (const path of ['//evil.example/x', '/%5Cevil.example', '/%2F%2Fevil.example']) {
      const { text } = await get(`${base}/apps/regulars${path}`);
      expect(frameOf(text).origin, path).toBe(APP);
    }
  });

  it('is opened under the address that the app’s script knows', async () => {
    const response = await fetch(`http://localhost:${sandbox.port}${base}/apps/regulars/app`, {
      redirect: 'manual',
    });
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      `${sandbox.url}${base}/apps/regulars/app`,
    ]);
  });

  it('hands out session tokens of its own store', async () => {
    const { idToken } = JSON.parse((await get(`${base}/session-token`)).text) as { idToken: string };
    expect(sandbox.access.shopOfSessionToken(idToken)).toBe('pages-test.myshopify.com');
  });

  it('serves App Bridge to the app’s own pages', async () => {
    const { status, headers, text } = await get('/app-bridge.js');
    expect([status, headers.get('cross-origin-resource-policy')]).toEqual([200, 'cross-origin']);
    expect(() => new Function(text)).not.toThrow();
  });
});
