/**
 * One shop at a time. Every statement on a shop's rows runs inside `inShop`, whose first statement names the
 * shop for PostgreSQL's row-level security: a query that forgets its shop sees nothing and writes nothing.
 * `outsideShops` is for the few tables without a policy (shop, shop_lock, shop_due, session).
 *
 * The setting is local to the transaction, so connections can be shared (PgBouncer in transaction mode too).
 */
import type pg from 'pg';
import { AppError } from '../app-error.ts';

/** Shopify shop in our database (shop.id), as text because JS numbers lose 64-bit integers. */
export type ShopId = string & { readonly __brand: 'ShopId' };

/** What SQL is run with: sql`...` values, or text and values. */
export interface Queryable {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    statement: { text: string; values: unknown[] } | string,
  ): Promise<pg.QueryResult<R>>;
}

/** A transaction of one shop. `client` is for COPY streams only. */
export interface ShopTx extends Queryable {
  readonly shopId: ShopId;
  readonly client: pg.PoolClient;
}

export interface Db {
  /** Runs `work` in one transaction of one shop; commits when it resolves, rolls back when it throws. */
  inShop<T>(shopId: ShopId, work: (tx: ShopTx) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction on the tables outside the policy. */
  outsideShops<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  readonly pool: pg.Pool;
}

export function createDb(pool: pg.Pool): Db {
  async function transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failed: Error) => (broken ??= failed));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  return {
    pool,
    inShop: (shopId, work) =>
      transaction(async (client) => {
        if (!/^[1-9]\d{0,18}$/.test(shopId)) {
          throw new AppError('invariant', 'Something unexpected happened.', { context: { shopId } });
        }
        await client.query(`SELECT set_config('app.shop_id', $1, true)`, [shopId]);
        return work({ shopId, client, query: (statement) => client.query(statement as never) });
      }),
    outsideShops: (work) =>
      transaction((client) => work({ query: (statement) => client.query(statement as never) })),
  };
}
