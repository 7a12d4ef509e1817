/**
 * Names for a page that is already shown: read from Shopify, before all background requests, and not kept.
 * Refused (no approval for names, or Shopify cannot be reached) is an answer: pages then show numbers.
 */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { READ_CUSTOMER_NAMES } from '../shopify/documents/customer-names.ts';
import type { CustomerNamesAnswer } from '../ui/use-customer-names.ts';
import { pageRequest } from './page-request.server.ts';

const MOST = 100;

export function loader(args: LoaderFunctionArgs) {
  const ids = (new URL(args.request.url).searchParams.get('ids') ?? '')
    .split(',')
    .filter((id) => /^\d{1,19}$/.test(id))
    .slice(0, MOST);
  return pageRequest(args, async ({ app, shopId }): Promise<Response> => {
    const answer = (body: CustomerNamesAnswer) =>
      Response.json(body, { headers: { 'Cache-Control': 'private, no-store' } });
    if (ids.length === 0) return answer({ outcome: 'names', names: {} });
    try {
      const admin = await app.adminFor(shopId);
      const { data } = await admin.request(
        READ_CUSTOMER_NAMES,
        { ids: ids.map((id) => `gid://shopify/Customer/${id}`) },
        { priority: 'page', signal: args.request.signal },
      );
      const names: Record<string, string> = {};
      for (const node of data.nodes) {
        const id = node && 'id' in node ? node.id.split('/').at(-1) : undefined;
        const name = node?.displayName.trim() || node?.defaultEmailAddress?.emailAddress;
        if (id && name) names[id] = name;
      }
      return answer({ outcome: 'names', names });
    } catch (error) {
      app.log.warn({ err: error, shopId }, 'names were not given');
      return answer({ outcome: 'refused' });
    }
  });
}
