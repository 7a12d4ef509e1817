import { sql, type Sql } from '../db/sql.ts';

/**
 * Whether the local date of an instant is this one or a later one: one comparison with the first instant of the date,
 * which PostgreSQL works out once a statement (all of it is constant), instead of the time zone a row. Where clocks go
 * back over midnight the local date does too, so that no instant parts the days: there the row's own date is asked.
 */
export function isOnOrAfter(instant: Sql, date: Sql, timeZone: string): Sql {
  const midnight = sql`(${date})::timestamp`;
  const at = sql`(${midnight} AT TIME ZONE ${timeZone})`;
  const later = (than: Sql, interval: Sql) =>
    sql`((${than} AT TIME ZONE 'UTC' + ${interval}) AT TIME ZONE 'UTC')`;
  const hourBefore = later(at, sql`interval '-1 hour'`);
  const local = (one: Sql) => sql`(${one} AT TIME ZONE ${timeZone})`;
  const first = sql`(CASE WHEN ${local(hourBefore)} >= ${midnight} THEN ${hourBefore} ELSE ${at} END)`;
  const parts = sql`(${local(later(first, sql`interval '30 minutes'`))} >= ${midnight})`;
  return sql`(CASE WHEN ${parts} THEN ${instant} >= ${first} ELSE ${local(instant)}::date >= ${date} END)`;
}
