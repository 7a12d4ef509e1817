/** One customer for the block on Shopify's own page: life-cycle, spent, live segments and why. */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { readCustomerPage } from '../segments/read-customer-page.server.ts';
import { readCustomerSegments } from '../segments/read-customer-segments.server.ts';
import { why } from '../segments/why.server.ts';
import { localDateOf } from '../local-date.ts';
import { causeWords } from '../ui/cause-words.ts';
import { formatDay, formatMinor } from '../ui/format.ts';
import { pageRequest } from './page-request.server.ts';
import { whyWords } from './why-words.server.ts';

/** More do not fit into a block; the app's page shows all. */
const MOST_SEGMENTS = 10;

export function loader(args: LoaderFunctionArgs) {
  const customerId = args.params['id'] ?? '';
  return pageRequest(args, async ({ app, shopId, settings, now, cors }) => {
    const body = /^\d{1,18}$/.test(customerId)
      ? await app.db.inShop(shopId, async (tx) => {
          const { customers } = await readCustomerPage(tx, now, { order: 'newest', customerId, limit: 1 });
          const [customer] = customers;
          if (!customer) return undefined;
          const all = await readCustomerSegments(tx, now, customerId);
          const held = all.filter(({ holds, status }) => holds && status !== 'draft').slice(0, MOST_SEGMENTS);
          const segments = [];
          for (const { key, name, since, cause } of held) {
            const reason = await why(tx, { customerId, key, now });
            segments.push({
              name,
              since: since
                ? `since ${formatDay(localDateOf(since, settings.timeZone))}: ${causeWords(cause ?? '')}`
                : '',
              why: reason
                ? whyWords(reason, settings.currency)
                    .filter(({ holds }) => holds)
                    .map(({ label, value }) => `${label} (${value})`)
                : [],
            });
          }
          return {
            lifeCycle: customer.group?.name ?? null,
            spent: formatMinor(customer.spentMinor, settings.currency),
            orders: customer.orders,
            segments,
          };
        })
      : undefined;
    return cors(
      Response.json(body ?? {}, {
        status: body ? 200 : 404,
        headers: { 'Cache-Control': 'private, no-store' },
      }),
    );
  });
}
