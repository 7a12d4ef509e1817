/**
 * Turns a claim into files, in the claim's own transaction: each customer goes into one file with one act
 * (adds first), and is held by it (`bulk_id`) until its result has been read. Customers with both acts are
 * compared again after the adds; the removes are then all that is left.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { PlannedWrite } from '../claim-batch.server.ts';
import { linesPerFile } from '../choose-way.ts';
import type { BulkAct } from './bulk-mutation-document.ts';

/** @returns the ids of the files that were made, in state 'staging' */
export async function createBulks(
  tx: ShopTx,
  writes: readonly PlannedWrite[],
  options: { machineNow: Date; freeSlots: number },
): Promise<string[]> {
  const actOf = (write: PlannedWrite): BulkAct =>
    write.add.length === 0 || write.removeFirst ? 'remove' : 'add';
  const size = linesPerFile(writes.length, options.freeSlots);
  const ids: string[] = [];
  for (const act of ['add', 'remove'] as const) {
    const mine = writes.filter((write) => actOf(write) === act);
    for (let from = 0; from < mine.length; from += size) {
      ids.push(await createBulk(tx, act, mine.slice(from, from + size), options.machineNow));
    }
  }
  return ids;
}

async function createBulk(
  tx: ShopTx,
  act: BulkAct,
  writes: readonly PlannedWrite[],
  startedAt: Date,
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO tag_bulk (shop_id, act, state, lines, started_at)
    VALUES (${tx.shopId}, ${act}, 'staging', ${writes.length}, ${startedAt}) RETURNING id`);
  const id = rows[0]?.id as string;
  // text[][] of rows of different lengths cannot travel: the tags of a line go as JSON.
  await tx.query(sql`
    INSERT INTO tag_bulk_line (shop_id, bulk_id, line, customer_id, tags, generation)
    SELECT ${tx.shopId}::bigint, ${id}::bigint, ordinality - 1, customer_id,
           ARRAY(SELECT jsonb_array_elements_text(tags)), generation
      FROM unnest(${writes.map((write) => write.customerId)}::bigint[],
                  ${writes.map((write) => JSON.stringify(write[act]))}::jsonb[],
                  ${writes.map((write) => write.generation)}::bigint[])
           WITH ORDINALITY AS line(customer_id, tags, generation, ordinality)`);
  await tx.query(sql`
    UPDATE tag_outbox SET bulk_id = ${id}, claimed_until = NULL
     WHERE shop_id = ${tx.shopId}
       AND customer_id = ANY(${writes.map((write) => write.customerId)}::bigint[])`);
  return id;
}
