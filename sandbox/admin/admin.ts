/** The admin: its pages, its files, the App Bridge stand-in, and what the frame asks for. */
import { readFileSync } from 'node:fs';
import { HttpError, htmlAnswer, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryQueue } from '../webhooks/delivery-queue.ts';
import { html } from './html.ts';
import { storePath } from './layout.ts';
import { postAct } from './page-acts.ts';
import { activityLive, activityPage } from './pages/activity-page.ts';
import { appPage } from './pages/app-page.ts';
import { customerLive, customerPage } from './pages/customer-page.ts';
import { customersPage } from './pages/customers-page.ts';
import { homePage } from './pages/home-page.ts';
import { orderPage, ordersPage } from './pages/orders-page.ts';

const ASSETS = {
  'admin.css': 'text/css; charset=utf-8',
  'admin.js': 'text/javascript; charset=utf-8',
  'frame.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

type StorePage = (store: Store, request: SandboxRequest, sandbox: Sandbox) => SandboxAnswer;

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

export function createAdmin(queue: DeliveryQueue): SandboxPlugin {
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
    ...Object.entries(ASSETS).map(([name, type]) => asset(`/admin-assets/${name}`, name, type)),
    asset('/app-bridge.js', 'app-bridge.js', 'text/javascript; charset=utf-8'),
    asset('/favicon.ico', 'icon.svg', 'image/svg+xml'),
    onStore('', homePage),
    onStore('/customers', customersPage),
    onStore('/customers/:id', customerPage),
    onStore('/customers/:id/live', customerLive),
    onStore('/orders', ordersPage),
    onStore('/orders/:id', orderPage),
    onStore('/activity', (store, request, sandbox) => activityPage(store, request, sandbox, queue)),
    onStore('/activity/live', (store, _request, sandbox) => activityLive(store, sandbox, queue)),
    onStore('/acts/:act', (store, request, sandbox) => postAct(store, request, sandbox, queue), 'POST'),
    onStore('/session-token', (store, _request, sandbox) =>
      jsonAnswer({ idToken: sandbox.sessionTokenFor(store.shop.domain) }, 200, {
        'cache-control': 'no-store',
      }),
    ),
    onStore('/apps/regulars/*rest', appPage),
  ];
  return { name: 'admin', routes };
}
