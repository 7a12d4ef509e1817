/** The live segments as templates for Shopify's segment editor. */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { tagQuery } from '../activation/tags/tag-query.ts';
import { readSegments } from '../segments/read-segments.server.ts';
import { pageRequest } from './page-request.server.ts';

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, cors }) => {
    const segments = await app.db.inShop(shopId, (tx) => readSegments(tx, now));
    const templates = segments
      .filter(({ status }) => status === 'live')
      .map(({ name, sentence, tag, liveSince }) => ({
        title: name,
        description: sentence,
        query: tagQuery(tag),
        queryToInsert: tagQuery(tag),
        createdOn: (liveSince ?? now).toISOString(),
      }));
    return cors(Response.json({ templates }, { headers: { 'Cache-Control': 'private, no-store' } }));
  });
}
