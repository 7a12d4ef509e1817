/** What stands around every page of a store: header with the business clock, navigation, main part. */
import type { SandboxAnswer } from '../http/route.ts';
import { htmlAnswer } from '../http/route.ts';
import type { Store } from '../store/store.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { dateTime } from './words.ts';

export type Section =
  'home' | 'orders' | 'customers' | 'segments' | 'products' | 'collections' | 'discounts' | 'panel' | 'app';

const SECTIONS: readonly [Section, string, string][] = [
  ['home', '', 'Home'],
  ['orders', '/orders', 'Orders'],
  ['customers', '/customers', 'Customers'],
  ['segments', '/segments', 'Segments'],
  ['products', '/products', 'Products'],
  ['collections', '/collections', 'Collections'],
  ['discounts', '/discounts', 'Discounts'],
  ['panel', '/panel', 'Panel'],
];

/** "/store/NAME" of a store. */
export function storePath(store: Store): string {
  return `/store/${encodeURIComponent(storeName(store))}`;
}

export function storeName(store: Store): string {
  return store.shop.domain.replace(/\.myshopify\.com$/, '');
}

const NO_INLINE = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"; // prettier-ignore

/** @param frameSource origin that the page may embed */
export function page(
  store: Store,
  section: Section,
  title: string,
  main: Html,
  options: { frameSource?: string; status?: number } = {},
): SandboxAnswer {
  const base = storePath(store);
  const current = (one: Section) => (one === section ? html` aria-current="page"` : null);
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${store.shop.name}</title>
        <link rel="stylesheet" href="/admin-assets/admin.css" />
        <link rel="icon" href="/admin-assets/icon.svg" type="image/svg+xml" />
        <script src="/admin-assets/admin.js" type="module"></script>
      </head>
      <body data-section="${section}">
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="shop" href="${base}">${store.shop.name}</a>
          <a class="switch" href="/stores">All stores</a>
          <span class="local">Local store, not Shopify</span>
          <a class="clock" href="${base}/panel#clock"
            ><span class="quiet">It is</span>
            <time id="business-clock">${dateTime(store.clock.now().toISOString(), store)}</time></a
          >
        </header>
        <div class="body">
          <nav class="side" aria-label="Store">
            <ul>
              ${SECTIONS.map(
                ([one, path, label]) => html`<li><a href="${base}${path}" ${current(one)}>${label}</a></li>`,
              )}
            </ul>
            <h2 id="apps">Apps</h2>
            <ul aria-labelledby="apps" id="app-navigation">
              <li><a href="${base}/apps/regulars" ${current('app')}>Regulars</a></li>
            </ul>
          </nav>
          <main id="main" tabindex="-1">${main}</main>
        </div>
      </body>
    </html>`;
  const policy = options.frameSource ? `${NO_INLINE}; frame-src ${options.frameSource}` : NO_INLINE;
  return htmlAnswer(document.markup, options.status ?? 200, {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
}
