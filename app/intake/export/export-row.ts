/** One row of the file: its fields by column, and the 1-based line on which it begins. */
import type { ExportColumn, ExportColumns } from './export-columns.ts';

export interface ExportRow {
  line: number;
  fields: readonly string[];
}

/** The field's text; empty when the file lacks the column. */
export function fieldOf(row: ExportRow, columns: ExportColumns, column: ExportColumn): string {
  const at = columns.at.get(column);
  return at === undefined ? '' : (row.fields[at] ?? '');
}
