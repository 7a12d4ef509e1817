import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export type BrakeAct =
  | 'stop_writes'
  | 'resume_writes'
  | 'pause_run'
  | 'resume_run'
  | 'cancel_run'
  | 'allow_numbers'
  | 'set_hold'
  | 'end_hold'
  | 'rename_tags'
  | 'cancel_change';

/** Who stopped something or let it go on, and how many customers were waiting then; beside the other approvals. */
export async function recordBrake(
  tx: ShopTx,
  { at, actor, act }: { at: Date; actor: string; act: BrakeAct },
): Promise<void> {
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    SELECT ${tx.shopId}, ${at}, ${actor}, ${act}, '{}'::bigint[],
           jsonb_build_object('customersWaiting', count(*)) FROM tag_outbox WHERE shop_id = ${tx.shopId}`);
}
