/** The list of customers: search, a tag's customers, pages; and a form for a new one. */
import { listCustomers } from '../../graphql/list-customers.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import { customerTotals } from '../../store/customer-totals.ts';
import type { SandboxCustomer } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { customerName, money, number } from '../words.ts';
import { pager } from './paging.ts';
import { countLine, search, searchForm, tagSearch } from './search-list.ts';

const EXAMPLES = ['tag:vip', 'orders_count:>=3', 'total_spent:>200', 'country:DE', 'accepts_marketing:true'];

function customerRow(store: Store, customer: SandboxCustomer): Html {
  const totals = customerTotals(store.ordersOf(customer.id));
  const name = customerName(customer);
  const base = storePath(store);
  return html`<tr data-testid="customer-row">
    <th scope="row">
      <a href="${base}/customers/${customer.id}"
        >${name}
        ${customer.email && customer.email !== name ? html`<span class="quiet">${customer.email}</span>` : null}</a
      >
    </th>
    <td>
      <ul class="tags">
        ${customer.tags.map(
          (tag) => html`<li><a href="${base}/customers?tag=${encodeURIComponent(tag)}">${tag}</a></li>`,
        )}
      </ul>
    </td>
    <td class="number" data-label="Orders">${number(totals.numberOfOrders)}</td>
    <td class="number" data-label="Amount spent">${money(totals.amountSpentMinor, store)}</td>
  </tr>`;
}

export function customersPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const { url } = request;
  const tag = url.searchParams.get('tag');
  const text = [url.searchParams.get('q')?.trim(), tag ? tagSearch(tag) : ''].filter(Boolean).join(' ');
  const { list, complaints } = search(url.searchParams, (notes) =>
    listCustomers(store, { query: text }, notes),
  );
  const base = storePath(store);
  const action = `${base}/customers`;
  return page(
    store,
    'customers',
    'Customers',
    html`<h1>Customers</h1>
      ${searchForm({ action, label: 'Search customers', hint: 'Name, e-mail, or tag:vip', examples: EXAMPLES }, url, complaints)}
      ${tag ? html`<p>With the tag <strong>${tag}</strong></p>` : null}
      ${countLine(list, store.customerCount(), ['customer', 'customers'], url)}
      ${
        list.items.length === 0
          ? html`<p class="empty">No customer fits.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Customers">
              <table class="stack">
                <thead>
                  <tr>
                    <th scope="col">Customer</th>
                    <th scope="col">Tags</th>
                    <th scope="col" class="number">Orders</th>
                    <th scope="col" class="number">Amount spent</th>
                  </tr>
                </thead>
                <tbody>
                  ${list.items.map((customer) => customerRow(store, customer))}
                </tbody>
              </table>
            </div>`
      }
      ${pager(list, url)}
      <section class="card" aria-labelledby="new-customer">
        <h2 id="new-customer">New customer</h2>
        ${actForm(
          store,
          {
            id: 'create-customer',
            act: 'create-customer',
            back: action,
            fields: [
              field('First name', 'firstName'),
              field('Last name', 'lastName'),
              field('E-mail', 'email', { type: 'email' }),
              field('Phone', 'phone', { type: 'tel' }),
              field('Tags', 'tags', { hint: 'vip, newsletter' }),
            ],
            button: 'Create customer',
          },
          readSaid(url),
        )}
      </section>`,
  );
}
