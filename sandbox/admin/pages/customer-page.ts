/**
 * One customer, with what a merchant can do. The parts named `live` are sent again as JSON every second, so
 * that tags written by an app are seen as they come.
 */
import { jsonAnswer } from '../../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import { customerTotals } from '../../store/customer-totals.ts';
import type { SandboxCustomer } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import type { Said } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import type { Timeline, TimelineEntry } from '../timeline.ts';
import { customerName, dateTime, money, plural, stateWords } from '../words.ts';
import { orderCard, placeOrderForm } from './order-parts.ts';

const MOST_ORDERS = 50;

/** Parts by the id of their element. */
function liveParts(
  store: Store,
  customer: SandboxCustomer,
  timeline: Timeline,
  said?: Said,
): Record<string, Html> {
  const back = `${storePath(store)}/customers/${customer.id}`;
  const orders = store
    .ordersOf(customer.id)
    .sort((one, other) => other.processedAt.localeCompare(one.processedAt) || other.number - one.number);
  const totals = customerTotals(orders);
  return {
    'live-tags':
      customer.tags.length === 0
        ? html`<p class="quiet">No tags</p>`
        : html`<ul class="tags" aria-label="Tags">
            ${customer.tags.map((tag) => html`<li>${tag}</li>`)}
          </ul>`,
    'live-totals': html`${plural(totals.numberOfOrders, 'order')} · ${money(totals.amountSpentMinor, store)}
    spent`,
    'live-orders':
      orders.length === 0
        ? html`<p class="empty">No orders yet.</p>`
        : html`<ul class="orders" aria-label="Orders">
              ${orders.slice(0, MOST_ORDERS).map((order) => orderCard(store, order, back, said))}
            </ul>
            ${
              orders.length > MOST_ORDERS
                ? html`<p class="quiet">and ${plural(orders.length - MOST_ORDERS, 'earlier order')}</p>`
                : null
            }`,
    'live-timeline': timelineList(store, timeline.of(store, customer.id)),
    'live-consent': html`<dl class="facts">
      <div>
        <dt>E-mail marketing</dt>
        <dd>${customer.emailMarketing ? stateWords(customer.emailMarketing.state) : 'No e-mail address'}</dd>
      </div>
      <div>
        <dt>SMS marketing</dt>
        <dd>${customer.smsMarketing ? stateWords(customer.smsMarketing.state) : 'No phone number'}</dd>
      </div>
    </dl>`,
  };
}

function timelineList(store: Store, entries: readonly TimelineEntry[]): Html {
  const base = storePath(store);
  return html`<ol class="timeline" aria-label="Timeline">
      ${entries.slice(0, MOST_ORDERS).map(
        (entry) =>
          html`<li>
            <time datetime="${entry.at}">${dateTime(entry.at, store)}</time>
            ${entry.link ? html`<a href="${base}${entry.link}">${entry.text}</a>` : html`<span>${entry.text}</span>`}
          </li>`,
      )}
    </ol>
    ${entries.length > MOST_ORDERS ? html`<p class="quiet">and ${plural(entries.length - MOST_ORDERS, 'earlier event')}</p>` : null}`;
}

export function customerLive(store: Store, request: SandboxRequest, timeline: Timeline): SandboxAnswer {
  const customer = store.customer(request.params['id'] ?? '');
  if (!customer) return jsonAnswer({ gone: true }, 404);
  const parts = Object.entries(liveParts(store, customer, timeline)).map(([id, part]) => [id, part.markup]);
  return jsonAnswer({
    tags: customer.tags,
    updatedAt: customer.updatedAt,
    clock: dateTime(store.clock.now().toISOString(), store),
    parts: Object.fromEntries(parts),
  });
}

function profileForm(store: Store, customer: SandboxCustomer, said?: Said): Html {
  const { address } = customer;
  return actForm(
    store,
    {
      id: 'update-customer',
      act: 'update-customer',
      back: `${storePath(store)}/customers/${customer.id}`,
      hidden: { customer: customer.id },
      fields: [
        field('First name', 'firstName', { value: customer.firstName ?? '' }),
        field('Last name', 'lastName', { value: customer.lastName ?? '' }),
        field('E-mail', 'email', { type: 'email', value: customer.email ?? '' }),
        field('Phone', 'phone', { type: 'tel', value: customer.phone ?? '' }),
        field('Street', 'address-address1', { value: address?.address1 ?? '' }),
        field('City', 'address-city', { value: address?.city ?? '' }),
        field('Region code', 'address-provinceCode', { value: address?.provinceCode ?? '' }),
        field('Postcode', 'address-zip', { value: address?.zip ?? '' }),
        field('Country code', 'address-countryCode', { value: address?.countryCode ?? '', hint: 'DE' }),
        field('Note', 'note', { value: customer.note ?? '' }),
        choice(
          'Account',
          'state',
          (['DISABLED', 'INVITED', 'ENABLED', 'DECLINED'] as const).map((state): [string, string] => [
            state,
            stateWords(state),
          ]),
          customer.state,
        ),
      ],
      button: 'Save customer',
    },
    said,
  );
}

