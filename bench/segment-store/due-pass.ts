/**
 * Milliseconds for each customer who is due, when few and when many are, in stores where nobody else is. Who is due lies
 * scattered over the store, as birthdays and anniversaries do. The stores are measured in turns.
 */
import type { Clock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import type { Db } from '../../app/db/tenancy.server.ts';
import type { Log } from '../../app/log.server.ts';
import { reviewDue } from '../../app/pipeline/review-due.server.ts';
import { median } from './median.ts';
import type { MeasuredShop } from './order-way.ts';

/** Many: a tenth of the smallest store, or its customers would share the pages that they lie on and others not. */
export const DUE = { few: 300, many: 1_000 };
const RUNS = 4;

/** In the order of the shops. */
export async function measureDue(
  ctx: { db: Db; clock: Clock; log: Log },
  shops: readonly MeasuredShop[],
): Promise<{ few: number; many: number }[]> {
  const times = shops.map(() => ({ few: [] as number[], many: [] as number[] }));
  for (const size of ['few', 'many'] as const) {
    for (let run = 0; run < RUNS; run++) {
      for (const [n, { shopId, customers }] of shops.entries()) {
        const due = DUE[size];
        await ctx.db.inShop(shopId, (tx) =>
          tx.query(sql`
            UPDATE profile SET next_review_at = ${ctx.clock.now()}
             WHERE shop_id = ${shopId}
               AND customer_id IN (SELECT i * ${Math.floor(customers / due)}::int FROM generate_series(1, ${due}::int) i)`),
        );
        const from = performance.now();
        const { reviewed } = await reviewDue(ctx, shopId);
        if (reviewed !== due) throw new Error(`${reviewed} were due, not ${due}`);
        // The first one makes the memberships.
        if (run > 0) times[n]?.[size].push((performance.now() - from) / due);
      }
    }
  }
  return times.map(({ few, many }) => ({ few: median(few), many: median(many) }));
}
