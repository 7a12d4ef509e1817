/** The parts of the panel that are sent again every second: calls, deliveries, faults, storms, the clock. */
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import type { Delivery } from '../../webhooks/delivery.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { actForm } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { storePath } from '../layout.ts';
import { clockTime, dateTime, number, plural } from '../words.ts';

const SHOWN = 40;
const SHOWN_STORMS = 5;

/** By the id of their element. */
export function liveParts(store: Store, sandbox: Sandbox, webhooks: Webhooks): Record<string, Html> {
  const { domain } = store.shop;
  const api = sandbox.apiLog.counts(domain);
  const sent = webhooks.queue.statistics(domain);
  return {
    'live-clock': html`${dateTime(store.clock.now().toISOString(), store)}
      <span class="quiet">${sandbox.clock.state().running ? 'and running' : 'and standing still'}</span>`,
    'live-storms': storms(store, sandbox),
    'live-faults': faults(store, sandbox),
    'live-webhook-faults': webhookFaults(webhooks),
    'live-api-counts': html`${plural(api.requests, 'call')}, ${number(api.throttled)} throttled,
    ${plural(api.bulkOperations, 'bulk operation')}`,
    'live-api': apiCalls(store, sandbox),
    'live-webhook-counts': html`${number(sent.delivered)} delivered, ${number(sent.pending)} pending,
    ${number(sent.failed)} given up${sent.dropped > 0 ? `, ${number(sent.dropped)} lost on purpose` : ''}`,
    'live-webhooks': deliveries(store, webhooks),
    'live-flow': flowTriggers(store),
  };
}

export function attemptsOf(delivery: Delivery, store: Store): Html {
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
        <th scope="col" class="number">Points left</th>
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
              ${call.requestedCost === null ? '–' : number(call.requestedCost)}${
                call.actualCost === null ? '' : ` (${number(call.actualCost)})`
              }
            </td>
            <td class="number" data-label="Points left">${number(Math.floor(call.available))}</td>
            <td>
              ${call.status === 200 ? null : html`<span class="badge failed">HTTP ${call.status}</span>`}
              ${call.throttled ? html`<span class="badge failed">Throttled</span>` : null}
              ${
                call.errors > 0 && !call.throttled
                  ? html`<span class="badge failed">${plural(call.errors, 'error')}</span>`
                  : null
              }
              ${call.faults.map((name) => html`<span class="badge dropped">fault: ${name}</span> `)}
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

function deliveries(store: Store, webhooks: Webhooks): Html {
  const recent = webhooks.queue.recent(store.shop.domain, SHOWN);
  if (recent.length === 0) return html`<p class="empty">No webhooks yet.</p>`;
  const base = storePath(store);
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
            <td>
              <a href="${base}/panel/deliveries/${delivery.number}">${delivery.envelope.topic}</a>
              ${delivery.stale ? html`<span class="badge dropped">stale</span>` : null}
            </td>
            <td><span class="badge ${delivery.state}">${delivery.state}</span></td>
            <td>${attemptsOf(delivery, store)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function flowTriggers(store: Store): Html {
  const all = [...store.flowTriggers.all()];
  if (all.length === 0) return html`<p class="empty">The app has told Flow nothing yet.</p>`;
  return html`<p>${plural(all.length, 'trigger')}, the last of them:</p>
    <ul class="orders" aria-label="Flow triggers">
      ${all
        .slice(-SHOWN)
        .reverse()
        .map(
          ({ handle, payload, receivedAt }) =>
            html`<li>
              ${clockTime(receivedAt, store)} <strong>${handle}</strong>
              <code class="quiet wrap">${JSON.stringify(payload)}</code>
            </li>`,
        )}
    </ul>`;
}

function storms(store: Store, sandbox: Sandbox): Html {
  const own = sandbox.control.storms().filter(({ shop }) => shop === store.shop.domain);
  if (own.length === 0) return html`<p class="quiet">None so far.</p>`;
  return html`<ul class="orders" aria-label="Storms">
    ${own
      .slice(-SHOWN_STORMS)
      .reverse()
      .map(
        (storm) =>
          html`<li>
            ${plural(storm.orders, 'order')} in ${plural(storm.seconds, 'second')}:
            <progress
              max="${storm.orders}"
              value="${storm.placed}"
              aria-label="Orders placed of storm ${storm.id}"
            ></progress>
            ${number(storm.placed)} placed,
            ${storm.state}${storm.took === null ? '' : ` after ${storm.took} s`}
          </li>`,
      )}
  </ul>`;
}

function faults(store: Store, sandbox: Sandbox): Html {
  const back = `${storePath(store)}/panel`;
  const counts = Object.entries(sandbox.faults.counts());
  const armed = sandbox.faults.armed();
  return html`${
      armed.length === 0
        ? html`<p class="quiet">No fault is armed.</p>`
        : html`<ul class="orders" aria-label="Armed faults">
            ${armed.map(
              (fault) =>
                html`<li class="row">
                  <strong>${fault.name}</strong>
                  <span class="badge ${fault.active ? 'pending' : ''}"
                    >${fault.active ? 'armed' : 'over'}</span
                  >
                  <span>${number(fault.happened)} of ${plural(fault.chances, 'chance')} struck</span>
                  <code class="quiet wrap">${JSON.stringify(fault.settings)}</code>
                  ${actForm(store, {
                    id: `disarm-${fault.id}`,
                    act: 'disarm-fault',
                    back,
                    hidden: { id: String(fault.id) },
                    plain: true,
                    button: 'Disarm',
                    buttonLabel: `Disarm ${fault.name} ${fault.id}`,
                  })}
                </li>`,
            )}
          </ul>`
    }
    <p class="quiet">
      Happened so far:
      ${counts.length === 0 ? 'nothing' : counts.map(([name, count]) => `${name} ${number(count)}`).join(', ')}
    </p>`;
}

function webhookFaults({ queue }: Webhooks): Html {
  const now = queue.faults();
  const on = Object.entries({
    lost: now.drop,
    doubled: now.duplicate,
    'out of order': now.reorder,
    stale: now.stale,
  }).flatMap(([name, share]) => (share > 0 ? [`${name} ${Math.round(share * 100)} %`] : []));
  if (now.delayMs > 0) on.push(`up to ${now.delayMs / 1000} s late`);
  if (now.dropDay) on.push(`all of ${now.dropDay} lost`);
  const { dropped, droppedOfDay, duplicated, reordered, delayed, stale } = queue.faultCounts();
  return html`<p>
      ${on.length === 0 ? 'Webhooks go right.' : `Armed: ${on.join(', ')}${now.topics ? `, for ${now.topics.join(', ')}` : ''}.`}
    </p>
    <p class="quiet">
      Happened so far: ${number(dropped)} lost, ${number(droppedOfDay)} lost with their day,
      ${number(duplicated)} doubled, ${number(reordered)} out of order, ${number(delayed)} late,
      ${number(stale)} stale copies.
    </p>`;
}
