import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { compileSegments, countMembers } from './membership-difference.ts';
import { QUERY_CANCELED } from './analysis/within-limit.server.ts';
import type { RuleContext } from './field.ts';
import { fitInOneStatement, inPortions } from './fit-in-one-statement.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { withMates, type Segment } from './segment.ts';

/**
 * How many customers each draft (of `keys`, when given) would hold now, in as few passes as they fit in, with the same predicates that
 * keep their members once they are live. Of a set: as if all of it were on. Reads only. Keys of drafts whose rule
 * cannot be read, or that PostgreSQL refuses, are absent: one of them does not hide the others.
 */
export async function countDrafts(
  tx: ShopTx,
  now: Date,
  keys?: readonly string[],
): Promise<Map<string, number>> {
  const all = await loadReadableSegments(tx, { statuses: ['draft', 'live', 'paused'] });
  const wanted = all.filter(({ status, key }) => status === 'draft' && (keys?.includes(key) ?? true));
  if (wanted.length === 0) return new Map();
  const ids = new Set(wanted.map(({ id }) => id));
  const { context } = await readRuleDay(tx, now);
  // Joins of everybody with everybody's orders: see touched-customers.server.ts on what the planner expects.
  const { rows: settings } = await tx.query<{ before: string }>(
    `SELECT current_setting('enable_nestloop') AS before, set_config('enable_nestloop', 'off', true)`,
  );
  const count = (ofThese: ReadonlySet<string>) =>
    countThese(
      tx,
      withMates(all, ({ id }) => ofThese.has(id)),
      context,
    );
  const together = (some: readonly string[]) => withMates(all, ({ id }) => some.includes(id));
  const sizes = new Map<string, number | undefined>();
  for (const portion of inPortions([...ids], (some) => fitInOneStatement(together(some), context))) {
    const counted = await count(new Set(portion));
    for (const id of portion) sizes.set(id, (counted ?? (await count(new Set([id]))))?.get(id));
  }
  await tx.query(sql`SELECT set_config('enable_nestloop', ${settings[0]?.before ?? 'on'}, true)`);
  return new Map(
    wanted.flatMap(({ id, key }) => {
      const size = sizes.get(id);
      return size === undefined ? [] : [[key, size]];
    }),
  );
}

/** By id; null when PostgreSQL refuses the statement. One that takes too long is thrown: parts of it would, too. */
async function countThese(
  tx: ShopTx,
  segments: readonly Segment[],
  context: RuleContext,
): Promise<Map<string, number | undefined> | null> {
  await tx.query('SAVEPOINT counting');
  try {
    const compiled = compileSegments(segments);
    const { rows } = await tx.query<{ sizes: number[] }>(countMembers(tx.shopId, compiled, context));
    await tx.query('RELEASE SAVEPOINT counting');
    return new Map(compiled.map(({ id }, i) => [id, rows[0]?.sizes[i] ?? 0]));
  } catch (error) {
    if ((error as { code?: string }).code === QUERY_CANCELED) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT counting');
    await tx.query('RELEASE SAVEPOINT counting');
    return null;
  }
}
