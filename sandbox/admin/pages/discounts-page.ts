/** Discounts of the store, by whomever they were made, with what a merchant does to them. */
import { discountStatus } from '../../discounts/discount-status.ts';
import { summary } from '../../discounts/summarise.ts';
import { listDiscounts } from '../../graphql/list-discounts.ts';
import type { SandboxAnswer, SandboxRequest } from '../../http/route.ts';
import type { SandboxDiscount } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { actForm, choice, field, readSaid } from '../forms.ts';
import type { Said } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page, storePath } from '../layout.ts';
import { dateTime, number, stateWords } from '../words.ts';
import { pager } from './paging.ts';
import { countLine, search, searchForm } from './search-list.ts';

const EXAMPLES = ['status:active', 'method:code', 'context:segment', 'discount_type:app'];

export function discountsPage(store: Store, { url }: SandboxRequest): SandboxAnswer {
  const base = storePath(store);
  const action = `${base}/discounts`;
  const query = url.searchParams.get('q')?.trim() ?? '';
  const said = readSaid(url);
  const { list, complaints } = search(url.searchParams, (notes) =>
    listDiscounts(store, { query, sortKey: 'CREATED_AT', reverse: true }, undefined, notes),
  );
  return page(
    store,
    'discounts',
    'Discounts',
    html`<h1>Discounts</h1>
      <p><a class="button" href="${base}/checkout">Try a cart at the checkout</a></p>
      ${searchForm({ action, label: 'Search discounts', hint: 'Title or code', examples: EXAMPLES }, url, complaints)}
      ${countLine(list, store.discounts.size, ['discount', 'discounts'], url)}
      ${
        list.items.length === 0
          ? html`<p class="empty">No discount fits.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Discounts">
              <table class="stack">
                <thead>
                  <tr>
                    <th scope="col">Discount</th>
                    <th scope="col">Status</th>
                    <th scope="col">Method</th>
                    <th scope="col">For</th>
                    <th scope="col">From, until</th>
                    <th scope="col" class="number">Used</th>
                    <th scope="col">Change</th>
                  </tr>
                </thead>
                <tbody>
                  ${list.items.map((discount) => row(store, discount, said))}
                </tbody>
              </table>
            </div>`
      }
      ${pager(list, url)} ${newDiscount(store, said)}`,
  );
}

function row(store: Store, discount: SandboxDiscount, said: Said | undefined): Html {
  const base = storePath(store);
  const status = discountStatus(discount, store.clock.now());
  const act = (name: string, button: string, danger = false) =>
    actForm(
      store,
      {
        id: `${name}-${discount.id}`,
        act: name,
        back: `${base}/discounts`,
        hidden: { discount: discount.id },
        plain: !danger,
        danger,
        button,
        buttonLabel: `${button} ${discount.title}`,
      },
      said,
    );
  return html`<tr>
    <th scope="row">${discount.title}<br /><span class="quiet">${summary(discount, store)}</span></th>
    <td><span class="badge">${stateWords(status)}</span></td>
    <td data-label="Method">
      ${discount.method === 'code' ? discount.codes.map(({ code }) => html`<code>${code}</code> `) : 'Automatic'}
    </td>
    <td data-label="For">${whom(store, discount)}</td>
    <td>
      ${dateTime(discount.startsAt, store)} –
      ${discount.endsAt === null ? 'no end' : dateTime(discount.endsAt, store)}
    </td>
    <td class="number" data-label="Used">${number(discount.usageCount)}</td>
    <td>
      ${status === 'ACTIVE' ? act('end-discount', 'End') : act('begin-discount', 'Begin')}
      ${act('delete-discount', 'Delete', true)}
    </td>
  </tr>`;
}

function whom(store: Store, { context }: SandboxDiscount): Html | string {
  const base = storePath(store);
  switch (context.kind) {
    case 'all':
      return 'Everybody';
    case 'customers':
      return `${number(context.ids.length)} customers`;
    case 'segments':
      return html`${context.ids.map((id) => {
        const segment = store.segments.get(id);
        return segment
          ? html`<a href="${base}/segments/${id}">${segment.name}</a> `
          : html`<span class="failed">a deleted segment</span> `;
      })}`;
  }
}

function newDiscount(store: Store, said: Said | undefined): Html {
  const yesNo: readonly (readonly [string, string])[] = [['false', 'No'], ['true', 'Yes']]; // prettier-ignore
  return html`<section class="card" aria-labelledby="new-discount">
    <h2 id="new-discount">New discount of the merchant’s</h2>
    ${actForm(
      store,
      {
        id: 'create-discount',
        act: 'create-discount',
        back: `${storePath(store)}/discounts`,
        fields: [
          field('Title', 'title'),
          field('Code', 'code', { hint: 'empty: automatic' }),
          field('Percent', 'percent', { mode: 'decimal' }),
          field('Amount', 'amount', { mode: 'decimal' }),
          choice('Free shipping', 'freeShipping', yesNo),
          choice('Collection', 'collection', [
            ['', 'All products'],
            ...[...store.collections.all()].map(({ id, title }): [string, string] => [id, title]),
          ]),
          choice('Customers', 'segment', [
            ['', 'Everybody'],
            ...[...store.segments.all()].map(({ id, name }): [string, string] => [id, name]),
          ]),
          field('Minimum purchase', 'minimum', { mode: 'decimal' }),
          choice('Combines with others', 'combines', yesNo),
        ],
        button: 'Create discount',
      },
      said,
    )}
  </section>`;
}
