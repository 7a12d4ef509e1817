import { sql } from '../../app/db/sql.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import type { WorkerWorld } from '../support/worker-world.ts';

/** What was put aside, with the reason. */
export async function readDeadLetters(
  world: WorkerWorld,
  shopId: ShopId,
): Promise<{ topic: string; state: string; reason: string }[]> {
  return world.testDb.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ topic: string; state: string; reason: string }>(sql`
      SELECT topic, state, reason FROM inbox WHERE shop_id = ${shopId} AND state = 'dead' ORDER BY id`);
    return rows;
  });
}
