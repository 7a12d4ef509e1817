/**
 * The app's part of bench/tag-writes.ts: works one shop's outbox until it is empty.
 *
 * usage: node --expose-gc bench/tag-store/push.ts <database url> <shop id> <address of the stand-in store>
 */
import { createPool } from '../../app/db/pool.server.ts';
import { createDb, type ShopId } from '../../app/db/tenancy.server.ts';
import { systemClock } from '../../app/clock.ts';
import { createUploadFile } from '../../app/shopify/upload-file.server.ts';
import { pushTags } from '../../app/activation/tags/push-tags.server.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { adminOf, measure } from './measure.ts';

const [databaseUrl = '', shopId = '', store = ''] = process.argv.slice(2);
const pool = createPool(databaseUrl, { max: 12, applicationName: 'bench' });

await measure(() =>
  pushTags(
    {
      db: createDb(pool),
      admin: adminOf(store),
      clock: systemClock,
      log: silentLog(),
      fetchResult: async (url) => {
        const response = await fetch(`${store}/result?url=${encodeURIComponent(url)}`);
        if (!response.ok || !response.body) throw new Error(`no result: ${response.status}`);
        return response.body as unknown as AsyncIterable<Uint8Array>;
      },
      uploadFile: (target, ...more) => {
        const where = { sandboxUrl: new URL(target.url).origin, production: false };
        return createUploadFile(where, { fetch })(target, ...more);
      },
    },
    shopId as ShopId,
  ),
);
await pool.end();
