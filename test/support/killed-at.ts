/** Work that is cut off in one of its transactions, to be begun again. */
import type { Db } from '../../app/db/tenancy.server.ts';

export class Killed extends Error {}

/** A worker that is killed in its transaction number `at`: before it begins, or before it is committed. */
export function killedAt(db: Db, at: number): Db {
  let number = 0;
  return {
    ...db,
    inShop: (shopId, work) => {
      number += 1;
      const mine = number;
      if (mine === at && at % 2 === 0) return Promise.reject(new Killed());
      return db.inShop(shopId, async (tx) => {
        const result = await work(tx);
        if (mine === at) throw new Killed();
        return result;
      });
    },
  };
}
