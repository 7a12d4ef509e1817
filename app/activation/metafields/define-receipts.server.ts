/**
 * What switching metafields on made in the store, and what was there already: once each, however often it is tried. A
 * definition that is found after we have set out to make it is our own, and is not said to be found.
 */
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { Clock } from '../../clock.ts';
import { insertReachWrite } from '../reach-writes.server.ts';
import type { DefineReceipts } from './define-metafields.server.ts';
import { METAFIELDS, type MetafieldKey } from './metafield-definitions.ts';

export function defineReceipts(ctx: { db: Db; clock: Clock }, shopId: ShopId): DefineReceipts {
  return {
    write: (key, act) =>
      ctx.db.inShop(shopId, async (tx) => {
        const last = await readReceipt(tx, key);
        if (last && (act === 'find' || last.isOfNow)) return;
        await insertReachWrite(tx, { kind: 'definition', act, title: METAFIELDS[key].name }, ctx.clock.now());
      }),
    drop: (key) =>
      ctx.db.inShop(shopId, async (tx) => {
        const last = await readReceipt(tx, key);
        await tx.query(
          sql`DELETE FROM reach_write WHERE shop_id = ${tx.shopId} AND id = ${last?.id ?? null}::bigint`,
        );
      }),
  };
}

/** @returns null: there is none, or the definition has been removed since. `isOfNow`: since they were switched on */
async function readReceipt(tx: ShopTx, key: MetafieldKey): Promise<{ id: string; isOfNow: boolean } | null> {
  const { rows } = await tx.query<{ id: string; act: string; isOfNow: boolean }>(sql`
    SELECT w.id, w.act, w.at >= r.metafields_since AS "isOfNow"
      FROM reach_write w JOIN reach_settings r ON r.shop_id = w.shop_id
     WHERE w.shop_id = ${tx.shopId} AND w.kind = 'definition' AND w.title = ${METAFIELDS[key].name}
     ORDER BY w.id DESC LIMIT 1`);
  const [last] = rows;
  return last && last.act !== 'delete' ? last : null;
}
