/** The panel: everything that a person turns while an app runs against this sandbox, and what goes by. */
import { FAULT_NAMES } from '../../faults/fault.ts';
import { jsonAnswer } from '../../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import type { FormInput, Said } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { dateTime, number, plural } from '../words.ts';
import { liveParts } from './panel-live.ts';

export function panelLive(store: Store, sandbox: Sandbox, webhooks: Webhooks): SandboxAnswer {
  const parts = Object.entries(liveParts(store, sandbox, webhooks)).map(([id, part]) => [id, part.markup]);
  return jsonAnswer({
    clock: dateTime(store.clock.now().toISOString(), store),
    parts: Object.fromEntries(parts),
  });
}

interface View {
  store: Store;
  sandbox: Sandbox;
  webhooks: Webhooks;
  parts: Record<string, Html>;
  /** A form of this page; `act` is its id unless told. */
  form(input: Omit<FormInput, 'back' | 'act'> & { act?: string }): Html;
}

export function panelPage(
  store: Store,
  request: SandboxRequest,
  sandbox: Sandbox,
  webhooks: Webhooks,
): SandboxAnswer {
  const base = storePath(store);
  const said: Said | undefined = readSaid(request.url);
  const view: View = {
    store,
    sandbox,
    webhooks,
    parts: liveParts(store, sandbox, webhooks),
    form: (input) => actForm(store, { act: input.id, back: `${base}/panel`, ...input }, said),
  };
  return page(
    store,
    'panel',
    'Panel',
    html`<div data-live="${base}/panel/live">
      <h1>Panel</h1>
      <div class="pair">
        ${clockCard(view)} ${stormCard(view)} ${switchesCard(view)} ${statesCard(view)} ${faultsCard(view)}
        ${webhookFaultsCard(view)}
      </div>
      ${webhooksCard(view)} ${apiCard(view)} ${flowCard(view)}
    </div>`,
  );
}

