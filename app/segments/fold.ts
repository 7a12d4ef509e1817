/**
 * Texts are compared without upper and lower case and with composed and decomposed letters alike, in every script:
 * a database of locale C knows only ASCII, so the collation is named.
 */
import { sql, type Sql } from '../db/sql.ts';

export function folded(text: Sql): Sql {
  return sql`lower(normalize(${text}) COLLATE "und-x-icu")`;
}

/** An array parameter with every text folded; worked out once a statement. */
export function foldedList(texts: readonly string[]): Sql {
  return sql`ARRAY(SELECT ${folded(sql`given`)} FROM unnest(${texts}::text[]) given)`;
}
