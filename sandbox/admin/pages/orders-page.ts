/** All orders, newest first; one order with its lines; and a form for a guest's order. */
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { SandboxOrder } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { customerName, dateTime, money, number, orderState, plural } from '../words.ts';
import { orderActions, orderRow, placeOrderForm } from './order-parts.ts';
import { pager, takePage } from './paging.ts';

/** Sorted once a change, not once a view. */
const sorted = new WeakMap<Store, { revision: number; orders: SandboxOrder[] }>();

function newestFirst(store: Store): SandboxOrder[] {
  const revision = store.revision('order');
  const kept = sorted.get(store);
  if (kept?.revision === revision) return kept.orders;
  const orders = [...store.orders()].sort((one, other) =>
    one.processedAt < other.processedAt
      ? 1
      : one.processedAt > other.processedAt
        ? -1
        : other.number - one.number,
  );
  sorted.set(store, { revision, orders });
  return orders;
}

export function ordersPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const query = request.url.searchParams.get('q')?.trim().toLowerCase() ?? '';
  const base = storePath(store);
  const found = newestFirst(store).filter(
    (order) =>
      !query ||
      order.name.toLowerCase() === query ||
      order.name.toLowerCase() === `#${query}` ||
      (order.email ?? '').toLowerCase().includes(query),
  );
  const list = takePage(found, request.url.searchParams.get('page'));
  return page(
    store,
    'orders',
    'Orders',
    html`<h1>Orders</h1>
      <form class="search" method="get" action="${base}/orders" role="search">
        ${field('Search orders', 'q', { type: 'search', value: query, hint: 'Number or e-mail' })}
        <button>Search</button>
      </form>
      <p>${plural(list.total, 'order')} ${query ? html`· <a href="${base}/orders">Show all</a>` : null}</p>
      ${
        list.total === 0
          ? html`<p class="empty">No order fits.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Orders">
              <table class="stack">
                <thead>
                  <tr>
                    <th scope="col">Order</th>
                    <th scope="col">Date</th>
                    <th scope="col">Customer</th>
                    <th scope="col">Payment</th>
                    <th scope="col" class="number">Total</th>
                    <th scope="col" class="number">Net payment</th>
                  </tr>
                </thead>
                <tbody>
                  ${list.items.map((order) => orderRow(store, order))}
                </tbody>
              </table>
            </div>`
      }
      ${pager(list, request.url)}
      <section class="card" aria-labelledby="guest">
        <h2 id="guest">Place an order as a guest</h2>
        ${placeOrderForm(store, `${base}/orders`, undefined, readSaid(request.url))}
      </section>`,
  );
}

function amounts(store: Store, order: SandboxOrder): Html {
  const rows: [string, number][] = [
    ['Subtotal', order.subtotalMinor],
    ['Shipping', order.shippingMinor],
    ['Tax', order.taxMinor],
    ['Total', order.totalMinor],
    ['Received', order.receivedMinor],
    ['Refunded', order.refundedMinor],
    ['Outstanding', order.outstandingMinor],
    ['Current total', order.currentTotalMinor],
    ['Net payment', order.receivedMinor - order.refundedMinor],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([label, minor]) =>
        html`<div>
          <dt>${label}</dt>
          <dd class="number">${money(minor, store)}</dd>
        </div>`,
    )}
  </dl>`;
}

export function orderPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const order = store.order(request.params['id'] ?? '');
  if (!order) {
    const missing = html`<h1>No such order</h1>
      <p><a href="${base}/orders">All orders</a></p>`;
    return page(store, 'orders', 'Not found', missing, { status: 404 });
  }
  const customer = order.customerId === null ? undefined : store.customer(order.customerId);
  const actions = orderActions(store, order, `${base}/orders/${order.id}`, readSaid(request.url));
  return page(
    store,
    'orders',
    `Order ${order.name}`,
    html`<p><a href="${base}/orders">Orders</a></p>
      <h1>Order ${order.name}</h1>
      <p>
        <span class="badge ${order.financialStatus.toLowerCase()}">${orderState(order)}</span>
        ${dateTime(order.processedAt, store)} ·
        ${customer ? html`<a href="${base}/customers/${customer.id}">${customerName(customer)}</a>` : 'Guest'}
      </p>
      <div class="columns">
        <section class="card" aria-labelledby="lines">
          <h2 id="lines">Lines</h2>
          <ul class="orders">
            ${order.lines.map(
              (line) =>
                html`<li class="row">
                  <span>${line.title}</span>
                  <span class="quiet"
                    >${number(line.currentQuantity)} of ${number(line.quantity)} ×
                    ${money(line.priceMinor, store)}</span
                  >
                </li>`,
            )}
          </ul>
          ${amounts(store, order)}
        </section>
        <section class="card" aria-labelledby="change">
          <h2 id="change">Change</h2>
          ${actions ?? html`<p class="quiet">Nothing is left to do.</p>`}
        </section>
      </div>`,
  );
}
