/** One store, measured in this process: see ../value-store.ts. */
import { manualClock, type Clock } from '../../app/clock.ts';
import { createPool } from '../../app/db/pool.server.ts';
import { sql } from '../../app/db/sql.ts';
import { createDb, type ShopId } from '../../app/db/tenancy.server.ts';
import { readShopDay } from '../../app/history/read-shop-day.server.ts';
import { createLog } from '../../app/log.server.ts';
import { allowMassAct } from '../../app/db/allow-mass-act.server.ts';
import { applyFit } from '../../app/pipeline/apply-fit.server.ts';
import { snapshotValue } from '../../app/pipeline/snapshot-value.server.ts';
import { fitOnThread } from '../../app/value/fit-on-thread.server.ts';
import { readFitInput } from '../../app/value/read-fit-input.server.ts';
import { readFits } from '../../app/value/read-fit.server.ts';
import { putFitInForce, storeFit } from '../../app/value/store-fit.server.ts';
import { readValueSnapshot } from '../../app/value/value-snapshot.server.ts';
import { TODAY } from './seed.ts';

export const fixedClock = () => manualClock(new Date(`${TODAY}T03:00:00Z`));
const round = (value: number, digits = 3) => Number(value.toPrecision(digits));

export async function measureStore(url: string, shop: string, clock: Clock) {
  const pool = createPool(url, { max: 4, applicationName: 'bench' });
  const db = createDb(pool);
  const ctx = { db, clock, log: createLog({ level: 'silent', process: 'bench' }) };
  const shopId = shop as ShopId;
  const seconds: Record<string, number> = {};
  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = performance.now();
    const result = await work();
    seconds[name] = round((performance.now() - before) / 1000);
    return result;
  }
  try {
    const day = await db.inShop(shopId, (tx) => readShopDay(tx, clock.now()));
    const input = await timed('readInput', () =>
      db.inShop(shopId, async (tx) => {
        await allowMassAct(tx);
        return readFitInput(tx, day);
      }),
    );
    const fit = await timed('fit', () => fitOnThread(input));
    await db.inShop(shopId, async (tx) => {
      const stored = await storeFit(tx, day, { fit, size: input.size }, 'force');
      if (stored.outcome === 'due') await putFitInForce(tx, stored.version, clock.now());
    });
    const predictions = await timed('write', () => applyFit(ctx, shopId));
    await db.inShop(shopId, async (tx) => {
      await allowMassAct(tx);
      await timed('floorOfRead', () =>
        tx.query(sql`
          SELECT count(*) FROM (SELECT customer_id, (processed_at AT TIME ZONE ${day.timeZone})::date, sum(net_payment_minor)
                                  FROM orders WHERE shop_id = ${shopId} GROUP BY 1, 2) days`),
      );
      await tx.query('CREATE TEMPORARY TABLE floor (LIKE prediction INCLUDING INDEXES) ON COMMIT DROP');
      await timed('floorOfWrite', () =>
        tx.query(sql`INSERT INTO floor SELECT * FROM prediction WHERE shop_id = ${shopId}`),
      );
    });
    await timed('snapshot', () => snapshotValue(ctx, shopId));
    await timed('page', () =>
      db.inShop(shopId, async (tx) => {
        await readValueSnapshot(tx, await readShopDay(tx, clock.now()));
        await readFits(tx);
      }),
    );
    const at = (name: string) => seconds[name] ?? NaN;
    return {
      customers: input.size.customers,
      predictions,
      distinctRows: input.customers.x.length,
      verdict: fit.verdict,
      seconds: { ...seconds, page: at('page') },
      ratio: {
        readToFloor: round(at('readInput') / at('floorOfRead')),
        writeToFloor: round(at('write') / at('floorOfWrite')),
      },
      /** Of this process, the fit's thread included. */
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await pool.end();
  }
}
