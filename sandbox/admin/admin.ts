/** The admin: its pages, its files, the App Bridge stand-in, and what the frame asks for. */
import { readFileSync } from 'node:fs';
import { HttpError, htmlAnswer, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { html } from './html.ts';
import { storePath } from './layout.ts';
import { postAct } from './page-acts.ts';
import { appPage } from './pages/app-page.ts';
import { checkoutPage } from './pages/checkout-page.ts';
import { collectionPage, collectionsPage } from './pages/collections-page.ts';
import { customerLive, customerPage } from './pages/customer-page.ts';
import { customersPage } from './pages/customers-page.ts';
import { deliveryPage } from './pages/delivery-page.ts';
import { discountsPage } from './pages/discounts-page.ts';
import { homePage, storesPage } from './pages/home-page.ts';
import { orderPage } from './pages/order-page.ts';
import { newOrderPage, ordersPage } from './pages/orders-page.ts';
import { panelLive, panelPage } from './pages/panel-page.ts';
import { productPage, productsPage } from './pages/products-page.ts';
import { segmentPage, segmentsPage } from './pages/segments-page.ts';
import { pickResources } from './pick-resources.ts';
import { Timeline } from './timeline.ts';

const ASSETS = {
  'admin.css': 'text/css; charset=utf-8',
  'admin.js': 'text/javascript; charset=utf-8',
  'frame.js': 'text/javascript; charset=utf-8',
  'picker.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

type StorePage = (
  store: Store,
  request: SandboxRequest,
  sandbox: Sandbox,
) => SandboxAnswer | Promise<SandboxAnswer>;

function readAsset(name: string): Buffer {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url));
}

function storeOf(request: SandboxRequest, sandbox: Sandbox): Store {
  const store = sandbox.stores.get(`${request.params['name'] ?? ''}.myshopify.com`);
  if (!store) throw new HttpError(404, { error: `There is no store ${request.params['name'] ?? ''}` });
  return store;
}

function onStore(path: string, handle: StorePage, method: 'GET' | 'POST' = 'GET'): Route {
  return {
    method,
    path: `/store/:name${path}`,
    handle: (request, sandbox) => handle(storeOf(request, sandbox), request, sandbox),
  };
}

function asset(path: string, name: string, type: string): Route {
  const body = readAsset(name);
  const headers = {
    'content-type': type,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    // The app's own pages load App Bridge from here.
    'cross-origin-resource-policy': 'cross-origin',
  };
  return { method: 'GET', path, handle: () => ({ headers, body }) };
}

export function createAdmin(sandbox: Sandbox, webhooks: Webhooks): SandboxPlugin {
  const timeline = new Timeline(sandbox.stores.values());
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/',
      handle: (_request, sandbox) => {
        const [first] = sandbox.stores.values();
        if (!first) return htmlAnswer(html`<p>This sandbox has no store.</p>`.markup);
        return { status: 302, headers: { location: storePath(first) } };
      },
    },
    {
      method: 'GET',
      path: '/stores',
      handle: (_request, on) => {
        const [first] = on.stores.values();
        if (!first) throw new HttpError(404, { error: 'This sandbox has no store' });
        return storesPage(on, first);
      },
    },
    ...Object.entries(ASSETS).map(([name, type]) => asset(`/admin-assets/${name}`, name, type)),
    asset('/app-bridge.js', 'app-bridge.js', 'text/javascript; charset=utf-8'),
    asset('/favicon.ico', 'icon.svg', 'image/svg+xml'),
    onStore('', homePage),
    onStore('/customers', customersPage),
    onStore('/customers/:id', (store, request) => customerPage(store, request, timeline)),
    onStore('/customers/:id/live', (store, request) => customerLive(store, request, timeline)),
    onStore('/orders', ordersPage),
    onStore('/orders/new', newOrderPage),
    onStore('/orders/:id', orderPage),
    onStore('/products', productsPage),
    onStore('/products/:id', productPage),
    onStore('/collections', collectionsPage),
    onStore('/collections/:id', collectionPage),
    onStore('/segments', segmentsPage),
    onStore('/segments/:id', segmentPage),
    onStore('/discounts', discountsPage),
    onStore('/checkout', checkoutPage),
    onStore('/panel', (store, request, on) => panelPage(store, request, on, webhooks)),
    onStore('/panel/live', (store, _request, on) => panelLive(store, on, webhooks)),
    onStore('/panel/deliveries/:number', (store, request) => deliveryPage(store, request, webhooks)),
    onStore('/pick/:kind', pickResources),
    onStore('/scopes', (store, _request, on) => {
      const granted = on.access.scopesOf(store.shop.domain);
      return jsonAnswer({ granted, ...webhooks.appScopes }, 200, { 'cache-control': 'no-store' });
    }),
    onStore('/acts/:act', (store, request, on) => postAct(store, request, on, webhooks), 'POST'),
    onStore('/session-token', (store, _request, sandbox) =>
      jsonAnswer({ idToken: sandbox.sessionTokenFor(store.shop.domain) }, 200, {
        'cache-control': 'no-store',
      }),
    ),
    onStore('/apps/regulars/*rest', appPage),
  ];
  return {
    name: 'admin',
    routes,
    storeAdded: (store) => timeline.follow(store),
    close: async () => timeline.close(),
  };
}
