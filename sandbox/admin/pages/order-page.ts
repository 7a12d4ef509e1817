/** One order: its lines and money, and all that can be done to it. */
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { SandboxOrder } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import type { Said } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { customerName, dateTime, money, number, orderState, stateWords } from '../words.ts';

const REASONS = ['CUSTOMER', 'DECLINED', 'FRAUD', 'INVENTORY', 'OTHER', 'STAFF'] as const;

export function orderPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const order = store.order(request.params['id'] ?? '');
  if (!order) {
    const missing = html`<h1>No such order</h1>
      <p><a href="${base}/orders">All orders</a></p>`;
    return page(store, 'orders', 'Not found', missing, { status: 404 });
  }
  const customer = order.customerId === null ? undefined : store.customer(order.customerId);
  const said = readSaid(request.url);
  return page(
    store,
    'orders',
    `Order ${order.name}`,
    html`<p><a href="${base}/orders">Orders</a></p>
      <h1>Order ${order.name}</h1>
      <p>
        <span class="badge ${order.financialStatus.toLowerCase()}">${orderState(order)}</span>
        <span class="badge">${stateWords(order.fulfillmentStatus)}</span>
        ${order.test ? html`<span class="badge pending">Test</span>` : null}
        ${order.company ? html`<span class="badge">Company</span>` : null}
        ${dateTime(order.processedAt, store)} ·
        ${customer ? html`<a href="${base}/customers/${customer.id}">${customerName(customer)}</a>` : 'Guest'}
        · ${order.sourceName}
      </p>
      <div class="columns">
        <div>
          <section class="card" aria-labelledby="lines">
            <h2 id="lines">Lines</h2>
            ${lines(store, order, said)} ${amounts(store, order)}
          </section>
          ${refunds(store, order)}
        </div>
        <div>
          <section class="card" aria-labelledby="change">
            <h2 id="change">Payment and delivery</h2>
            ${moneyForms(store, order, said)}
          </section>
          <section class="card" aria-labelledby="edit">
            <h2 id="edit">Edit</h2>
            ${editForms(store, order, said)}
          </section>
        </div>
      </div>`,
  );
}

function pathOf(store: Store, order: SandboxOrder): string {
  return `${storePath(store)}/orders/${order.id}`;
}

function lines(store: Store, order: SandboxOrder, said: Said | undefined): Html {
  const base = storePath(store);
  return html`<ul class="orders" aria-label="Lines">
    ${order.lines.map(
      (line) =>
        html`<li class="order-line">
          <div class="row">
            <span
              >${line.productId ? html`<a href="${base}/products/${line.productId}">${line.title}</a>` : line.title}${line.giftCard ? ' (gift card)' : ''}</span
            >
            <span class="quiet"
              >${number(line.currentQuantity)} of ${number(line.quantity)} ×
              ${money(line.priceMinor, store)}${line.discountMinor > 0 ? `, less ${money(line.discountMinor, store)}` : ''}</span
            >
          </div>
          ${
            order.cancelledAt === null
              ? actForm(
                  store,
                  {
                    id: `quantity-${line.id}`,
                    act: 'edit-order-line',
                    back: pathOf(store, order),
                    hidden: { order: order.id, line: line.id },
                    fields: field('Quantity', 'quantity', {
                      type: 'number',
                      value: String(line.currentQuantity),
                      required: true,
                    }),
                    button: 'Change',
                    buttonLabel: `Change the quantity of ${line.title}`,
                  },
                  said,
                )
              : null
          }
        </li>`,
    )}
  </ul>`;
}

function amounts(store: Store, order: SandboxOrder): Html {
  const codes = order.discountCodes.join(', ');
  const rows: [string, number][] = [
    [codes ? `Discount (${codes})` : 'Discount', order.discountMinor],
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

function refunds(store: Store, order: SandboxOrder): Html | null {
  if (order.refunds.length === 0) return null;
  return html`<section class="card" aria-labelledby="refunds">
    <h2 id="refunds">Refunds</h2>
    <ul class="orders">
      ${order.refunds.map(
        (refund) =>
          html`<li class="row">
            <span>${dateTime(refund.processedAt, store)} ${refund.note}</span>
            <strong class="number">${money(refund.totalMinor, store)}</strong>
          </li>`,
      )}
    </ul>
  </section>`;
}

function moneyForms(store: Store, order: SandboxOrder, said: Said | undefined): Html {
  const back = pathOf(store, order);
  const hidden = { order: order.id };
  const forms: Html[] = [];
  const open = order.cancelledAt === null;
  if (open && order.outstandingMinor > 0) {
    const button = order.financialStatus === 'AUTHORIZED' ? 'Capture payment' : 'Mark as paid';
    const amount = field('Amount', 'amount', { mode: 'decimal', hint: money(order.outstandingMinor, store) });
    forms.push(actForm(store, { id: `pay-${order.id}`, act: 'pay-order', back, hidden, fields: amount, button }, said)); // prettier-ignore
  }
  if (
    open &&
    order.fulfillmentStatus !== 'FULFILLED' &&
    order.lines.some((line) => line.currentQuantity > 0)
  ) {
    const button = 'Mark as fulfilled';
    forms.push(actForm(store, { id: `fulfil-${order.id}`, act: 'fulfil-order', back, hidden, button }, said));
  }
  if (order.receivedMinor > order.refundedMinor) {
    const returnable = order.lines.filter((line) => line.currentQuantity > 0);
    const fields = [
      ...returnable.map((line) =>
        field(`Return of ${line.title} (at most ${line.currentQuantity})`, `return-${line.id}`, {
          type: 'number',
          hint: '0',
        }),
      ),
      field('Refund amount', 'amount', { mode: 'decimal', hint: 'all of it' }),
      field('Note', 'note'),
    ];
    forms.push(
      actForm(
        store,
        { id: `refund-${order.id}`, act: 'refund-order', back, hidden, fields, button: 'Refund' },
        said,
      ),
    );
  }
  if (open) {
    const fields = [
      choice(
        'Reason',
        'reason',
        REASONS.map((reason): [string, string] => [reason, stateWords(reason)]),
      ),
      choice('Payment goes back', 'refund', [
        ['true', 'Yes'],
        ['false', 'No'],
      ]),
    ];
    forms.push(
      actForm(
        store,
        {
          id: `cancel-${order.id}`,
          act: 'cancel-order',
          back,
          hidden,
          fields,
          button: 'Cancel order',
          danger: true,
        },
        said,
      ),
    );
  }
  return forms.length > 0 ? html`${forms}` : html`<p class="quiet">Nothing is left to do.</p>`;
}

function editForms(store: Store, order: SandboxOrder, said: Said | undefined): Html {
  const back = pathOf(store, order);
  const hidden = { order: order.id };
  const customer = order.customerId === null ? undefined : store.customer(order.customerId);
  const fields = [
    field('Tags', 'tags', { value: order.tags.join(', ') }),
    field('Note', 'note', { value: order.note ?? '' }),
    field('Customer', 'customer', { value: customer?.email ?? order.customerId ?? '', hint: 'a guest' }),
  ];
  return html`${actForm(store, { id: 'edit-order', act: 'edit-order', back, hidden, fields, button: 'Save' }, said)}
  ${actForm(
    store,
    {
      id: 'delete-order',
      act: 'delete-order',
      back: `${storePath(store)}/orders`,
      hidden,
      button: 'Delete order',
      danger: true,
    },
    said,
  )}`;
}
