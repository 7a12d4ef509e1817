/** One webhook: where it went, with which headers and body, and how each attempt ended. */
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Store } from '../../store/store.ts';
import { webhookHeaders } from '../../webhooks/sign-webhook.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { attemptsOf } from './panel-live.ts';

const REMEMBERED = 1_000;

export function deliveryPage(store: Store, request: SandboxRequest, webhooks: Webhooks): SandboxAnswer {
  const base = storePath(store);
  const wanted = Number(request.params['number']);
  const delivery = webhooks.queue
    .recent(store.shop.domain, REMEMBERED)
    .find(({ number }) => number === wanted);
  if (!delivery) {
    const missing = html`<h1>No such webhook</h1>
      <p>Only the last few hundred are remembered. <a href="${base}/panel">The panel</a></p>`;
    return page(store, 'panel', 'Not found', missing, { status: 404 });
  }
  // Without the signature: it is made anew for every attempt, and nobody needs to copy it.
  const headers = Object.entries(webhookHeaders(delivery.envelope, delivery.body, '')).filter(
    ([name]) => name !== 'x-shopify-hmac-sha256',
  );
  return page(
    store,
    'panel',
    delivery.envelope.topic,
    html`<p><a href="${base}/panel">Panel</a></p>
      <h1>${delivery.envelope.topic}</h1>
      <p>
        <span class="badge ${delivery.state}">${delivery.state}</span> to ${delivery.url}
        ${delivery.stale ? 'once more, with the body of then' : null}
        ${delivery.subscriptionId ? ` · subscription ${delivery.subscriptionId} of the API` : ' · subscription of shopify.app.toml'}
      </p>
      <section class="card" aria-labelledby="attempts">
        <h2 id="attempts">Attempts</h2>
        ${attemptsOf(delivery, store)}
      </section>
      <section class="card" aria-labelledby="headers">
        <h2 id="headers">Headers</h2>
        <dl class="facts">
          ${headers.map(
            ([name, value]) =>
              html`<div>
                <dt>${name}</dt>
                <dd class="wrap">${value}</dd>
              </div>`,
          )}
        </dl>
      </section>
      <section class="card" aria-labelledby="body">
        <h2 id="body">Body</h2>
        <pre class="scroll" tabindex="0">${JSON.stringify(JSON.parse(delivery.body), null, 2)}</pre>
      </section>`,
  );
}
