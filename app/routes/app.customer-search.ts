/**
 * Customers by name, e-mail or number, for naming people by hand: asked from Shopify, before all background requests,
 * and not kept. When Shopify gives no names, a whole number still finds its customer.
 */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { sql } from '../db/sql.ts';
import { SEARCH_CUSTOMERS } from '../shopify/documents/search-customers.ts';
import type { CustomerSearchAnswer } from '../ui/segments/customer-search.tsx';
import { pageRequest } from './page-request.server.ts';

export function loader(args: LoaderFunctionArgs) {
  const asked = (new URL(args.request.url).searchParams.get('q') ?? '').trim().slice(0, 100);
  return pageRequest(args, async ({ app, shopId }): Promise<Response> => {
    const answer = (body: CustomerSearchAnswer) =>
      Response.json(body, { headers: { 'Cache-Control': 'private, no-store' } });
    if (asked === '') return answer({ outcome: 'found', customers: [] });
    const byNumber = /^\d{1,18}$/.test(asked)
      ? await app.db.inShop(shopId, async (tx) => {
          const { rows } = await tx.query<{ id: string }>(sql`
            SELECT customer_id AS id FROM profile WHERE shop_id = ${shopId} AND customer_id = ${asked}::bigint`);
          return rows.map(({ id }) => ({ id, name: `Customer ${id}`, email: '' }));
        })
      : [];
    try {
      const admin = await app.adminFor(shopId);
      const { data } = await admin.request(
        SEARCH_CUSTOMERS,
        // In quotes it is text, whatever it holds: no part of it is read as a filter.
        { query: `"${asked.replaceAll(/["\\]/g, ' ')}"` },
        { priority: 'page', signal: args.request.signal },
      );
      const found = data.customers.nodes.map((node) => ({
        id: node.id.split('/').at(-1) ?? '',
        name: node.displayName.trim() || `Customer ${node.id.split('/').at(-1) ?? ''}`,
        email: node.defaultEmailAddress?.emailAddress ?? '',
      }));
      const known = new Set(found.map(({ id }) => id));
      return answer({
        outcome: 'found',
        customers: [...byNumber.filter(({ id }) => !known.has(id)), ...found],
      });
    } catch (error) {
      app.log.warn({ err: error, shopId }, 'customers could not be searched');
      return answer(byNumber.length > 0 ? { outcome: 'found', customers: byNumber } : { outcome: 'refused' });
    }
  });
}
