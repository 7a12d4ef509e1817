/** What the store holds, and the way to the app. */
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import { html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { number } from '../words.ts';

/** Every store of this sandbox, with the way into each. */
export function storesPage(sandbox: Sandbox, store: Store): SandboxAnswer {
  return page(
    store,
    'home',
    'Stores',
    html`<h1>Stores</h1>
      <ul class="orders card" aria-label="Stores">
        ${[...sandbox.stores.values()].map(
          (one) =>
            html`<li class="row">
              <a href="${storePath(one)}">${one.shop.name}</a>
              <span class="quiet">${one.shop.domain} · ${one.shop.currency} · ${one.shop.plan} plan</span>
              <span class="quiet">${number(one.customerCount())} customers</span>
            </li>`,
        )}
      </ul>`,
  );
}

export function homePage(store: Store, _request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const base = storePath(store);
  const { domain, currency, ianaTimezone, plan } = store.shop;
  const counts: [string, number, string][] = [
    ['Customers', store.customerCount(), `${base}/customers`],
    ['Orders', store.orderCount(), `${base}/orders`],
    ['Products', store.productCount(), `${base}/products`],
    ['Collections', store.collections.size, `${base}/collections`],
  ];
  const others = [...sandbox.stores.values()].filter((other) => other !== store);
  return page(
    store,
    'home',
    'Home',
    html`<h1>${store.shop.name}</h1>
      <p>
        A store on your machine. Its Admin API, webhooks and this admin stand in for Shopify’s; nothing here
        leaves the machine.
      </p>
      <dl class="counts">
        ${counts.map(
          ([label, count, link]) =>
            html`<div>
              <dt>${label}</dt>
              <dd><a href="${link}">${number(count)}</a></dd>
            </div>`,
        )}
      </dl>
      <p><a class="button" href="${base}/apps/regulars">Open Regulars</a></p>
      <h2>Try it</h2>
      <ol>
        <li>
          Open a <a href="${base}/customers">customer</a> and place an order: their tags change in seconds.
        </li>
        <li>
          <a href="${base}/panel#clock">Advance the clock</a> a few days: who has been quiet too long moves
          on.
        </li>
        <li>Watch the <a href="${base}/panel">API calls and webhooks</a> go by.</li>
      </ol>
      <p class="quiet">
        ${domain} · ${currency} · ${ianaTimezone} · ${plan} plan ·
        ${sandbox.access.isInstalled(domain) ? 'Regulars is installed' : 'Regulars is not installed yet: open it'}
      </p>
      ${
        others.length > 0
          ? html`<h2>Other stores</h2>
              <ul>
                ${others.map((other) => html`<li><a href="${storePath(other)}">${other.shop.name}</a></li>`)}
              </ul>`
          : null
      }`,
  );
}
