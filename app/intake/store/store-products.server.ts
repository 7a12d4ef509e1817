/** incoming_product -> product: the later core; a delete wins for ever. */
import { raw, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';
import {
  columnList,
  contradicts,
  later,
  moves,
  rowsOfRound,
  setGroups,
  type FieldGroup,
} from './field-groups.server.ts';

const CORE: FieldGroup = {
  stamp: 'core_stamp',
  columns: ['title', 'vendor', 'product_type', 'handle', 'status', 'tags', 'created_at', 'updated_at'],
};
const VALUES = [
  `coalesce(i.title, '')`, `coalesce(i.vendor, '')`, `coalesce(i.product_type, '')`, `coalesce(i.handle, '')`, `coalesce(i.status, '')`,
  `coalesce(i.tags, '{}')`, 'i.created_at', 'i.updated_at', 'i.core_stamp',
].join(', '); // prettier-ignore

export interface ProductEffect {
  id: ShopifyId;
  changed: boolean;
  conflict: boolean;
  /** It came without saying which collections it is in, and may be in others now. */
  askCollections: boolean;
}

export async function storeProducts(tx: ShopTx): Promise<ProductEffect[]> {
  const { rows: counted } = await tx.query<{ rounds: number }>(sql`
    SELECT coalesce(max(n), 0)::int AS rounds
      FROM (SELECT count(*) AS n FROM incoming_product GROUP BY id) AS counted`);
  const effects: ProductEffect[] = [];
  for (let round = 1; round <= (counted[0]?.rounds ?? 0); round += 1) {
    const { rows } = await tx.query<ProductEffect>(sql`
      SELECT i.id, p.deleted_at IS NULL AND (i.deleted_at IS NOT NULL OR ${moves('i', 'p', CORE)}) AS changed,
             p.deleted_at IS NULL AND ${contradicts('i', 'p', CORE)} AS conflict,
             p.deleted_at IS NULL AND i.deleted_at IS NULL AND i.collections_read_at IS NULL
               AND ${moves('i', 'p', CORE)} AS "askCollections"
        FROM ${rowsOfRound('incoming_product')} AS i
        LEFT JOIN product p ON p.shop_id = ${tx.shopId} AND p.id = i.id
       WHERE i.round = ${round}`);
    effects.push(...rows.filter((row) => row.changed || row.conflict));
    await tx.query(sql`
      INSERT INTO product AS p (shop_id, id, ${columnList(CORE.columns)}, core_stamp)
      SELECT ${tx.shopId}, i.id, ${raw(VALUES)}
        FROM ${rowsOfRound('incoming_product')} AS i WHERE i.round = ${round} ORDER BY i.id
      ON CONFLICT (shop_id, id) DO UPDATE SET ${setGroups('p', [CORE])}
       WHERE p.deleted_at IS NULL AND ${later('excluded', 'p', CORE)}`);
  }
  await tx.query(sql`
    UPDATE product p
       SET title = '', vendor = '', product_type = '', handle = '', status = '', tags = '{}', created_at = NULL,
           updated_at = NULL, core_stamp = NULL, deleted_at = gone.at
      FROM (SELECT id, min(deleted_at) AS at FROM incoming_product WHERE deleted_at IS NOT NULL GROUP BY id) AS gone
     WHERE p.shop_id = ${tx.shopId} AND p.id = gone.id AND (p.deleted_at IS NULL OR p.deleted_at > gone.at)`);
  return effects;
}
