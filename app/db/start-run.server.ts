/**
 * A computation over the whole shop is written down where its cause arises, in the same transaction: also by rooms
 * that know nothing of the pipeline which carries it out.
 */
import { sql } from './sql.ts';
import type { ShopTx } from './tenancy.server.ts';

/**
 * A run that is paused stays paused.
 * @param run.kind a RunKind of the pipeline
 * @param run.total customers; 0 while nobody has counted
 * @param run.now business time
 */
export async function startRun(
  tx: ShopTx,
  { kind, total, now }: { kind: string; total: number; now: Date },
): Promise<void> {
  await tx.query(sql`
    INSERT INTO background_run (shop_id, kind, state, started_at, total)
    VALUES (${tx.shopId}, ${kind}, 'running', ${now}, ${total})
    ON CONFLICT (shop_id, kind) DO UPDATE SET started_at = excluded.started_at, done = 0, total = excluded.total`);
}
