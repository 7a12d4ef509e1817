/** The file for another store, as a download. */
import type { LoaderFunctionArgs } from '@remix-run/node';
import { readTransfer } from '../segments/transfer/read-transfer.server.ts';
import { pageRequest } from './page-request.server.ts';

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, today }) => {
    const file = await app.db.inShop(shopId, readTransfer);
    app.log.info({ shopId, segments: file.segments.length }, 'segments exported');
    return new Response(`${JSON.stringify(file, null, 2)}\n`, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="regulars-segments-${today}.json"`,
        'cache-control': 'private, no-store',
      },
    });
  });
}
