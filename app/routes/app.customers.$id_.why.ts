/** Why one customer is in one segment, or is not: asked for when the merchant opens it. */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { loadSegment } from '../segments/load-segments.server.ts';
import { why } from '../segments/why.server.ts';
import type { WhyAnswer } from '../ui/customer-segments.tsx';
import { whyWords } from './why-words.server.ts';
import { pageRequest } from './page-request.server.ts';

export function loader(args: LoaderFunctionArgs) {
  const customerId = args.params['id'] ?? '';
  const key = new URL(args.request.url).searchParams.get('segment') ?? '';
  return pageRequest(args, async ({ app, shopId, settings, now }) => {
    const { found, stored } = /^\d{1,18}$/.test(customerId)
      ? await app.db.inShop(shopId, async (tx) => ({
          found: await why(tx, { customerId, key, now }),
          // A draft keeps no members to compare with.
          stored: (await loadSegment(tx, key))?.status !== 'draft',
        }))
      : { found: undefined, stored: false };
    const answer: WhyAnswer = found
      ? {
          outcome: 'known',
          conditions: whyWords(found, settings.currency),
          sentence: found.sentence,
          decidedOtherwise: stored && found.holds !== (found.member !== null),
        }
      : { outcome: 'unknown' };
    return Response.json(answer, { status: found ? 200 : 404 });
  });
}
