/**
 * SQL is written with one typed builder: sql`select ... where id = ${id}` makes a parameter of every value.
 * Identifiers and keywords that vary come from closed sets in code, through `raw`; strings are never joined.
 */
export { default as sql, join, raw, empty, Sql } from 'sql-template-tag';
export type { RawValue } from 'sql-template-tag';
