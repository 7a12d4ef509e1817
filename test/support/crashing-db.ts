/**
 * A database whose user dies at the n-th statement: from then on nothing that it says arrives, and what it had not
 * committed is rolled back, as when its connection closes. Statements that begin and end a transaction count too, so
 * it also dies just before a commit.
 */
import type { Db, Queryable } from '../../app/db/tenancy.server.ts';

export class Died extends Error {
  constructor() {
    super('the process has died');
  }
}

export interface CrashingDb extends Db {
  /** Does `work`, dies at its n-th statement (from 1). @returns whether it died; if not, the work is done */
  dyingAt(n: number, work: () => Promise<unknown>): Promise<boolean>;
}

export function crashingDb(db: Db): CrashingDb {
  let left = Infinity;
  const live = () => {
    left -= 1;
    if (left <= 0) throw new Died();
  };
  const watched = <T extends Queryable>(tx: T): T => ({
    ...tx,
    query: async (statement: Parameters<Queryable['query']>[0]) => {
      live();
      return tx.query(statement);
    },
  });
  const within =
    <T extends Queryable, R>(work: (tx: T) => Promise<R>) =>
    async (tx: T): Promise<R> => {
      const result = await work(watched(tx));
      live(); // before the commit
      return result;
    };
  return {
    pool: db.pool,
    inShop: (shopId, work) => db.inShop(shopId, within(work)),
    outsideShops: (work) => db.outsideShops(within(work)),
    async dyingAt(n, work) {
      left = n;
      try {
        await work();
        return left <= 0;
      } catch (error) {
        // Whatever was made of it on the way: it was the death.
        if (left > 0) throw error;
        return true;
      } finally {
        left = Infinity;
      }
    },
  };
}
