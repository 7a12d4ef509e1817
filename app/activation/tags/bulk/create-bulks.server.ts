/**
 * Turns a claim into files, in the claim's own transaction: each customer goes into one file with one act
 * (adds first), and is held by it (`bulk_id`) until its result has been read. Customers with both acts are
 * compared again after the adds; the removes are then all that is left.
 */
import { sql } from '../../../db/sql.ts';
import type { ShopTx } from '../../../db/tenancy.server.ts';
import type { PlannedWrite } from '../claim-batch.server.ts';
import { MAX_FILE_BYTES, mostLines, type WriteRates } from '../choose-way.ts';
import { bulkFile, type BulkAct } from './bulk-mutation-document.ts';

/** @returns the ids of the files that were made, in state 'staging' */
export async function createBulks(
  tx: ShopTx,
  writes: readonly PlannedWrite[],
  options: { machineNow: Date; rates?: WriteRates; maxBytes?: number },
): Promise<string[]> {
  const actOf = (write: PlannedWrite): BulkAct =>
    write.add.length === 0 || write.removeFirst ? 'remove' : 'add';
  const size = mostLines(options.rates);
  const ids: string[] = [];
  for (const act of ['add', 'remove'] as const) {
    const mine = writes.filter((write) => actOf(write) === act);
    for (const file of filesOf(mine, act, { lines: size, bytes: options.maxBytes ?? MAX_FILE_BYTES })) {
      ids.push(await createBulk(tx, act, file, options.machineNow));
    }
  }
  return ids;
}

function filesOf(
  writes: readonly PlannedWrite[],
  act: BulkAct,
  most: { lines: number; bytes: number },
): PlannedWrite[][] {
  const files: PlannedWrite[][] = [];
  let bytes = Infinity;
  for (const write of writes) {
    const length = Buffer.byteLength(bulkFile([{ customerId: write.customerId, tags: write[act] }]));
    const file = files.at(-1);
    if (file === undefined || file.length >= most.lines || bytes + length > most.bytes) {
      files.push([write]);
      bytes = length;
    } else {
      file.push(write);
      bytes += length;
    }
  }
  return files;
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
