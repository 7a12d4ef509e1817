/** Collections: the list, one collection with its products, and the forms that change it. */
import { listCollections } from '../../graphql/list-products.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Store } from '../../store/store.ts';
import { actForm, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { dateTime, number } from '../words.ts';
import { pager } from './paging.ts';
import { productTable } from './products-page.ts';
import { countLine, search, searchForm } from './search-list.ts';

export function collectionsPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const { url } = request;
  const base = storePath(store);
  const action = `${base}/collections`;
  const query = url.searchParams.get('q')?.trim() ?? '';
  const { list, complaints } = search(url.searchParams, (notes) =>
    listCollections(store, { query, sortKey: 'TITLE' }, notes),
  );
  return page(
    store,
    'collections',
    'Collections',
    html`<h1>Collections</h1>
      ${searchForm({ action, label: 'Search collections', hint: 'Title', examples: ['title:summer*'] }, url, complaints)}
      ${countLine(list, store.collections.size, ['collection', 'collections'], url)}
      ${
        list.items.length === 0
          ? html`<p class="empty">No collection fits.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Collections">
              <table class="stack">
                <thead>
                  <tr>
                    <th scope="col">Collection</th>
                    <th scope="col" class="number">Products</th>
                    <th scope="col">Changed</th>
                  </tr>
                </thead>
                <tbody>
                  ${list.items.map(
                    (collection) =>
                      html`<tr>
                        <th scope="row">
                          <a href="${base}/collections/${collection.id}">${collection.title}</a>
                        </th>
                        <td class="number" data-label="Products">${number(collection.productIds.length)}</td>
                        <td>${dateTime(collection.updatedAt, store)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${pager(list, url)}
      <section class="card" aria-labelledby="new-collection">
        <h2 id="new-collection">New collection</h2>
        ${actForm(
          store,
          {
            id: 'create-collection',
            act: 'create-collection',
            back: action,
            fields: field('Title', 'title', { required: true }),
            button: 'Create collection',
          },
          readSaid(url),
        )}
      </section>`,
  );
}

export function collectionPage(store: Store, request: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const collection = store.collections.get(request.params['id'] ?? '');
  if (!collection) {
    const missing = html`<h1>No such collection</h1>
      <p><a href="${base}/collections">All collections</a></p>`;
    return page(store, 'collections', 'Not found', missing, { status: 404 });
  }
  const products = collection.productIds.flatMap((id) => store.product(id) ?? []);
  const hidden = { collection: collection.id };
  const said = readSaid(request.url);
  return page(
    store,
    'collections',
    collection.title,
    html`<p><a href="${base}/collections">Collections</a></p>
      <h1>${collection.title}</h1>
      ${products.length === 0 ? html`<p class="empty">No products yet: choose it on a product’s page.</p>` : productTable(store, products)}
      <section class="card" aria-labelledby="rename">
        <h2 id="rename">Collection</h2>
        ${actForm(
          store,
          {
            id: 'update-collection',
            act: 'update-collection',
            back: `${base}/collections/${collection.id}`,
            hidden,
            fields: field('Title', 'title', { required: true, value: collection.title }),
            button: 'Save',
          },
          said,
        )}
        ${actForm(store, { id: 'delete-collection', act: 'delete-collection', back: `${base}/collections`, hidden, button: 'Delete collection', danger: true }, said)}
      </section>`,
  );
}
