/**
 * Merged customers: the old id becomes an alias of the kept one for ever, its row goes, its orders move, and
 * the kept customer is read again (Shopify has put tags, consent and totals together). Aliases always name
 * who is kept today, so a chain of merges is one step long in whatever order its messages come.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { MergeFact, ShopifyId } from '../facts.ts';
import { redactionDigest } from '../redaction-digest.server.ts';
import { blockedCustomers } from './resolve-customers.server.ts';

export interface MergeEffect {
  /** Customers whose orders or existence changed: old ids and kept ids. */
  touched: ShopifyId[];
  /** Kept customers to read again. */
  reread: ShopifyId[];
}

/** @param now machine time */
export async function storeMerges(
  tx: ShopTx,
  merges: readonly MergeFact[],
  options: { now: Date; redactionKey: Buffer },
): Promise<MergeEffect> {
  if (merges.length === 0) return { touched: [], reread: [] };
  const aliases = await aliasesAfter(tx, merges);
  const blocked = await blockedCustomers(tx, options.redactionKey, [
    ...new Set([...aliases.keys(), ...aliases.values()]),
  ]);
  const forgotten: ShopifyId[] = [];
  const moved: { old_id: ShopifyId; kept_id: ShopifyId }[] = [];
  for (const [oldId, keptId] of aliases) {
    if (blocked.has(keptId)) forgotten.push(oldId);
    else if (!blocked.has(oldId)) moved.push({ old_id: oldId, kept_id: keptId });
  }
  await forget(tx, forgotten, options);

  const json = JSON.stringify(moved);
  const { rows: written } = await tx.query<{ oldId: ShopifyId; keptId: ShopifyId }>(sql`
    INSERT INTO customer_alias AS a (shop_id, old_id, kept_id)
    SELECT ${tx.shopId}, old_id, kept_id FROM json_to_recordset(${json}::json) AS m (old_id bigint, kept_id bigint)
    ON CONFLICT (shop_id, old_id) DO UPDATE SET kept_id = excluded.kept_id WHERE a.kept_id <> excluded.kept_id
    RETURNING old_id AS "oldId", kept_id AS "keptId"`);
  const oldIds = written.map((row) => row.oldId);
  const keptIds = [...new Set(written.map((row) => row.keptId))];
  await tx.query(sql`
    UPDATE orders o SET customer_id = a.kept_id FROM customer_alias a
     WHERE o.shop_id = ${tx.shopId} AND o.customer_id = ANY(${oldIds}::bigint[])
       AND a.shop_id = ${tx.shopId} AND a.old_id = o.customer_id`);
  await tx.query(sql`DELETE FROM customer WHERE shop_id = ${tx.shopId} AND id = ANY(${oldIds}::bigint[])`);
  await deleteMetafields(tx, oldIds);
  await tx.query(sql`
    DELETE FROM reread WHERE shop_id = ${tx.shopId} AND kind = 'customer' AND object_id = ANY(${oldIds}::bigint[])`);
  await tx.query(sql`
    INSERT INTO customer (shop_id, id) SELECT ${tx.shopId}, unnest(${keptIds}::bigint[])
    ON CONFLICT (shop_id, id) DO NOTHING`);
  return { touched: [...oldIds, ...keptIds, ...forgotten], reread: keptIds };
}

/** The aliases that change, flattened: old id -> who is kept today. */
async function aliasesAfter(tx: ShopTx, merges: readonly MergeFact[]): Promise<Map<ShopifyId, ShopifyId>> {
  const named = [...new Set(merges.flatMap((merge) => [merge.keptId, merge.deletedId]))];
  const { rows } = await tx.query<{ oldId: ShopifyId; keptId: ShopifyId }>(sql`
    SELECT old_id AS "oldId", kept_id AS "keptId" FROM customer_alias
     WHERE shop_id = ${tx.shopId}
       AND (old_id = ANY(${named}::bigint[]) OR kept_id = ANY(${named}::bigint[]))`);
  const next = new Map(rows.map((row) => [row.oldId, row.keptId]));
  const keptToday = (id: ShopifyId): ShopifyId => {
    let today = id;
    for (let step = next.get(today); step !== undefined; step = next.get(today)) today = step;
    return today;
  };
  for (const { deletedId, keptId } of merges) {
    // Never a circle: a customer cannot be merged into itself, by whatever way.
    if (next.has(deletedId) || keptToday(keptId) === deletedId) continue;
    next.set(deletedId, keptId);
  }
  return new Map([...next.keys()].map((oldId) => [oldId, keptToday(oldId)]));
}

/** Merged into a redacted customer: nothing of them may stay either. */
async function forget(
  tx: ShopTx,
  ids: readonly ShopifyId[],
  options: { now: Date; redactionKey: Buffer },
): Promise<void> {
  if (ids.length === 0) return;
  const digests = ids.map((id) => redactionDigest(options.redactionKey, tx.shopId, id));
  await tx.query(sql`
    INSERT INTO redacted_customer (shop_id, digest, redacted_at)
    SELECT ${tx.shopId}, unnest(${digests}::bytea[]), ${options.now} ON CONFLICT DO NOTHING`);
  await tx.query(sql`
    UPDATE orders SET customer_id = NULL WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  await tx.query(
    sql`DELETE FROM customer_alias WHERE shop_id = ${tx.shopId} AND old_id = ANY(${ids}::bigint[])`,
  );
  await tx.query(sql`DELETE FROM customer WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[])`);
  await deleteMetafields(tx, ids);
}

async function deleteMetafields(tx: ShopTx, ids: readonly ShopifyId[]): Promise<void> {
  await tx.query(sql`
    DELETE FROM customer_metafield WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...ids]}::bigint[])`);
}
