/**
 * One line of a bulk result -> the rows it becomes. Children (order lines, collections of a product) name their parent and may stand
 * anywhere, so they become rows of their own; a line that cannot be read is told with its reason, never its values.
 */
import { metafieldAlias, type BulkKind } from '../../shopify/documents/bulk-queries.ts';
import { collectionFromNode } from '../normalise/collection-node.ts';
import { customerFromNode } from '../normalise/customer-node.ts';
import { picksFromNode } from '../normalise/customer-picks.ts';
import { orderFromNode, orderLineFromNode } from '../normalise/order-node.ts';
import type { NodeOutcome } from '../normalise/outcome.ts';
import { productFromNode } from '../normalise/product-node.ts';
import type { CustomerPicks } from '../picks.ts';
import { stampTime } from '../stamp.ts';
import type { IncomingTable } from '../store/fact-tables.server.ts';
import {
  collectionRow, customerRow, lineRow, metafieldRows, orderRow, pairRow, productRow, refundRows,
} from '../store/load-facts.server.ts'; // prettier-ignore

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
  /** What was asked for besides. */
  picks: CustomerPicks;
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

function readRoot(node: object, { kind, readStartedAt, picks }: ReadingOptions): LineOutcome {
  const times = { readAt: readStartedAt, startedAt: readStartedAt };
  switch (kind) {
    case 'customers':
      return rowsOf(customerFromNode(node, times), (read) => {
        const fact = { ...read, ...picksFromNode(pickedOf(node, picks), picks, times) };
        return [
          { table: 'incoming_customer', row: customerRow(fact) },
          ...metafieldRows(fact).map((row) => ({ table: 'incoming_customer_metafield' as const, row })),
        ];
      });
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
  const [, type, parent] =
    /^gid:\/\/shopify\/(Order|Product)\/([1-9]\d{0,18})$/.exec(String(node.__parentId)) ?? [];
  if (options.kind === 'products' && type === 'Product' && parent !== undefined) {
    const times = { readAt: options.readStartedAt, startedAt: options.readStartedAt };
    return rowsOf(collectionFromNode(node, times), (fact) => [
      { table: 'incoming_collection', row: collectionRow(fact) },
      { table: 'incoming_product_collection', row: pairRow(parent, fact.id, options.readStartedAt) },
    ]);
  }
  if (options.kind !== 'orders' || type !== 'Order' || parent === undefined) {
    return { outcome: 'unreadable', reason: `${options.kind}: a child of something unexpected` };
  }
  return rowsOf(orderLineFromNode(node, options.currency), (line) => [
    {
      table: 'incoming_order_line',
      row: { ...lineRow(parent, line), core_stamp: undefined, read_time: stampTime(options.readStartedAt) },
    },
  ]);
}

/** Each picked metafield has a name of its own in the answer. */
function pickedOf(node: object, picks: CustomerPicks) {
  const fields = node as Record<string, unknown>;
  return {
    defaultAddress: fields['defaultAddress'],
    metafields: Object.fromEntries(
      picks.metafields.map(({ key }, place) => [key, fields[metafieldAlias(place)]]),
    ),
  };
}

function rowsOf<F>(read: NodeOutcome<F>, make: (fact: F) => Rows): LineOutcome {
  return read.outcome === 'fact'
    ? { outcome: 'rows', rows: make(read.fact) }
    : { outcome: 'unreadable', reason: read.reason };
}
