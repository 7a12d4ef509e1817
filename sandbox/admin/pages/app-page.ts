/**
 * The frame around the embedded app. The first address carries what Shopify's admin gives: shop, host,
 * id_token, embedded, locale. The address of this page follows the app's own (assets/frame.js).
 */
import { appAddress } from '../../access/app-address.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import { html } from '../html.ts';
import { page, storePath } from '../layout.ts';

/** Within the app's own origin, whatever the path says. */
function addressWithin(sandbox: Sandbox, appUrl: string, domain: string, path: string): URL {
  const address = new URL(appAddress(sandbox, domain, path));
  return address.origin === new URL(appUrl).origin ? address : new URL(appAddress(sandbox, domain, '/'));
}

export function appPage(store: Store, request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const base = `${storePath(store)}/apps/regulars`;
  // The app's script talks to the sandbox's own address only.
  if (request.headers.host !== undefined && request.headers.host !== new URL(sandbox.url).host) {
    return {
      status: 302,
      headers: { location: `${sandbox.url}${request.url.pathname}${request.url.search}` },
    };
  }
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
  const address = addressWithin(sandbox, sandbox.appUrl, store.shop.domain, path);
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
