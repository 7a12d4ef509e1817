/**
 * Texts are compared without upper and lower case and with composed and decomposed letters alike, in every script:
 * a database of locale C knows only ASCII, so the collation is named.
 */
import { raw, sql, type Sql } from '../db/sql.ts';

/** ASCII alone, which most texts are, takes a short way to the same. */
export function folded(text: Sql): Sql {
  return sql`(CASE WHEN octet_length(${text}) = length(${text}) THEN lower(${text} COLLATE "C") COLLATE "und-x-icu"
    ELSE lower(normalize(${text}) COLLATE "und-x-icu") END)`;
}

/** An array parameter with every text folded; worked out once a statement. */
export function foldedList(texts: readonly string[]): Sql {
  return sql`ARRAY(SELECT ${folded(sql`given`)} FROM unnest(${texts}::text[]) given)`;
}

/** Between the texts of a list, which is one text in a column of `subject`: no text of a list has this character. */
export const BETWEEN = raw('chr(30)');

/** An array of texts as the column of a list has it; nothing in it: empty or null. */
export function listed(array: Sql): Sql {
  return sql`array_to_string(${array}, ${BETWEEN})`;
}

/** The texts of a list's column, folded; null when there is none. Folding does not reach over what is between them. */
export function foldedTexts(column: Sql): Sql {
  return sql`(CASE WHEN ${column} <> '' THEN string_to_array(${folded(column)}, ${BETWEEN}) END)`;
}

/** The texts of a list's column, each once. */
export function textsOf(column: Sql): Sql {
  return sql`coalesce((SELECT array_agg(DISTINCT one) FROM unnest(string_to_array(${column}, ${BETWEEN})) one), '{}')`;
}

/** Whether an array of texts has any of those given. */
export function hasAnyText(array: Sql, texts: readonly string[]): Sql {
  return sql`coalesce(CASE WHEN cardinality(${array}) > 0
    THEN ${foldedTexts(listed(array))} && ${foldedList(texts)} END, false)`;
}
