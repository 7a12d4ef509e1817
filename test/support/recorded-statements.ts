/** What a piece of work asks the database, and how PostgreSQL would go about it in a large store. */
import type { ShopTx } from '../../app/db/tenancy.server.ts';

export interface RecordedStatement {
  text: string;
  values: unknown[];
}

/** A transaction that behaves as `tx` and notes every statement. @param statements that it is noted after */
export function recordStatements(
  tx: ShopTx,
  statements: RecordedStatement[] = [],
): { tx: ShopTx; statements: RecordedStatement[] } {
  const query: ShopTx['query'] = (statement) => {
    const asked =
      typeof statement === 'string'
        ? { text: statement, values: [] }
        : { text: statement.text, values: [...statement.values] };
    statements.push(asked);
    return tx.query(asked);
  };
  return { tx: { shopId: tx.shopId, client: tx.client, query }, statements };
}

/** The plan when reading and sorting everything is to be avoided: a Sort that is left has no index to replace it. */
export async function planOf(tx: ShopTx, { text, values }: RecordedStatement): Promise<string> {
  for (const setting of ['enable_seqscan', 'enable_bitmapscan', 'enable_sort']) {
    await tx.query(`SET LOCAL ${setting} = off`);
  }
  const { rows } = await tx.query<Record<string, string>>({ text: `EXPLAIN ${text}`, values });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
