import { sql } from '../../app/db/sql.ts';
import type { Db } from '../../app/db/tenancy.server.ts';

/** Until so many transactions wait for another one: asked in a new one each time, or the answer stays the first one. */
export async function untilWaiting(db: Db, count: number): Promise<void> {
  const waiting = () =>
    db.outsideShops(async (tx) => {
      const { rows } = await tx.query<{ n: number }>(sql`
        SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`);
      return rows[0]?.n ?? 0;
    });
  const deadline = Date.now() + 25_000;
  while ((await waiting()) < count) {
    if (Date.now() > deadline) throw new Error('nobody waits');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
