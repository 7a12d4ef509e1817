/**
 * Which columns of Shopify's order export are read, and where they are in one file. Older exports lack some of
 * them: what no figure can do without is required, the rest is empty when the column is missing.
 */
import { ExportFileError } from './export-file-error.ts';

export const REQUIRED_COLUMNS = [
  'Name',
  'Email',
  'Financial Status',
  'Currency',
  'Total',
  'Created at',
] as const;

export const OPTIONAL_COLUMNS = [
  'Paid at',
  'Fulfillment Status',
  'Accepts Marketing',
  'Subtotal',
  'Shipping',
  'Taxes',
  'Discount Code',
  'Discount Amount',
  'Lineitem quantity',
  'Lineitem name',
  'Lineitem price',
  'Lineitem sku',
  'Lineitem discount',
  'Billing City',
  'Billing Province',
  'Billing Country',
  'Billing Zip',
  'Shipping City',
  'Shipping Province',
  'Shipping Country',
  'Shipping Zip',
  'Cancelled at',
  'Refunded Amount',
  'Vendor',
  'Outstanding Balance',
  'Id',
  'Tags',
  'Source',
  'Location',
] as const;

export type ExportColumn = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

export interface ExportColumns {
  /** Fields a row of this file has. */
  width: number;
  /** Position of each column that the file has. */
  at: ReadonlyMap<ExportColumn, number>;
  /** Optional columns that the file lacks. */
  missing: ExportColumn[];
}

const HOW = 'Use the file as Shopify writes it: Orders, Export, "Plain CSV file".';

/** @throws ExportFileError when the header is not that of an order export */
export function readColumns(header: readonly string[], line: number): ExportColumns {
  const names = header.map((name) => name.trim().toLowerCase());
  const at = new Map<ExportColumn, number>();
  const missing: ExportColumn[] = [];
  for (const column of [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS]) {
    const found = names.indexOf(column.toLowerCase());
    if (found < 0) missing.push(column);
    else if (names.indexOf(column.toLowerCase(), found + 1) >= 0) {
      throw new ExportFileError(line, `The column "${column}" is there twice. ${HOW}`);
    } else at.set(column, found);
  }
  if (at.size === 0) throw new ExportFileError(line, notAnExport(header));
  const needed = REQUIRED_COLUMNS.filter((column) => !at.has(column));
  if (needed.length > 0) {
    const named = needed.map((column) => `"${column}"`).join(', ');
    throw new ExportFileError(
      line,
      `The column${needed.length > 1 ? 's' : ''} ${named} ${needed.length > 1 ? 'are' : 'is'} missing. ${HOW}`,
    );
  }
  return { width: header.length, at, missing };
}

function notAnExport(header: readonly string[]): string {
  const first = header[0] ?? '';
  if (header.some((name) => name.includes('\0') || name.includes('\uFFFD'))) {
    return `This is not a text file in UTF-8, so it cannot be an order export. ${HOW}`;
  }
  if (header.length === 1 && /^\W*name\W*[;\t]/i.test(first)) {
    return `The columns are separated by semicolons or tabs: a spreadsheet has rewritten the file. ${HOW}`;
  }
  return `None of the columns of an order export is there. ${HOW}`;
}
