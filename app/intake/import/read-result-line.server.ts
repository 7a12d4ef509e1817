/**
 * One line of a bulk result -> the rows it becomes. Children (order lines) name their parent and may stand
 * anywhere, so they become rows of their own; a line that cannot be read is told with its reason, never its values.
 */
import type { BulkKind } from '../../shopify/documents/bulk-queries.ts';
import { customerFromNode } from '../normalise/customer-node.ts';
import { orderFromNode, orderLineFromNode } from '../normalise/order-node.ts';
import type { NodeOutcome } from '../normalise/outcome.ts';
import { productFromNode } from '../normalise/product-node.ts';
import { stampTime } from '../stamp.ts';
import type { IncomingTable } from '../store/fact-tables.server.ts';
import { customerRow, lineRow, orderRow, productRow, refundRows } from '../store/load-facts.server.ts';

export type Rows = { table: IncomingTable; row: Record<string, unknown> }[];

export type LineOutcome =
  | { outcome: 'rows'; rows: Rows }
  /** Empty line. */
  | { outcome: 'nothing' }
  /** Not JSON: the file is damaged, or was cut here. */
  | { outcome: 'damaged' }
  /** JSON, but not what we asked for. */
  | { outcome: 'unreadable'; reason: string };

export interface ReadingOptions {
  kind: BulkKind;
  /** BulkOperation.createdAt: the time of everything in the file that carries none. */
  readStartedAt: Date;
  /** The shop's currency. */
  currency: string;
}

export function readResultLine(text: string, options: ReadingOptions): LineOutcome {
  if (text.trim() === '') return { outcome: 'nothing' };
  let node: unknown;
  try {
    node = JSON.parse(text);
  } catch {
    return { outcome: 'damaged' };
  }
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return { outcome: 'damaged' };
  return '__parentId' in node ? readChild(node, options) : readRoot(node, options);
}

function readRoot(node: object, { kind, readStartedAt }: ReadingOptions): LineOutcome {
  const times = { readAt: readStartedAt, startedAt: readStartedAt };
  switch (kind) {
    case 'customers':
      return rowsOf(customerFromNode(node, times), (fact) => [
        { table: 'incoming_customer', row: customerRow(fact) },
      ]);
    case 'orders':
      return rowsOf(orderFromNode(node, [], times), (fact) => [
        { table: 'incoming_order', row: orderRow(fact, false) },
        ...refundRows(fact).map((row) => ({ table: 'incoming_order_refund' as const, row })),
      ]);
    case 'products':
      return rowsOf(productFromNode(node, times), (fact) => [
        { table: 'incoming_product', row: productRow(fact) },
      ]);
  }
}

function readChild(node: object & { __parentId: unknown }, options: ReadingOptions): LineOutcome {
  const parent = /^gid:\/\/shopify\/Order\/([1-9]\d{0,18})$/.exec(String(node.__parentId))?.[1];
  if (options.kind !== 'orders' || parent === undefined) {
    return { outcome: 'unreadable', reason: `${options.kind}: a child of something unexpected` };
  }
  return rowsOf(orderLineFromNode(node, options.currency), (line) => [
    {
      table: 'incoming_order_line',
      row: { ...lineRow(parent, line), core_stamp: undefined, read_time: stampTime(options.readStartedAt) },
    },
  ]);
}

function rowsOf<F>(read: NodeOutcome<F>, make: (fact: F) => Rows): LineOutcome {
  return read.outcome === 'fact'
    ? { outcome: 'rows', rows: make(read.fact) }
    : { outcome: 'unreadable', reason: read.reason };
}
