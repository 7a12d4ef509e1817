import { sql } from './sql.ts';
import type { ShopTx } from './tenancy.server.ts';

/**
 * The role's limits on statements and transactions guard against hung workers; an act that touches every
 * customer at once, all or nothing, may take longer. Only for this transaction, and still limited.
 */
export async function allowMassAct(tx: ShopTx): Promise<void> {
  await tx.query(sql`SELECT set_config('statement_timeout', '280s', true)`);
  // PostgreSQL 17 and later know a limit on the whole transaction. Its clock runs already, and another limit does not
  // set it anew: it has to be stopped first.
  for (const limit of ['0', '300s']) {
    await tx.query(sql`
      SELECT set_config(name, ${limit}, true) FROM pg_settings WHERE name = 'transaction_timeout'`);
  }
}
