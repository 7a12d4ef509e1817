/** Why one customer is in one segment, or is not: asked for when the merchant opens it. */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { why } from '../segments/why.server.ts';
import type { WhyAnswer } from '../ui/customer-segments.tsx';
import { whyWords } from './why-words.server.ts';
import { pageRequest } from './page-request.server.ts';

export function loader(args: LoaderFunctionArgs) {
  const customerId = args.params['id'] ?? '';
  const key = new URL(args.request.url).searchParams.get('segment') ?? '';
  return pageRequest(args, async ({ app, shopId, settings, now }) => {
    const found = /^\d{1,18}$/.test(customerId)
      ? await app.db.inShop(shopId, (tx) => why(tx, { customerId, key, now }))
      : undefined;
    const answer: WhyAnswer = found
      ? { outcome: 'known', conditions: whyWords(found, settings.currency) }
      : { outcome: 'unknown' };
    return Response.json(answer, { status: found ? 200 : 404 });
  });
}
