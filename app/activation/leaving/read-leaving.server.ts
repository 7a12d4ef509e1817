import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { countOurs } from './count-ours.server.ts';
import type { LeavingCounts, LeavingReceipt } from './leaving.ts';

export interface LeavingState {
  /** What is ours in the store now. */
  ours: LeavingCounts;
  /** The last run; null: never begun. */
  run: {
    state: 'running' | 'done';
    step: string;
    startedAt: Date;
    finishedAt: Date | null;
    found: LeavingCounts;
    receipt: LeavingReceipt | null;
  } | null;
}

export async function readLeaving(tx: ShopTx): Promise<LeavingState> {
  const { rows } = await tx.query<NonNullable<LeavingState['run']> & Record<string, unknown>>(sql`
    SELECT state, step, started_at AS "startedAt", finished_at AS "finishedAt", found, receipt
      FROM leaving WHERE shop_id = ${tx.shopId} ORDER BY id DESC LIMIT 1`);
  return { ours: await countOurs(tx), run: rows[0] ?? null };
}