function card(id: string, title: string, content: Html | readonly (Html | null)[]): Html {
  return html`<section class="card" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

function flowCard({ parts }: View): Html {
  return card('flow', 'Flow triggers', html`<div id="live-flow">${parts['live-flow']}</div>`);
}

function clockCard({ parts, form, sandbox }: View): Html {
  const { running } = sandbox.clock.state();
  return card('clock', 'Business clock', [
    html`<p class="big" id="live-clock">${parts['live-clock']}</p>`,
    form({
      id: 'advance-clock',
      fields: field('Advance by days', 'days', { type: 'number', required: true, value: '1' }),
      button: 'Advance',
    }),
    form({ id: 'clock-to-midnight', plain: true, button: 'To the next midnight' }),
    form({
      id: 'clock-to-date',
      fields: field('To noon of', 'to', { type: 'date', required: true }),
      button: 'Go there',
    }),
    form({ id: 'clock-run', plain: true, button: running ? 'Stop the clock' : 'Let the clock run' }),
    html`<p class="quiet">
      Dates and ages follow this clock. Tokens, retries and rate limits follow the machine’s.
    </p>`,
  ]);
}

function stormCard({ parts, form }: View): Html {
  return card('storm', 'Storm of orders', [
    form({
      id: 'storm',
      fields: [
        field('Orders', 'orders', { type: 'number', required: true, value: '500' }),
        field('Seconds', 'seconds', { type: 'number', required: true, value: '10' }),
        field('Seed', 'seed', { type: 'number', value: '1' }),
      ],
      button: 'Start the storm',
    }),
    html`<div id="live-storms">${parts['live-storms']}</div>`,
  ]);
}

const onOff: readonly (readonly [string, string])[] = [
  ['on', 'Yes'],
  ['off', 'No'],
];

function switchesCard({ store, sandbox, form }: View): Html {
  const { domain } = store.shop;
  const now = sandbox.control.switches(domain);
  const installed = sandbox.access.isInstalled(domain);
  const allOrders = sandbox.access.scopesOf(domain).includes('read_all_orders');
  const word = (on: boolean) => (on ? 'on' : 'off');
  return card('switches', 'What the app may', [
    form({
      id: 'set-switches',
      fields: [
        choice('Protected customer data', 'protectedData', [
            ['2', 'Level 2: names, addresses, e-mail'],
            ['1', 'Level 1: customers without those'],
            ['0', 'None'],
          ], String(now.protectedData)),
        choice('All orders (read_all_orders)', 'readAllOrders', onOff, word(allOrders)),
        choice('Bulk queries enabled', 'bulkQueries', onOff, word(now.bulkQueries)),
        choice('Bulk mutations enabled', 'bulkMutations', onOff, word(now.bulkMutations)),
        choice('IP allow-list', 'ipAllowlist', [
            ['ok', 'Has the app’s address'],
            ['blocked', 'Blocks the app (403)'],
            ['missing', 'Missing: no bulk operations'],
          ], now.ipAllowlist),
        choice('Store', 'shopStatus', [
            ['open', 'Open'],
            ['frozen', 'Frozen (402)'],
            ['locked', 'Locked (423)'],
          ], now.shopStatus),
      ],
      button: 'Save switches',
    }),
    html`<h3>Tokens</h3>`,
    form({ id: 'expire-tokens', plain: true, button: 'Expire access tokens' }),
    form({ id: 'revoke-tokens', button: 'Revoke all tokens', danger: true }),
    installed
      ? form({ id: 'uninstall-app', button: 'Uninstall Regulars', danger: true })
      : html`<p class="quiet">Regulars is not installed: open it to install it.</p>`,
  ]); // prettier-ignore
}

function statesCard({ sandbox, form }: View): Html {
  const snapshots = sandbox.control.snapshots();
  return card('snapshots', 'Snapshots', [
    form({
      id: 'take-snapshot',
      fields: field('Name', 'name', { required: true, hint: 'before-the-sale' }),
      button: 'Take a snapshot',
    }),
    snapshots.length === 0
      ? html`<p class="quiet">None so far.</p>`
      : html`<ul class="orders" aria-label="Snapshots">
          ${snapshots.map(
            ({ name, stores }) =>
              html`<li class="row">
                <strong>${name}</strong> <span class="quiet">${plural(stores.length, 'store')}</span>
                ${form({
                  id: `restore-${name}`,
                  act: 'restore-snapshot',
                  hidden: { name },
                  plain: true,
                  button: 'Restore',
                  buttonLabel: `Restore ${name}`,
                })}
                ${form({ id: `delete-${name}`, act: 'delete-snapshot', hidden: { name }, button: 'Delete', danger: true, buttonLabel: `Delete snapshot ${name}` })}
              </li>`,
          )}
        </ul>`,
    form({ id: 'reset-store', button: 'Reset this store to its start', danger: true }),
  ]);
}

function faultsCard({ parts, form }: View): Html {
  return card('faults', 'Faults of the API', [
    form({
      id: 'arm-fault',
      fields: [
        choice(
          'Fault',
          'name',
          FAULT_NAMES.map((name): [string, string] => [name, name]),
        ),
        field('Root field', 'field', { hint: 'any' }),
        field('Times', 'count', { type: 'number', hint: '1' }),
        field('Share, 0 to 1', 'share', { mode: 'decimal' }),
        field('For seconds', 'seconds', { type: 'number' }),
        field('Settings (JSON)', 'settings', { hint: '{"status": 502}' }),
      ],
      button: 'Arm',
    }),
    form({ id: 'disarm-all', plain: true, button: 'Disarm all' }),
    html`<div id="live-faults">${parts['live-faults']}</div>`,
  ]);
}

function webhookFaultsCard({ parts, form }: View): Html {
  const share = (label: string, name: string) => field(`${label}, 0 to 1`, name, { mode: 'decimal' });
  return card('webhook-fault-switches', 'Faults of webhooks', [
    form({
      id: 'webhook-faults',
      fields: [
        share('Lost', 'drop'),
        share('Doubled', 'duplicate'),
        share('Out of order', 'reorder'),
        share('Stale copy after 4 hours', 'stale'),
        field('Late by up to (seconds)', 'delaySeconds', { type: 'number' }),
        field('Lose the whole day', 'dropDay', { type: 'date' }),
        field('Only topics', 'topics', { hint: 'bulk_operations/finish' }),
      ],
      button: 'Let webhooks go wrong',
    }),
    form({ id: 'webhook-faults-end', plain: true, button: 'Let them go right' }),
    html`<div id="live-webhook-faults">${parts['live-webhook-faults']}</div>`,
  ]);
}

function webhooksCard({ store, webhooks, parts, form }: View): Html {
  const own = [...store.subscriptions.all()];
  const deleted = webhooks.deletedSubscriptions(store.shop.domain);
  return card('webhooks', 'Webhooks', [
    html`<p id="live-webhook-counts">${parts['live-webhook-counts']}</p>`,
    form({ id: 'retry-now', plain: true, button: 'Send waiting retries now' }),
    html`<details>
      <summary>
        Subscriptions: ${number(webhooks.appSubscriptions.length)} topics of shopify.app.toml,
        ${number(own.length)} through the API
      </summary>
      ${deleted > 0 ? html`<p class="failed">${plural(deleted, 'subscription')} deleted because their address failed.</p>` : null}
      ${
        webhooks.unsentTopics.length > 0
          ? html`<p class="failed">The sandbox never sends ${webhooks.unsentTopics.join(', ')}.</p>`
          : null
      }
      <ul>
        ${webhooks.appSubscriptions.map((one) => html`<li>${one.topic} → ${one.uri}</li>`)}
        ${own.map((one) => html`<li>${one.topic} → ${one.uri} <span class="quiet">(API${one.filter ? `, ${one.filter}` : ''})</span></li>`)}
      </ul>
    </details>`,
    html`<div class="scroll" id="live-webhooks" tabindex="0" role="region" aria-label="Webhook deliveries">
      ${parts['live-webhooks']}
    </div>`,
  ]);
}

function apiCard({ parts }: View): Html {
  return card('api', 'Admin API', [
    html`<p id="live-api-counts">${parts['live-api-counts']}</p>`,
    html`<div class="scroll" id="live-api" tabindex="0" role="region" aria-label="API calls">
      ${parts['live-api']}
    </div>`,
  ]);
}
