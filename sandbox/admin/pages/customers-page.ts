/** The list of customers: search, a tag's customers, pages; and a form for a new one. */
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import { customerTotals } from '../../store/customer-totals.ts';
import type { SandboxCustomer } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { customerName, money, number, plural } from '../words.ts';
import { pager, takePage } from './paging.ts';

/** Every word must occur in the name, the e-mail address or a tag. */
function matches(customer: SandboxCustomer, words: readonly string[], tag: string | null): boolean {
  if (tag && !customer.tags.some((one) => one.toLowerCase() === tag.toLowerCase())) return false;
  if (words.length === 0) return true;
  const text = [customer.firstName, customer.lastName, customer.email, customer.id, ...customer.tags]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

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
  const query = request.url.searchParams.get('q')?.trim() ?? '';
  const tag = request.url.searchParams.get('tag');
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...store.customers()].filter((customer) => matches(customer, words, tag));
  const list = takePage(found, request.url.searchParams.get('page'));
  const base = storePath(store);
  const said = readSaid(request.url);
  return page(
    store,
    'customers',
    'Customers',
    html`<h1>Customers</h1>
      <form class="search" method="get" action="${base}/customers" role="search">
        ${field('Search customers', 'q', { type: 'search', value: query, hint: 'Name, e-mail or tag' })}
        <button>Search</button>
      </form>
      <p>
        ${plural(list.total, 'customer')}${tag ? html` with the tag <strong>${tag}</strong>` : null}
        ${tag || query ? html`· <a href="${base}/customers">Show all</a>` : null}
      </p>
      ${
        list.total === 0
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
      ${pager(list, request.url)}
      <section class="card" aria-labelledby="new-customer">
        <h2 id="new-customer">New customer</h2>
        ${actForm(
          store,
          {
            id: 'create-customer',
            act: 'create-customer',
            back: `${base}/customers`,
            fields: [
              field('First name', 'firstName'),
              field('Last name', 'lastName'),
              field('E-mail', 'email', { type: 'email' }),
              field('Phone', 'phone', { type: 'tel' }),
            ],
            button: 'Create customer',
          },
          said,
        )}
      </section>`,
  );
}
