/**
 * The frame around the embedded app. The first address carries what Shopify's admin gives: shop, host,
 * id_token, embedded, locale. The address of this page follows the app's own (assets/frame.js).
 */
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import { html } from '../html.ts';
import { page, storeName, storePath } from '../layout.ts';

/** base64 of "admin.shopify.com/store/NAME", as the library checks it: no characters of base64url. */
export function hostOf(store: Store): string {
  return Buffer.from(`admin.shopify.com/store/${storeName(store)}`)
    .toString('base64')
    .replace(/=+$/, '');
}

/** Where the app is opened. @param path "/" or a path of the app, with its own query */
export function appAddress(sandbox: Sandbox, store: Store, appUrl: string, path: string): URL {
  const base = new URL(appUrl);
  const address = new URL(base);
  const [pathname = '/', query = ''] = path.split('?', 2);
  address.pathname = pathname;
  address.search = query;
  const given = {
    embedded: '1',
    shop: store.shop.domain,
    host: hostOf(store),
    id_token: sandbox.sessionTokenFor(store.shop.domain),
    locale: 'en',
    session: '1',
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [name, value] of Object.entries(given)) address.searchParams.set(name, value);
  return address;
}

export function appPage(store: Store, request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const base = `${storePath(store)}/apps/regulars`;
  if (!sandbox.appUrl) {
    return page(
      store,
      'app',
      'Regulars',
      html`<h1>Regulars</h1>
        <p class="empty">The app is not running: the sandbox was started without its address.</p>`,
    );
  }
  const path = `/${request.params['rest'] ?? ''}${request.url.search}`;
  const address = appAddress(sandbox, store, sandbox.appUrl, path);
  return page(
    store,
    'app',
    'Regulars',
    html`<h1 class="unseen">Regulars</h1>
      <div
        id="app-frame"
        data-app-origin="${address.origin}"
        data-base="${base}"
        data-token="${storePath(store)}/session-token"
        data-shop="${store.shop.domain}"
      >
        <div class="title-bar" id="title-bar" hidden></div>
        <div class="save-bar" id="save-bar" role="region" aria-label="Unsaved changes" hidden>
          <span>Unsaved changes</span>
          <button type="button" id="save-bar-discard">Discard</button>
          <button type="button" id="save-bar-save" class="primary">Save</button>
        </div>
        <div
          class="progress"
          id="app-loading"
          role="progressbar"
          aria-label="The app is loading"
          hidden
        ></div>
        <iframe id="app" name="app-iframe" title="Regulars" src="${address.toString()}"></iframe>
        <div class="toasts" id="toasts" role="status" aria-live="polite"></div>
      </div>`,
    { frameSource: address.origin },
  );
}
