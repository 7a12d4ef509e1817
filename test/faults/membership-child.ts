/** One piece of work on memberships in a process of its own, which the test kills: node membership-child.ts URL SHOP WORK NOW */
import { manualClock } from '../../app/clock.ts';
import { createPool } from '../../app/db/pool.server.ts';
import { createDb, type ShopId } from '../../app/db/tenancy.server.ts';
import { silentLog } from '../support/silent-log.ts';
import { doMembershipWork, isMembershipWork } from './membership-work.ts';

const [url = '', shopId = '', work = '', now = ''] = process.argv.slice(2);
if (!isMembershipWork(work)) throw new Error(`no such work: ${work}`);
const pool = createPool(url, { max: 2, applicationName: 'membership child' });
const ctx = { db: createDb(pool), clock: manualClock(new Date(now)), log: silentLog() };
process.stdout.write('ready\n');
await doMembershipWork(ctx, shopId as ShopId, work);
process.stdout.write('done\n');
await pool.end();
