/** Orders as rows and cards, with what can be done to each of them. */
import type { SandboxOrder } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, field } from '../forms.ts';
import type { Said } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { storePath } from '../layout.ts';
import { dateTime, money, orderState } from '../words.ts';

/** Pay, refund and cancel: those that make sense for the order as it is. */
export function orderActions(store: Store, order: SandboxOrder, back: string, said?: Said): Html | null {
  const forms: Html[] = [];
  const id = order.id;
  if (order.cancelledAt === null && order.outstandingMinor > 0) {
    forms.push(
      actForm(
        store,
        {
          id: `pay-${id}`,
          act: 'pay-order',
          back,
          hidden: { order: id },
          button: order.financialStatus === 'AUTHORIZED' ? 'Capture payment' : 'Mark as paid',
        },
        said,
      ),
    );
  }
  if (order.receivedMinor > order.refundedMinor) {
    forms.push(
      actForm(
        store,
        {
          id: `refund-${id}`,
          act: 'refund-order',
          back,
          hidden: { order: id },
          fields: field('Refund amount', 'amount', { mode: 'decimal', hint: 'all of it' }),
          button: 'Refund',
        },
        said,
      ),
    );
  }
  if (order.cancelledAt === null) {
    forms.push(
      actForm(
        store,
        {
          id: `cancel-${id}`,
          act: 'cancel-order',
          back,
          hidden: { order: id },
          button: 'Cancel order',
          danger: true,
        },
        said,
      ),
    );
  }
  return forms.length > 0 ? html`<div class="acts">${forms}</div>` : null;
}

/** One order of a customer, newest first in its list. */
export function orderCard(store: Store, order: SandboxOrder, back: string, said?: Said): Html {
  const open = said?.form.endsWith(`-${order.id}`) ?? false;
  return html`<li class="order" data-testid="order-${order.name}">
    <div class="row">
      <a href="${storePath(store)}/orders/${order.id}">${order.name}</a>
      <span class="quiet">${dateTime(order.processedAt, store)}</span>
      <span class="badge ${order.financialStatus.toLowerCase()}">${orderState(order)}</span>
      <strong class="number">${money(order.totalMinor, store)}</strong>
    </div>
    ${
      order.refundedMinor > 0
        ? html`<p class="quiet">${money(order.refundedMinor, store)} refunded</p>`
        : null
    }
    ${
      order.outstandingMinor > 0
        ? html`<p class="quiet">${money(order.outstandingMinor, store)} outstanding</p>`
        : null
    }
    <details id="acts-${order.id}" ${open ? html` open` : null}>
      <summary>Change ${order.name}</summary>
      ${orderActions(store, order, back, said) ?? html`<p class="quiet">Nothing is left to do.</p>`}
    </details>
  </li>`;
}

/** Rows of the orders page. */
export function orderRow(store: Store, order: SandboxOrder): Html {
  const base = storePath(store);
  const customer = order.customerId === null ? undefined : store.customer(order.customerId);
  return html`<tr>
    <th scope="row"><a href="${base}/orders/${order.id}">${order.name}</a></th>
    <td>${dateTime(order.processedAt, store)}</td>
    <td>
      ${
        customer
          ? html`<a href="${base}/customers/${customer.id}"
              >${customer.email ?? customer.firstName ?? customer.id}</a
            >`
          : html`<span class="quiet">${order.email ? `Guest, ${order.email}` : 'Guest'}</span>`
      }
    </td>
    <td><span class="badge ${order.financialStatus.toLowerCase()}">${orderState(order)}</span></td>
    <td class="number" data-label="Total">${money(order.totalMinor, store)}</td>
    <td class="number" data-label="Net payment">
      ${money(order.receivedMinor - order.refundedMinor, store)}
    </td>
  </tr>`;
}

/** The form of the panel: for a customer, or for a guest. */
export function placeOrderForm(
  store: Store,
  back: string,
  customerId: string | undefined,
  said?: Said,
): Html {
  return actForm(
    store,
    {
      id: 'place-order',
      act: 'place-order',
      back,
      hidden: customerId === undefined ? {} : { customer: customerId },
      fields: [
        field('Amount', 'amount', { required: true, mode: 'decimal', hint: '50.00' }),
        html`<label class="field"
          ><span>Payment</span
          ><select name="status">
            <option value="paid">Paid</option>
            <option value="authorised">Authorised</option>
            <option value="pending">Pending</option>
          </select></label
        >`,
        field('Days ago', 'daysAgo', { mode: 'numeric', hint: 'today' }),
      ],
      button: 'Place order',
    },
    said,
  );
}
