/** Customer segments: the list, and one segment with its query, its members as settled, and what a merchant does. */
import { findMembers } from '../../segments/find-members.ts';
import { segmentIndexOf } from '../../segments/segment-index.ts';
import { listSegments } from '../../graphql/resolvers/segment.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { Store } from '../../store/store.ts';
import { actForm, field, readSaid } from '../forms.ts';
import { html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { customerName, dateTime, number, plural } from '../words.ts';
import { pager } from './paging.ts';
import { countLine, search, searchForm } from './search-list.ts';

const SHOWN = 50;

export function segmentsPage(store: Store, { url }: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const action = `${base}/segments`;
  const query = url.searchParams.get('q')?.trim() ?? '';
  const { list, complaints } = search(url.searchParams, (notes) =>
    listSegments(store, { query, sortKey: 'CREATION_DATE', reverse: true }, notes),
  );
  return page(
    store,
    'segments',
    'Segments',
    html`<h1>Segments</h1>
      ${searchForm({ action, label: 'Search segments', hint: 'Name', examples: ['name:vip*'] }, url, complaints)}
      ${countLine(list, store.segments.size, ['segment', 'segments'], url)}
      ${
        list.items.length === 0
          ? html`<p class="empty">No segment fits.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Segments">
              <table class="stack">
                <thead>
                  <tr>
                    <th scope="col">Segment</th>
                    <th scope="col">Query</th>
                    <th scope="col">Changed</th>
                  </tr>
                </thead>
                <tbody>
                  ${list.items.map(
                    (segment) =>
                      html`<tr>
                        <th scope="row"><a href="${base}/segments/${segment.id}">${segment.name}</a></th>
                        <td data-label="Query"><code class="wrap">${segment.query}</code></td>
                        <td>${dateTime(segment.lastEditDate, store)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${pager(list, url)}
      <section class="card" aria-labelledby="new-segment">
        <h2 id="new-segment">New segment</h2>
        ${actForm(
          store,
          {
            id: 'create-segment',
            act: 'create-segment',
            back: action,
            fields: [
              field('Name', 'name', { required: true }),
              field('Query', 'query', { required: true, hint: 'number_of_orders > 2' }),
            ],
            button: 'Create segment',
          },
          readSaid(url),
        )}
      </section>`,
  );
}

export async function segmentPage(store: Store, request: SandboxRequest): Promise<SandboxAnswer> {
  const base = storePath(store);
  const segment = store.segments.get(request.params['id'] ?? '');
  if (!segment) {
    const missing = html`<h1>No such segment</h1>
      <p><a href="${base}/segments">All segments</a></p>`;
    return page(store, 'segments', 'Not found', missing, { status: 404 });
  }
  const members = await findMembers(store, segment.query);
  const customers = members.slice(0, SHOWN).flatMap((id) => store.customer(String(id)) ?? []);
  const hidden = { segment: segment.id };
  const said = readSaid(request.url);
  const { lagMs } = segmentIndexOf(store);
  return page(
    store,
    'segments',
    segment.name,
    html`<p><a href="${base}/segments">Segments</a></p>
      <h1>${segment.name}</h1>
      <p><code class="wrap">${segment.query}</code></p>
      <p>
        ${plural(members.length, 'member')}
        ${lagMs > 0 ? html`<span class="quiet">Changes of customers are seen after ${number(lagMs / 1000)} s.</span>` : null}
      </p>
      ${
        customers.length === 0
          ? html`<p class="empty">Nobody is in it.</p>`
          : html`<ul aria-label="Members">
              ${customers.map((one) => html`<li><a href="${base}/customers/${one.id}">${customerName(one)}</a></li>`)}
            </ul>`
      }
      ${members.length > SHOWN ? html`<p class="quiet">The first ${number(SHOWN)} are shown.</p>` : null}
      <section class="card" aria-labelledby="change">
        <h2 id="change">Change</h2>
        ${actForm(
          store,
          {
            id: 'update-segment',
            act: 'update-segment',
            back: `${base}/segments/${segment.id}`,
            hidden,
            fields: [
              field('Name', 'name', { required: true, value: segment.name }),
              field('Query', 'query', { required: true, value: segment.query }),
            ],
            button: 'Save',
          },
          said,
        )}
        ${actForm(store, { id: 'delete-segment', act: 'delete-segment', back: `${base}/segments`, hidden, button: 'Delete segment', danger: true }, said)}
      </section>`,
  );
}
