/** Rows -> the incoming tables of this transaction, by COPY: the quickest way in, with flat memory. */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { columnsOf, type IncomingTable } from '../store/fact-tables.server.ts';
import { copyText } from './copy-text.ts';
import type { Rows } from './read-result-line.server.ts';

/** Characters handed to the connection at once. */
const BLOCK = 256 * 1024;

export async function copyRows(tx: ShopTx, rows: Rows): Promise<void> {
  const byTable = Map.groupBy(rows, ({ table }) => table);
  for (const [table, group] of byTable) await copyInto(tx, table, group);
}

async function copyInto(tx: ShopTx, table: IncomingTable, rows: Rows): Promise<void> {
  const columns = columnsOf(table);
  // Table and column names come from a closed list in code.
  const stream = tx.client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  const done = finished(stream);
  done.catch(() => undefined); // told below
  let block = '';
  for (const { row } of rows) {
    block += copyText(row, columns);
    if (block.length < BLOCK) continue;
    if (!stream.write(block)) await Promise.race([once(stream, 'drain'), done]);
    block = '';
  }
  stream.end(block);
  await done;
}
