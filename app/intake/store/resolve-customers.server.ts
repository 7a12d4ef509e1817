/**
 * Who the customer ids of the incoming rows are today: merged ones are the customer that was kept, and
 * redacted ones nobody. Fills `customer_ref`.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { redactionDigest } from '../redaction-digest.server.ts';

export async function resolveCustomers(tx: ShopTx, redactionKey: Buffer): Promise<void> {
  await tx.query(sql`
    INSERT INTO customer_ref (id, kept_id, blocked)
    SELECT named.id, coalesce(a.kept_id, named.id), false
      FROM (SELECT id FROM incoming_customer
            UNION SELECT customer_id FROM incoming_order WHERE customer_id IS NOT NULL) AS named
      LEFT JOIN customer_alias a ON a.shop_id = ${tx.shopId} AND a.old_id = named.id
    ON CONFLICT (id) DO NOTHING`);

  // Most shops have no redacted customer: then nothing is hashed.
  const { rows: redacted } = await tx.query(sql`
    SELECT 1 FROM redacted_customer WHERE shop_id = ${tx.shopId} LIMIT 1`);
  if (redacted.length === 0) return;
  const { rows } = await tx.query<{ id: string }>(
    sql`SELECT id FROM customer_ref UNION SELECT kept_id FROM customer_ref`,
  );
  const blocked = await blockedCustomers(
    tx,
    redactionKey,
    rows.map((row) => row.id),
  );
  await tx.query(sql`
    UPDATE customer_ref SET blocked = true
     WHERE id = ANY(${[...blocked]}::bigint[]) OR kept_id = ANY(${[...blocked]}::bigint[])`);
}

/** Those of `ids` that were redacted: nothing may be stored under them. */
export async function blockedCustomers(
  tx: ShopTx,
  redactionKey: Buffer,
  ids: readonly string[],
): Promise<Set<string>> {
  const byDigest = new Map(
    ids.map((id) => [redactionDigest(redactionKey, tx.shopId, id).toString('hex'), id]),
  );
  const { rows } = await tx.query<{ digest: Buffer }>(sql`
    SELECT digest FROM redacted_customer
     WHERE shop_id = ${tx.shopId}
       AND digest = ANY(${[...byDigest.keys()].map((hex) => Buffer.from(hex, 'hex'))}::bytea[])`);
  return new Set(rows.map((row) => byDigest.get(row.digest.toString('hex')) ?? ''));
}
