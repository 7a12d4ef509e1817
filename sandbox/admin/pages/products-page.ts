/** Products: the list, one product with its collections, and the forms that change it. */
import { listProducts } from '../../graphql/list-products.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { SandboxProduct } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { money, stateWords } from '../words.ts';
import { pager } from './paging.ts';
import { countLine, search, searchForm } from './search-list.ts';

const EXAMPLES = ['status:active', 'vendor:*', 'product_type:*', 'tag:sale', 'title:tea*'];
const STATES = ['ACTIVE', 'DRAFT', 'ARCHIVED'] as const;

export function productsPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const { url } = request;
  const base = storePath(store);
  const action = `${base}/products`;
  const query = url.searchParams.get('q')?.trim() ?? '';
  const { list, complaints } = search(url.searchParams, (notes) =>
    listProducts(store, { query, sortKey: 'TITLE' }, { notes }),
  );
  return page(
    store,
    'products',
    'Products',
    html`<h1>Products</h1>
      ${searchForm({ action, label: 'Search products', hint: 'Title, or vendor:Leaf', examples: EXAMPLES }, url, complaints)}
      ${countLine(list, store.productCount(), ['product', 'products'], url)}
      ${list.items.length === 0 ? html`<p class="empty">No product fits.</p>` : productTable(store, list.items)}
      ${pager(list, url)}
      <section class="card" aria-labelledby="new-product">
        <h2 id="new-product">New product</h2>
        ${actForm(
          store,
          {
            id: 'create-product',
            act: 'create-product',
            back: action,
            fields: [
              field('Title', 'title', { required: true }),
              field('Price', 'price', { mode: 'decimal' }),
              field('Vendor', 'vendor'),
              field('Type', 'productType'),
              field('Tags', 'tags'),
            ],
            button: 'Create product',
          },
          readSaid(url),
        )}
      </section>`,
  );
}

/** Title, vendor, type, tags, price. */
export function productTable(store: Store, products: readonly SandboxProduct[]): Html {
  const base = storePath(store);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Products">
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Product</th>
          <th scope="col">Status</th>
          <th scope="col">Vendor</th>
          <th scope="col">Type</th>
          <th scope="col">Tags</th>
          <th scope="col" class="number">Price</th>
        </tr>
      </thead>
      <tbody>
        ${products.map(
          (product) =>
            html`<tr>
              <th scope="row"><a href="${base}/products/${product.id}">${product.title}</a></th>
              <td>
                <span class="badge ${product.status.toLowerCase()}">${stateWords(product.status)}</span>
              </td>
              <td>${product.vendor}</td>
              <td>${product.productType}</td>
              <td>
                <ul class="tags">
                  ${product.tags.map((tag) => html`<li>${tag}</li>`)}
                </ul>
              </td>
              <td class="number" data-label="Price">${money(product.variants[0]?.priceMinor ?? 0, store)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function productPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const product = store.product(request.params['id'] ?? '');
  if (!product) {
    const missing = html`<h1>No such product</h1>
      <p><a href="${base}/products">All products</a></p>`;
    return page(store, 'products', 'Not found', missing, { status: 404 });
  }
  const back = `${base}/products/${product.id}`;
  const hidden = { product: product.id };
  const said = readSaid(request.url);
  return page(
    store,
    'products',
    product.title,
    html`<p><a href="${base}/products">Products</a></p>
      <h1>${product.title}</h1>
      <p>
        <span class="badge ${product.status.toLowerCase()}">${stateWords(product.status)}</span>
        ${product.handle}
      </p>
      <div class="columns">
        <section class="card" aria-labelledby="product">
          <h2 id="product">Product</h2>
          ${actForm(
            store,
            {
              id: 'update-product',
              act: 'update-product',
              back,
              hidden,
              fields: [
                field('Title', 'title', { required: true, value: product.title }),
                field('Vendor', 'vendor', { value: product.vendor }),
                field('Type', 'productType', { value: product.productType }),
                field('Tags', 'tags', { value: product.tags.join(', ') }),
                choice(
                  'Status',
                  'status',
                  STATES.map((state): [string, string] => [state, stateWords(state)]),
                  product.status,
                ),
              ],
              button: 'Save',
            },
            said,
          )}
          <h3>Variants</h3>
          <ul class="orders" aria-label="Variants">
            ${product.variants.map(
              (variant) =>
                html`<li class="row">
                  <span>${variant.title}</span><span class="quiet">${variant.sku ?? 'no SKU'}</span>
                  <span class="number">${money(variant.priceMinor, store)}</span>
                </li>`,
            )}
          </ul>
        </section>
        <div>
          ${collectionsCard(store, product, back, request)}
          <section class="card" aria-label="Delete">
            ${actForm(store, { id: 'delete-product', act: 'delete-product', back: `${base}/products`, hidden, button: 'Delete product', danger: true }, said)}
          </section>
        </div>
      </div>`,
  );
}

function collectionsCard(store: Store, product: SandboxProduct, back: string, request: SandboxRequest): Html {
  const base = storePath(store);
  const collections = [...store.collections.all()];
  return html`<section class="card" aria-labelledby="collections">
    <h2 id="collections">Collections</h2>
    ${
      collections.length === 0
        ? html`<p class="quiet">This store has none. <a href="${base}/collections">Create one</a></p>`
        : actForm(
            store,
            {
              id: 'product-collections',
              act: 'product-collections',
              back,
              hidden: { product: product.id },
              fields: html`<fieldset>
                <legend class="unseen">Collections of ${product.title}</legend>
                ${collections.map(
                  (collection) =>
                    html`<label class="tick"
                      ><input
                        type="checkbox"
                        name="collections"
                        value="${collection.id}"
                        ${collection.productIds.includes(product.id) ? html` checked` : null}
                      />
                      ${collection.title}</label
                    >`,
                )}
              </fieldset>`,
              button: 'Save collections',
            },
            readSaid(request.url),
          )
    }
  </section>`;
}
