/** The checkout as a customer would see it: a cart, its price, and why a discount did not apply. */
import { ActError } from '../../acts/act.ts';
import { checkOut } from '../../checkout/checkout.ts';
import type { CheckoutResult } from '../../checkout/checkout.ts';
import { listProducts } from '../../graphql/list-products.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { SandboxProduct } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { inputOf } from '../form-input.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { money } from '../words.ts';

const LINES = 3;
const MOST_PRODUCTS = 200;

export async function checkoutPage(
  store: Store,
  { url }: SandboxRequest,
  sandbox: Sandbox,
): Promise<SandboxAnswer> {
  const base = storePath(store);
  const asked = url.searchParams.has('line-product');
  const answer = asked ? await priceOf(store, url.searchParams, sandbox) : null;
  const products: SandboxProduct[] = [];
  for (const product of listProducts(store, { sortKey: 'TITLE' }).after()) {
    if (products.push(product) >= MOST_PRODUCTS) break;
  }
  return page(
    store,
    'discounts',
    'Checkout',
    html`<p><a href="${base}/discounts">Discounts</a></p>
      <h1>Checkout</h1>
      <p class="quiet">
        Discounts for a customer segment or with an offer tag apply to a customer who has signed in or given
        their e-mail address.
      </p>
      <section class="card" aria-labelledby="cart">
        <h2 id="cart">Cart</h2>
        <form method="get" action="${base}/checkout" data-testid="checkout-cart">
          ${field('Customer', 'customer', { value: url.searchParams.get('customer') ?? '', hint: 'E-mail or id; empty: nobody has signed in' })}
          ${Array.from({ length: LINES }, (_, index) => line(products, url.searchParams, index, store))}
          ${field('Discount code', 'code', { value: url.searchParams.get('code') ?? '' })}
          ${field('Shipping', 'shipping', { mode: 'decimal', value: url.searchParams.get('shipping') ?? '' })}
          <button>Show the price</button>
        </form>
      </section>
      ${answer === null ? null : 'error' in answer ? html`<p class="failed" role="alert">${answer.error}</p>` : result(answer)}
      ${answer !== null && !('error' in answer) ? placeForm(store, url) : null}`,
  );
}

async function priceOf(
  store: Store,
  query: URLSearchParams,
  sandbox: Sandbox,
): Promise<CheckoutResult | { error: string }> {
  try {
    return await checkOut(sandbox, store, inputOf('checkout', store, query));
  } catch (error) {
    if (error instanceof ActError) return { error: error.message };
    throw error;
  }
}

function line(
  products: readonly SandboxProduct[],
  query: URLSearchParams,
  index: number,
  store: Store,
): Html {
  return html`<fieldset>
    <legend>Line ${index + 1}</legend>
    ${choice(
      'Product',
      'line-product',
      [
        ['', 'No product'],
        ...products.map(({ id, title, variants }): [string, string] => [
          id,
          `${title}, ${money(variants[0]?.priceMinor ?? 0, store)}`,
        ]),
      ],
      query.getAll('line-product')[index],
    )}
    ${field('Quantity', 'line-quantity', { type: 'number', value: query.getAll('line-quantity')[index] ?? '1' })}
  </fieldset>`;
}

function result(answer: CheckoutResult): Html {
  const { lines, discounts, notApplied, currency } = answer;
  return html`<section class="card" aria-labelledby="price" data-testid="checkout-price">
    <h2 id="price">Price</h2>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Item</th>
          <th scope="col" class="number">Quantity</th>
          <th scope="col" class="number">Price</th>
          <th scope="col" class="number">Discount</th>
          <th scope="col" class="number">To pay</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.title}</th>
              <td class="number" data-label="Quantity">${one.quantity}</td>
              <td class="number" data-label="Price">${one.total}</td>
              <td class="number" data-label="Discount">${one.discount}</td>
              <td class="number" data-label="To pay">${one.toPay}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p>
      Subtotal ${answer.subtotal}, discount ${answer.discount}, shipping ${answer.shipping}, discount on
      shipping ${answer.shippingDiscount}
    </p>
    <p class="big">Total <strong>${answer.total} ${currency}</strong></p>
    <h3>Discounts</h3>
    ${
      discounts.length === 0
        ? html`<p class="empty">None applies.</p>`
        : html`<ul aria-label="Applied">
            ${discounts.map((one) => html`<li>${one.message ?? one.title}${one.message ? html` <span class="quiet">(${one.title})</span>` : null}: ${one.amount}</li>`)}
          </ul>`
    }
    ${
      notApplied.length === 0
        ? null
        : html`<h3>Not applied</h3>
            <ul aria-label="Not applied">
              ${notApplied.map(({ title, reason }) => html`<li>${title}: <span class="quiet">${reason}</span></li>`)}
            </ul>`
    }
  </section>`;
}

/** The same cart again, as an order. */
function placeForm(store: Store, url: URL): Html {
  const cart = [...url.searchParams].filter(([name]) => !['form', 'said', 'error'].includes(name));
  return actForm(
    store,
    {
      id: 'place-checkout',
      act: 'place-checkout',
      back: `${storePath(store)}/checkout`,
      fields: cart.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`),
      button: 'Place the order',
    },
    readSaid(url),
  );
}
