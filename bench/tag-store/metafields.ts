/**
 * The app's part of bench/metafield-writes.ts: works one shop's metafields until nothing waits.
 *
 * usage: node --expose-gc bench/tag-store/metafields.ts <database url> <shop id> <address of the stand-in store>
 */
import { createPool } from '../../app/db/pool.server.ts';
import { createDb, type ShopId } from '../../app/db/tenancy.server.ts';
import { systemClock } from '../../app/clock.ts';
import { writeMetafields } from '../../app/activation/metafields/write-metafields.server.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { adminOf, measure } from './measure.ts';

const [databaseUrl = '', shopId = '', store = ''] = process.argv.slice(2);
const pool = createPool(databaseUrl, { max: 12, applicationName: 'bench' });
const ctx = { db: createDb(pool), admin: adminOf(store), clock: systemClock, log: silentLog() };

await measure(async () => {
  const nextAt = await writeMetafields(ctx, shopId as ShopId);
  if (nextAt !== null) throw new Error(`not all was written: ${nextAt.toISOString()}`);
});
await pool.end();
