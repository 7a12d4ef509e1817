/**
 * Rows of one Name -> one order. The order begins at its first row; the order-level values come from the row
 * that has a Total, wherever it stands; each row carries at most one line. Further rows repeat Name, Email and
 * Created at and may leave the rest empty: what they do say must agree with the row that has the Total,
 * otherwise two orders have been run together and no figure of them could be trusted.
 */
import type { ExportColumn, ExportColumns } from './export-columns.ts';
import { ExportFileError } from './export-file-error.ts';
import type { ExportOrder, ExportOrderLine } from './export-order.ts';
import { fieldOf, type ExportRow } from './export-row.ts';
import {
  quoted,
  readAmount,
  readCode,
  readCurrency,
  readDate,
  readOptionalDate,
  readPositive,
  readQuantity,
  readStatus,
} from './export-values.ts';

/** Values of the whole order: two rows that both state one must state the same. */
const ORDER_LEVEL: readonly ExportColumn[] = [
  'Id',
  'Email',
  'Financial Status',
  'Created at',
  'Cancelled at',
  'Currency',
  'Total',
  'Refunded Amount',
  'Outstanding Balance',
];

/** @param rows at least one, all of one Name, in the order of the file */
export function assembleOrder(rows: readonly ExportRow[], columns: ExportColumns): ExportOrder {
  const first = rows[0] as ExportRow;
  const head = rows.find((row) => fieldOf(row, columns, 'Total').trim() !== '');
  const name = fieldOf(first, columns, 'Name').trim();
  if (!head) {
    throw new ExportFileError(
      first.line,
      `No row of the order ${quoted(name)} has a Total. The rows of an order must stand together.`,
    );
  }
  for (const row of rows) if (row !== head) expectAgreement(row, head, columns, name);

  const { line } = head;
  const text = (column: ExportColumn) => fieldOf(head, columns, column);
  const currency = readCurrency(text('Currency'), line);
  const amount = (column: ExportColumn) => readAmount(text(column), column, currency, line);
  const positive = (column: ExportColumn) => readPositive(text(column), column, currency, line);
  const place = text('Billing Country').trim() === '' ? 'Shipping' : 'Billing';
  return {
    line: first.line,
    name,
    id: readId(text('Id'), line),
    email: text('Email').trim().toLowerCase() || null,
    financialStatus: readStatus(text('Financial Status'), line),
    createdAt: readDate(text('Created at'), 'Created at', line),
    paidAt: readOptionalDate(text('Paid at'), 'Paid at', line),
    cancelledAt: readOptionalDate(text('Cancelled at'), 'Cancelled at', line),
    currency,
    totalMinor: amount('Total'),
    subtotalMinor: amount('Subtotal'),
    shippingMinor: positive('Shipping'),
    taxesMinor: positive('Taxes'),
    discountMinor: positive('Discount Amount'),
    // Below zero when the customer has paid more than the order came to.
    outstandingMinor: amount('Outstanding Balance'),
    refundedMinor: positive('Refunded Amount'),
    discountCode: text('Discount Code').trim() || null,
    acceptsMarketing: /^(yes|true)$/i.test(text('Accepts Marketing').trim()),
    fulfillmentStatus: text('Fulfillment Status').trim(),
    source: text('Source').trim() || null,
    location: text('Location').trim() || null,
    tags: text('Tags')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    countryCode: readCode(text(`${place} Country`), /^[A-Z]{2}$/),
    provinceCode: readCode(text(`${place} Province`), /^[A-Z0-9-]{1,6}$/),
    city: text(`${place} City`).trim() || null,
    // Spreadsheets would drop leading zeros, so Shopify writes an apostrophe before them.
    zip: text(`${place} Zip`).trim().replace(/^'/, '') || null,
    lines: rows.flatMap((row) => readLine(row, columns, currency)),
  };
}

function expectAgreement(row: ExportRow, head: ExportRow, columns: ExportColumns, name: string): void {
  for (const column of ORDER_LEVEL) {
    const [said, known] = [row, head].map((either) => fieldOf(either, columns, column).trim());
    if (said !== '' && said?.toLowerCase() !== known?.toLowerCase()) {
      throw new ExportFileError(
        row.line,
        `The rows of the order ${quoted(name)} contradict each other: ${column} is ${quoted(said ?? '')} here and ${quoted(known ?? '')} on line ${head.line}. Two orders may have the same Name.`,
      );
    }
  }
}

function readId(text: string, line: number): string | null {
  const id = text.trim();
  if (id === '') return null;
  if (/^[1-9]\d{0,18}$/.test(id)) return id;
  throw new ExportFileError(
    line,
    `The Id is ${quoted(text)}, but must be a whole number. Spreadsheets shorten long numbers: use the file as Shopify wrote it.`,
  );
}

/** None when the row names no product and no quantity. */
function readLine(row: ExportRow, columns: ExportColumns, currency: string): ExportOrderLine[] {
  const text = (column: ExportColumn) => fieldOf(row, columns, column);
  const name = text('Lineitem name').trim();
  if (name === '' && text('Lineitem quantity').trim() === '') return [];
  return [
    {
      quantity: readQuantity(text('Lineitem quantity'), row.line),
      name,
      sku: text('Lineitem sku').trim(),
      priceMinor: readPositive(text('Lineitem price'), 'Lineitem price', currency, row.line),
      discountMinor: readPositive(text('Lineitem discount'), 'Lineitem discount', currency, row.line),
      vendor: text('Vendor').trim(),
    },
  ];
}
