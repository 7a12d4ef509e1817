/**
 * Shopify's "Export orders" CSV, order by order. Memory does not grow with the rows: only the rows of the
 * order at hand and the Names seen so far are held (a Name that comes back later would silently be counted as
 * a second order).
 */
import { readColumns, type ExportColumns } from './export-columns.ts';
import { assembleOrder } from './export-assemble.ts';
import { ExportFileError } from './export-file-error.ts';
import type { ExportOrder } from './export-order.ts';
import { fieldOf, type ExportRow } from './export-row.ts';
import { quoted } from './export-values.ts';
import { readExportRows } from './read-export-rows.server.ts';

export { ExportFileError } from './export-file-error.ts';

/**
 * @param path a CSV file, plain or gzip
 * @param options.onColumns told once, before the first order, which columns the file has and lacks
 * @throws ExportFileError with the line and what to do about it; orders before that line have been yielded
 */
export async function* readOrderExport(
  path: string,
  options: { onColumns?: (columns: ExportColumns) => void } = {},
): AsyncGenerator<ExportOrder> {
  const seen = new Set<string>();
  let columns: ExportColumns | undefined;
  let open: ExportRow[] = [];
  let openName = '';

  for await (const row of readExportRows(path)) {
    if (!columns) {
      columns = readColumns(row.fields, row.line);
      options.onColumns?.(columns);
      continue;
    }
    if (row.fields.every((field) => field.trim() === '')) continue;
    if (row.fields.length !== columns.width) {
      throw new ExportFileError(
        row.line,
        `This row has ${row.fields.length} fields, the header has ${columns.width}. The file may be cut off or changed.`,
      );
    }
    const name = fieldOf(row, columns, 'Name').trim();
    if (name === '') {
      throw new ExportFileError(row.line, 'The Name of the order is empty. Each row must have one.');
    }
    if (name === openName) {
      open.push(row);
      continue;
    }
    if (open.length > 0) yield assembleOrder(open, columns);
    if (seen.has(name)) {
      throw new ExportFileError(
        row.line,
        `The order ${quoted(name)} is already further up. The rows of an order must stand together: sort the file by Name, or remove what is there twice.`,
      );
    }
    seen.add(name);
    [open, openName] = [[row], name];
  }
  if (!columns) throw new ExportFileError(1, 'The file has no rows.');
  if (open.length > 0) yield assembleOrder(open, columns);
}
