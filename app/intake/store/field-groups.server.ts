/**
 * The SQL of field groups, made from closed lists of column names: which group of an incoming row is later
 * than the stored one, what it then sets, and whether the two contradict each other.
 */
import { join, raw, type Sql } from '../../db/sql.ts';

export interface FieldGroup {
  stamp: string;
  columns: readonly string[];
}

/** Is the group of `incoming` later than that of `stored`? Null (not true) when it is not carried. */
export const later = (incoming: string, stored: string, { stamp }: FieldGroup): Sql =>
  raw(`${incoming}.${stamp} > coalesce(${stored}.${stamp}, '') COLLATE "C"`);

/** Is it later, and does it say anything else? (A stamp ends in the hash of the content.) */
export const moves = (incoming: string, stored: string, group: FieldGroup): Sql =>
  raw(
    `(${later(incoming, stored, group).sql}
      AND right(${incoming}.${group.stamp}, 16) IS DISTINCT FROM right(${stored}.${group.stamp}, 16)) IS TRUE`,
  );

/** Is it later, and are its values others? For groups whose stamp moves with every read. */
export const changes = (incoming: string, stored: string, group: FieldGroup): Sql => {
  const values = (row: string) => group.columns.map((column) => `${row}.${column}`).join(', ');
  return raw(
    `(${later(incoming, stored, group).sql}
      AND (${values(incoming)}) IS DISTINCT FROM (${values(stored)})) IS TRUE`,
  );
};

/** Same times (the first 55 characters of a stamp), other content: only Shopify can say which is right. */
export const contradicts = (incoming: string, stored: string, { stamp }: FieldGroup): Sql =>
  raw(
    `(left(${incoming}.${stamp}, 55) = left(${stored}.${stamp}, 55) COLLATE "C"
      AND ${incoming}.${stamp} <> ${stored}.${stamp} COLLATE "C") IS TRUE`,
  );

/** SET list of an upsert, or of an update from rows named `incoming`: each group is taken as a whole or left as it is. */
export function setGroups(stored: string, groups: readonly FieldGroup[], incoming = 'excluded'): Sql {
  return join(
    groups.flatMap((group) =>
      [...group.columns, group.stamp].map((column) =>
        raw(
          `${column} = CASE WHEN ${later(incoming, stored, group).sql} THEN ${incoming}.${column} ELSE ${stored}.${column} END`,
        ),
      ),
    ),
    ', ',
  );
}

export const anyOf = (conditions: readonly Sql[]): Sql => join(conditions, ' OR ', '(', ')');

export const columnList = (columns: readonly string[]): Sql => raw(columns.join(', '));

/**
 * The rows of one round: one row of each id at a time, so that duplicates within a load meet each other as
 * stored rows do. Nearly always there is one round.
 */
export const rowsOfRound = (table: string): Sql =>
  raw(`(SELECT *, row_number() OVER (PARTITION BY id) AS round FROM ${table})`);
