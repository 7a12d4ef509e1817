/** All orders, newest first, searched in the API's syntax; and the form for a new one with its lines. */
import { listOrders } from '../../graphql/list-orders.ts';
import { listProducts } from '../../graphql/list-products.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { SandboxProduct } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import type { Said } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { money } from '../words.ts';
import { orderRow } from './order-parts.ts';
import { pager } from './paging.ts';
import { countLine, search, searchForm } from './search-list.ts';

const EXAMPLES = [
  'financial_status:authorized', 'fulfillment_status:unfulfilled', 'tag:b2b', 'status:cancelled', 'test:true',
]; // prettier-ignore
const LINES = 4;
const MOST_PRODUCTS = 200;

export function ordersPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const { url } = request;
  const base = storePath(store);
  const action = `${base}/orders`;
  const query = url.searchParams.get('q')?.trim() ?? '';
  const { list, complaints } = search(url.searchParams, (notes) =>
    listOrders(store, { query, sortKey: 'PROCESSED_AT', reverse: true }, { notes }),
  );
  return page(
    store,
    'orders',
    'Orders',
    html`<h1>Orders</h1>
      <p><a class="button" href="${base}/orders/new">Create order</a></p>
      ${searchForm({ action, label: 'Search orders', hint: 'Number, e-mail, or test:false', examples: EXAMPLES }, url, complaints)}
      ${countLine(list, store.orderCount(), ['order', 'orders'], url)}
      ${
        list.items.length === 0
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
      ${pager(list, url)}`,
  );
}

export function newOrderPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const customer = store.customer(request.url.searchParams.get('customer') ?? '');
  return page(
    store,
    'orders',
    'Create order',
    html`<p><a href="${base}/orders">Orders</a></p>
      <h1>Create order</h1>
      <section class="card" aria-label="New order">
        ${newOrderForm(store, customer?.email ?? customer?.id, readSaid(request.url))}
      </section>`,
  );
}

function newOrderForm(store: Store, customer: string | undefined, said: Said | undefined): Html {
  const products = firstProducts(store);
  return actForm(
    store,
    {
      id: 'new-order',
      act: 'place-order',
      back: `${storePath(store)}/orders/new`,
      fields: [
        html`<fieldset>
          <legend>Customer</legend>
          ${field('Customer', 'customer', { value: customer, hint: 'E-mail or id; empty: a guest' })}
          ${field('Guest’s e-mail', 'email', { type: 'email' })}
        </fieldset>`,
        ...Array.from({ length: LINES }, (_, index) => lineFields(store, products, index + 1)),
        html`<fieldset>
          <legend>Amounts</legend>
          ${field('Discount code', 'discountCode')}
          ${field('Discount', 'discountAmount', { mode: 'decimal' })}
          ${field('Shipping', 'shipping', { mode: 'decimal' })} ${field('Tax', 'tax', { mode: 'decimal' })}
        </fieldset>`,
        html`<fieldset>
          <legend>More</legend>
          ${choice('Payment', 'status', [
            ['paid', 'Paid'],
            ['authorised', 'Authorised'],
            ['pending', 'Pending'],
          ])}
          ${field('Days ago', 'daysAgo', { mode: 'numeric', hint: 'today' })}
          ${field('Source', 'sourceName', { hint: 'web, pos' })}
          ${field('Tags', 'tags', { hint: 'b2b, gift' })}
          <label class="tick"><input type="checkbox" name="test" value="true" /> Test order</label>
          <label class="tick"
            ><input type="checkbox" name="company" value="true" /> Bought by a company</label
          >
        </fieldset>`,
      ],
      button: 'Create order',
    },
    said,
  );
}

function lineFields(store: Store, products: readonly SandboxProduct[], number: number): Html {
  return html`<fieldset>
    <legend>Line ${number}</legend>
    ${choice('Product', 'line-product', [
      ['', 'No product'],
      ...products.map((product): [string, string] => [
        product.id,
        `${product.title} · ${money(product.variants[0]?.priceMinor ?? 0, store)}`,
      ]),
    ])}
    ${field('Custom item', 'line-title', { hint: 'without a product' })}
    ${field('Quantity', 'line-quantity', { type: 'number', value: '1' })}
    ${field('Price', 'line-price', { mode: 'decimal', hint: 'the product’s' })}
  </fieldset>`;
}

function firstProducts(store: Store): SandboxProduct[] {
  const products: SandboxProduct[] = [];
  for (const product of listProducts(store, { sortKey: 'TITLE' }).after()) {
    products.push(product);
    if (products.length === MOST_PRODUCTS) break;
  }
  return products;
}
