/** Work that is given so much time and no more: analysis must not hold up a page, and never a store's real work. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export type Timed<T> = { state: 'here'; value: T } | { state: 'too_slow' };

/** PostgreSQL's word for a statement that passed its limit. */
export const QUERY_CANCELED = '57014';

/** @param limitMs of each statement of `work`; what it wrote before it ran out of time is undone */
export async function withinLimit<T>(tx: ShopTx, limitMs: number, work: () => Promise<T>): Promise<Timed<T>> {
  const { rows } = await tx.query<{ before: string }>(
    `SELECT current_setting('statement_timeout') AS before`,
  );
  const limit = (value: string) => tx.query(sql`SELECT set_config('statement_timeout', ${value}, true)`);
  await tx.query('SAVEPOINT analysis');
  try {
    await limit(`${limitMs}ms`);
    const value = await work();
    await limit(rows[0]?.before ?? '0');
    await tx.query('RELEASE SAVEPOINT analysis');
    return { state: 'here', value };
  } catch (error) {
    await tx.query('ROLLBACK TO SAVEPOINT analysis');
    await tx.query('RELEASE SAVEPOINT analysis');
    if ((error as { code?: string }).code === QUERY_CANCELED) return { state: 'too_slow' };
    throw error;
  }
}
