/** API calls and webhooks as they go by, and the business clock. */
import { jsonAnswer } from '../../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import type { Delivery, DeliveryQueue } from '../../webhooks/delivery-queue.ts';
import { actForm, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { clockTime, dateTime, number, plural } from '../words.ts';

const SHOWN = 40;

function attemptsOf(delivery: Delivery, store: Store): Html {
  if (delivery.attempts.length === 0) return html`<span class="quiet">none yet</span>`;
  return html`<ol class="attempts">
    ${delivery.attempts.map(({ at, outcome }) => {
      const what = outcome.outcome === 'unreachable' ? outcome.reason : outcome.status;
      return html`<li>${clockTime(at, store)} ${what}</li>`;
    })}
  </ol>`;
}

function apiCalls(store: Store, sandbox: Sandbox): Html {
  const calls = sandbox.apiLog.recent(store.shop.domain).slice(-SHOWN).reverse();
  if (calls.length === 0) return html`<p class="empty">No calls yet.</p>`;
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Time</th>
        <th scope="col">Fields</th>
        <th scope="col" class="number">Cost</th>
        <th scope="col">Answer</th>
      </tr>
    </thead>
    <tbody>
      ${calls.map(
        (call) =>
          html`<tr>
            <td>${clockTime(call.at, store)}</td>
            <td>${summary(call.fields)}</td>
            <td class="number" data-label="Cost">
              ${call.requestedCost === null ? '–' : number(call.requestedCost)}
            </td>
            <td>
              ${call.throttled ? html`<span class="badge failed">Throttled</span>` : null}
              ${
                call.errors > 0 && !call.throttled
                  ? html`<span class="badge failed">${plural(call.errors, 'error')}</span>`
                  : null
              }
              <span class="quiet">${number(Math.round(call.milliseconds))} ms</span>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** "tagsAdd × 50, tagsRemove". */
function summary(fields: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} × ${number(count)}`)).join(', ');
}

function deliveries(store: Store, queue: DeliveryQueue): Html {
  const recent = queue.recent(store.shop.domain, SHOWN);
  if (recent.length === 0) return html`<p class="empty">No webhooks yet.</p>`;
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Caused</th>
        <th scope="col">Topic</th>
        <th scope="col">State</th>
        <th scope="col">Attempts</th>
      </tr>
    </thead>
    <tbody>
      ${recent.map(
        (delivery) =>
          html`<tr>
            <td>${clockTime(delivery.envelope.triggeredAt, store)}</td>
            <td>${delivery.envelope.topic}</td>
            <td><span class="badge ${delivery.state}">${delivery.state}</span></td>
            <td>${attemptsOf(delivery, store)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function liveParts(store: Store, sandbox: Sandbox, queue: DeliveryQueue): Record<string, Html> {
  const api = sandbox.apiLog.counts(store.shop.domain);
  const webhooks = queue.statistics(store.shop.domain);
  return {
    'live-api-counts': html`${plural(api.requests, 'call')}, ${number(api.throttled)} throttled,
    ${plural(api.bulkOperations, 'bulk operation')}`,
    'live-api': apiCalls(store, sandbox),
    'live-webhook-counts': html`${number(webhooks.delivered)} delivered, ${number(webhooks.pending)} pending,
    ${number(webhooks.failed)} given
    up${webhooks.dropped > 0 ? `, ${number(webhooks.dropped)} lost on purpose` : ''}`,
    'live-webhooks': deliveries(store, queue),
    'live-clock': html`${dateTime(store.clock.now().toISOString(), store)}
      <span class="quiet">${sandbox.clock.state().running ? 'and running' : 'and standing still'}</span>`,
  };
}

export function activityLive(store: Store, sandbox: Sandbox, queue: DeliveryQueue): SandboxAnswer {
  const parts = Object.entries(liveParts(store, sandbox, queue)).map(([id, part]) => [id, part.markup]);
  return jsonAnswer({
    clock: dateTime(store.clock.now().toISOString(), store),
    parts: Object.fromEntries(parts),
  });
}

export function activityPage(
  store: Store,
  request: SandboxRequest,
  sandbox: Sandbox,
  queue: DeliveryQueue,
): SandboxAnswer {
  const base = storePath(store);
  const back = `${base}/activity`;
  const parts = liveParts(store, sandbox, queue);
  const said = readSaid(request.url);
  return page(
    store,
    'activity',
    'Activity',
    html`<div data-live="${base}/activity/live">
      <h1>Activity</h1>
      <section class="card" aria-labelledby="clock">
        <h2 id="clock">Business clock</h2>
        <p class="big" id="live-clock">${parts['live-clock']}</p>
        ${actForm(
          store,
          {
            id: 'advance-clock',
            act: 'advance-clock',
            back,
            fields: field('Advance by days', 'days', { type: 'number', required: true, value: '1' }),
            button: 'Advance',
          },
          said,
        )}
      </section>
      <section class="card" aria-labelledby="webhooks">
        <h2 id="webhooks">Webhooks</h2>
        <p id="live-webhook-counts">${parts['live-webhook-counts']}</p>
        ${actForm(
          store,
          { id: 'retry-now', act: 'retry-now', back, button: 'Send waiting retries now' },
          said,
        )}
        <div class="scroll" id="live-webhooks" tabindex="0" role="region" aria-label="Webhook deliveries">
          ${parts['live-webhooks']}
        </div>
      </section>
      <section class="card" aria-labelledby="api">
        <h2 id="api">Admin API</h2>
        <p id="live-api-counts">${parts['live-api-counts']}</p>
        <div class="scroll" id="live-api" tabindex="0" role="region" aria-label="API calls">
          ${parts['live-api']}
        </div>
      </section>
      <section class="card" aria-labelledby="installation">
        <h2 id="installation">The app</h2>
        ${actForm(store, { id: 'uninstall-app', act: 'uninstall-app', back, button: 'Uninstall Regulars', danger: true }, said)}
      </section>
    </div>`,
  );
}
