/** What a page about the order policy offers to choose from, and how what was chosen is called. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** Channels of the store's orders (Shopify's source name, in small letters), most orders first. Reads every order. */
export async function readChannels(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(sql`
    SELECT lower(source_name) AS name FROM orders
     WHERE shop_id = ${tx.shopId} AND source_name <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 30`);
  return rows.map(({ name }) => name);
}

/** By "product 123"; what is not known is absent. */
export async function readProductTitles(tx: ShopTx, ids: readonly string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {};
  const { rows } = await tx.query<{ name: string; title: string }>(sql`
    SELECT 'product ' || id AS name, title FROM product
     WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[]) AND title <> ''`);
  return Object.fromEntries(rows.map(({ name, title }) => [name, title]));
}