function sideForms(store: Store, customer: SandboxCustomer, parts: Record<string, Html>, said?: Said): Html {
  const back = `${storePath(store)}/customers/${customer.id}`;
  const hidden = { customer: customer.id };
  return html`<section class="card" aria-labelledby="marketing">
      <h2 id="marketing">Marketing</h2>
      <div id="live-consent">${parts['live-consent']}</div>
      ${actForm(
        store,
        {
          id: 'consent',
          act: 'consent',
          back,
          hidden,
          fields: [
            choice('Channel', 'channel', [
              ['email', 'E-mail'],
              ['sms', 'SMS'],
            ]),
            choice('Consent', 'state', [
              ['SUBSCRIBED', 'Subscribed'],
              ['UNSUBSCRIBED', 'Unsubscribed'],
              ['PENDING', 'Pending'],
            ]),
          ],
          button: 'Save consent',
        },
        said,
      )}
    </section>
    <section class="card" aria-labelledby="merge">
      <h2 id="merge">Merge</h2>
      <p class="quiet">The other customer’s orders and tags come here, and that customer goes.</p>
      ${actForm(
        store,
        {
          id: 'merge-customers',
          act: 'merge-customers',
          back,
          hidden: { keep: customer.id },
          fields: field('Other customer', 'remove', { required: true, hint: 'E-mail or id' }),
          button: 'Merge into this customer',
        },
        said,
      )}
    </section>
    <section class="card" aria-labelledby="privacy">
      <h2 id="privacy">Privacy</h2>
      ${actForm(store, { id: 'request-data', act: 'request-data', back, hidden, button: 'Request customer data' }, said)}
      ${actForm(
        store,
        {
          id: 'request-redaction',
          act: 'request-redaction',
          back,
          hidden,
          button: 'Request erasure',
          danger: true,
        },
        said,
      )}
      ${actForm(
        store,
        {
          id: 'delete-customer',
          act: 'delete-customer',
          back: `${storePath(store)}/customers`,
          hidden,
          button: 'Delete customer',
          danger: true,
        },
        said,
      )}
    </section>`;
}

export function customerPage(store: Store, request: SandboxRequest, timeline: Timeline): SandboxAnswer {
  const id = request.params['id'] ?? '';
  const customer = store.customer(id);
  const base = storePath(store);
  if (!customer) {
    return page(
      store,
      'customers',
      'Not found',
      html`<h1>No such customer</h1>
        <p>Deleted, or merged into another one. <a href="${base}/customers">All customers</a></p>`,
      { status: 404 },
    );
  }
  const said = readSaid(request.url);
  const parts = liveParts(store, customer, timeline, said);
  const address = customer.address;
  const place = [address?.city, address?.provinceCode, address?.countryCode].filter(Boolean).join(', ');
  return page(
    store,
    'customers',
    customerName(customer),
    html`<div data-live="${base}/customers/${customer.id}/live">
      <p><a href="${base}/customers">Customers</a></p>
      <h1>${customerName(customer)}</h1>
      <p class="quiet">
        ${[customer.email, customer.phone, place].filter(Boolean).join(' · ')}
        <br /><span id="live-totals">${parts['live-totals']}</span>
        · customer since ${dateTime(customer.createdAt, store)}
      </p>
      <div class="columns">
        <div>
          <section class="card" aria-labelledby="tags">
            <h2 id="tags">Tags</h2>
            <div id="live-tags" aria-live="polite">${parts['live-tags']}</div>
            <details id="edit-tags" ${said?.form === 'set-tags' ? html` open` : null}>
              <summary>Edit tags</summary>
              ${actForm(
                store,
                {
                  id: 'set-tags',
                  act: 'set-tags',
                  back: `${base}/customers/${customer.id}`,
                  hidden: { customer: customer.id },
                  fields: field('All tags, with commas', 'tags', { value: customer.tags.join(', ') }),
                  button: 'Save tags',
                },
                said,
              )}
            </details>
          </section>
          <section class="card" aria-labelledby="place">
            <h2 id="place">Place an order</h2>
            ${placeOrderForm(store, `${base}/customers/${customer.id}`, customer.id, said)}
            <p><a href="${base}/orders/new?customer=${customer.id}">With lines and a discount code</a></p>
          </section>
          <section class="card" aria-labelledby="orders">
            <h2 id="orders">Orders</h2>
            <div id="live-orders">${parts['live-orders']}</div>
          </section>
          <section class="card" aria-labelledby="timeline">
            <h2 id="timeline">Timeline</h2>
            <div id="live-timeline">${parts['live-timeline']}</div>
          </section>
        </div>
        <div>
          <section class="card" aria-labelledby="profile">
            <h2 id="profile">Customer</h2>
            <details id="edit-customer" ${said?.form === 'update-customer' ? html` open` : null}>
              <summary>Edit name, address and account</summary>
              ${profileForm(store, customer, said)}
            </details>
          </section>
          ${sideForms(store, customer, parts, said)}
        </div>
      </div>
    </div>`,
  );
}
