/** How the products, collections, segments and tiers that rules name by id or key are called, for pages that print rules. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { PrintOptions } from './print-rule.ts';
import { conditionsOf, type Rule } from './rule.ts';

/** By "product 123", "collection 4", "segment best-customers", "tiers gold" (a step of them); what is not known is absent. */
export type RuleNames = Readonly<Record<string, string>>;

export async function readRuleNames(tx: ShopTx, rules: readonly Rule[]): Promise<RuleNames> {
  const asked = rules.flatMap((rule) => conditionsOf(rule.where)).map(({ with: params }) => params);
  const listed = (kind: 'product' | 'collection') => [
    ...new Set(asked.flatMap((params) => params?.what?.[kind] ?? [])),
  ];
  const keys = [...new Set(asked.flatMap((params) => params?.segment ?? []))];
  const [products, collections] = [listed('product'), listed('collection')];
  if (products.length + collections.length + keys.length === 0) return {};
  const { rows } = await tx.query<{ name: string; called: string }>(sql`
    SELECT 'product ' || id AS name, title AS called FROM product
     WHERE shop_id = ${tx.shopId} AND id = ANY(${products}::bigint[]) AND title <> ''
    UNION ALL
    SELECT 'collection ' || id, title FROM collection
     WHERE shop_id = ${tx.shopId} AND id = ANY(${collections}::bigint[]) AND title <> ''
    UNION ALL
    SELECT 'segment ' || key, name FROM segment WHERE shop_id = ${tx.shopId} AND key = ANY(${keys}::text[])
    UNION ALL
    SELECT 'tiers ' || s.key, g.name FROM segment s JOIN segment_set g ON g.shop_id = s.shop_id AND g.id = s.set_id
     WHERE s.shop_id = ${tx.shopId} AND s.key = ANY(${keys}::text[]) AND g.kind = 'tiers'`);
  return Object.fromEntries(rows.map(({ name, called }) => [name, called]));
}

/** For `PrintOptions.names`. */
export function namesOf(names: RuleNames): NonNullable<PrintOptions['names']> {
  return (kind, id) => names[`${kind} ${id}`];
}
