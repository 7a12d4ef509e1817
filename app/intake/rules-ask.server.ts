/**
 * Do live rules, softer ones to stay included, ask for facts that are dear to keep? Looked up in them as they are stored, by the names of
 * their fields and parameters. It may say yes too often, which costs reads and never a wrong answer: a
 * rule that refers to another segment counts as asking for everything.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** What a condition names another segment by. */
const REFERENCE = '"segment": "';
const WORDS = {
  /** The product as it is now: what was bought, by type, tag or collection. */
  products: `"what": \\{"(type|tag|collection)"|${REFERENCE}`,
  /** What only a read of the order tells: visits, channel, returns, disputes, selling plans. */
  reads: `"field": "[a-z_]*(visit|utm|channel|open_return|return_open|dispute|chargeback|subscription|renewal)|${REFERENCE}`,
} as const;

export async function rulesAsk(tx: ShopTx, what: keyof typeof WORDS): Promise<boolean> {
  const { rows } = await tx.query(sql`
    SELECT 1 FROM segment
     WHERE shop_id = ${tx.shopId} AND status = 'live' AND (rule::text || settings::text) ~ ${WORDS[what]} LIMIT 1`);
  return rows.length > 0;
}
